"""Everything that Manus can do wrong, as the phone sees it: nothing is lost, and nothing is paid twice."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from demo.line import Frame, Line
from demo.phone import Phone
from tests.live.stack import Stack, eventually
from tests.live.talk import assert_log_is_whole, how_it_ended, new_session, open_line, replies

# The call was not carried out, or was and its answer was lost: either way one reply, paid for once.
SURVIVED = ("429", "500", "garbage", "cut", "empty", "500_after", "garbage_after", "cut_after", "hang_after")
VENDOR_WORDS = ("manus", "401", "http", "traceback", "key", "simulator")


@pytest.fixture
def lines(phone: Phone) -> Iterator[Callable[[], Line]]:
    """As many open lines as a test wants, each to a session of its own."""
    with ExitStack() as opened:
        yield lambda: opened.enter_context(open_line(phone, new_session(phone)))


def said(line: Line, text: str = "How do I get better at asking questions?", client_id: str = "c-1") -> str:
    return str(line.say(text, client_id)["turn"])


def assert_plain(event: Frame) -> None:
    """A failure tells the phone what to do, and nothing of our insides."""
    told = f"{event['data']['code']} {event['data']['detail']}".lower()
    assert not any(word in told for word in VENDOR_WORDS)


# More failures in a row, and the account would be left alone for a while.
AT_ONCE = 3


@pytest.mark.parametrize("endpoint", ["task.create", "task.sendMessage"])
def test_a_call_that_goes_wrong_is_made_good(
    stack: Stack, phone: Phone, lines: Callable[[], Line], endpoint: str
) -> None:
    for start in range(0, len(SURVIVED), AT_ONCE):
        faults = SURVIVED[start : start + AT_ONCE]
        talks = [lines() for _ in faults]
        before = 0
        if endpoint == "task.sendMessage":
            before = 1
            for line, turn in [(line, said(line)) for line in talks]:
                assert how_it_ended(line, turn)["type"] == "turn.completed"
        stack.forget_calls()
        turns = []
        for line, fault in zip(talks, faults, strict=True):
            stack.arm(endpoint, fault, seconds=4 if fault == "hang_after" else None)
            turns.append(said(line, client_id="c-2"))
            stack.until_struck()
        for line, turn, fault in zip(talks, turns, faults, strict=True):
            assert how_it_ended(line, turn)["data"].get("engine") == "manus", fault
            assert len(replies(line)) == before + 1, fault
            assert_log_is_whole(phone, line)
        assert stack.carried_out(endpoint) == len(faults)


def assert_stand_in(event: Frame, *, final: bool) -> None:
    """The turn ended with a stand-in's reply, and says so."""
    assert event["type"] == "turn.completed"
    assert (event["data"]["engine"], event["data"]["stand_in"]) == ("rehearsal", True)
    assert event["data"]["final"] is final


def test_a_refused_key_is_our_trouble_and_a_stand_in_answers(stack: Stack, phone: Phone, line: Line) -> None:
    stack.arm("task.create", "401")
    assert_stand_in(how_it_ended(line, said(line)), final=False)
    said_so_far = phone.get(f"/sessions/{line.session}/messages/")["results"]
    assert [(one["author"], one["stand_in"]) for one in said_so_far] == [("user", False), ("traveler", True)]
    following = said(line, "And then?", "c-2")
    assert how_it_ended(line, following)["data"]["engine"] == "manus"
    assert len(replies(line)) == 2
    assert_log_is_whole(phone, line)


def test_an_agent_that_fails_is_replaced(stack: Stack, phone: Phone, line: Line) -> None:
    stack.arm("task.reply", "error")
    assert_stand_in(how_it_ended(line, said(line)), final=True)
    following = said(line, "And then?", "c-2")
    assert how_it_ended(line, following)["data"]["engine"] == "manus"
    assert_log_is_whole(phone, line)


def test_silence_ends(stack: Stack, phone: Phone, line: Line) -> None:
    stack.arm("task.reply", "silence")
    assert_stand_in(how_it_ended(line, said(line), seconds=40), final=True)
    assert_log_is_whole(phone, line)


def test_what_is_refused_can_be_tried_again(stack: Stack, phone: Phone, line: Line) -> None:
    stack.arm("task.create", "400")
    turn = said(line)
    ended = how_it_ended(line, turn)
    assert (ended["type"], ended["data"]["code"]) == ("turn.failed", "message_refused")
    assert_plain(ended)
    _retry(line, turn)
    assert_log_is_whole(phone, line)


def _retry(line: Line, turn: str) -> None:
    """Try the failed turn again: now the newest end of it is a reply."""
    line.ask("turn.retry", {"turn": turn})
    line.wait_for("turn.completed", seconds=40, where=lambda data: data["turn"] == turn)
    assert len(replies(line)) == 1


def test_a_question_of_the_agent_is_answered_by_the_next_message(stack: Stack, phone: Phone, line: Line) -> None:
    stack.arm("task.reply", "ask")
    ended = how_it_ended(line, said(line))
    assert ended["type"] == "turn.waiting"
    assert ended["data"]["question"].endswith("?")
    answered = how_it_ended(line, said(line, "I would sleep better.", "c-2"))
    assert answered["type"] == "turn.completed"
    assert_log_is_whole(phone, line)


@pytest.mark.parametrize("fault", ["lost", "duplicate", "late", "wrong_signature", "expired"])
def test_webhooks_that_go_wrong_neither_lose_nor_double_a_reply(
    stack: Stack, phone: Phone, line: Line, fault: str
) -> None:
    stack.arm("webhook.task_stopped", fault, seconds=2.5 if fault == "late" else None)
    assert how_it_ended(line, said(line))["type"] == "turn.completed"
    stack.until_struck()
    assert len(replies(line)) == 1
    assert how_it_ended(line, said(line, "And now?", "c-2"))["type"] == "turn.completed"
    assert len(replies(line)) == 2
    assert_log_is_whole(phone, line)


def test_replies_come_by_signed_webhook(stack: Stack, line: Line) -> None:
    stack.forget_calls()
    assert how_it_ended(line, said(line))["type"] == "turn.completed"
    reads = stack.control("GET", "calls")["calls"]["task.listMessages"]["received"]
    delivered = eventually(
        lambda: [
            one
            for one in stack.control("GET", "calls")["deliveries"]
            if one["event_type"] == "task_stopped" and one["status"] == 200
        ],
        "a delivery",
    )
    assert delivered
    assert reads <= 2  # one look when the bell rang, and at most one poll before


def test_manus_gone_for_a_while(stack: Stack, phone: Phone, line: Line) -> None:
    how_it_ended(line, said(line))
    before = stack.state.pids["simulator"]
    stack.kill("simulator")
    turn = said(line, "Are you still there?", "c-2")
    stack.until_back("simulator", before)
    assert how_it_ended(line, turn)["type"] == "turn.completed"
    assert len(replies(line)) == 2
    assert_log_is_whole(phone, line)
