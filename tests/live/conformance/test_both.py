"""What holds over either transport."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from demo.phone import Phone
from tests.live.conformance.devices import Device, Frame, PollDevice, Refused, SocketDevice
from tests.live.stack import Stack

Open = Callable[..., Device]
NOWHERE = "01a20457-0000-7000-8000-000000000000"


@pytest.fixture(params=[SocketDevice, PollDevice], ids=["socket", "polls"])
def device(request: pytest.FixtureRequest, phone: Phone, session: str) -> Iterator[Open]:
    """Another device of the owner's, over the transport at hand, as often as it is called."""
    with ExitStack() as opened:

        def another(*, after: int = 0, over: type[Device] | None = None) -> Device:
            found: Device = (over or request.param)(phone, session, after)
            opened.callback(found.hang_up)
            return found

        yield another


# What comes of a conversation on its own, whenever a worker gets to it.
ASIDE = {"mission.offered", "session.renamed"}


def kinds(events: list[Frame]) -> list[str]:
    return [event["type"] for event in events if event["type"] not in ASIDE]


def log_of(phone: Phone, session: str) -> list[Frame]:
    events: list[Frame] = phone.get(f"/sessions/{session}/events/", after=0)["events"]
    assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
    return events


def said_by(phone: Phone, session: str, author: str = "user") -> list[str]:
    messages = phone.get(f"/sessions/{session}/messages/")["results"]
    return [message["text"] for message in messages if message["author"] == author]


def test_a_conversation(device: Open, phone: Phone, session: str) -> None:
    talking = device()
    first = talking.say("How do I ask for more time?", "c-1")
    assert first["is_new"]
    assert talking.ending(first["turn"])["type"] == "turn.completed"
    second = talking.say("And if they say no?", "c-2")
    assert talking.ending(second["turn"])["type"] == "turn.completed"
    a_turn = ["message.created", "turn.queued", "turn.started", "message.created", "turn.completed"]
    assert kinds(talking.heard) == a_turn * 2
    log = log_of(phone, session)
    assert talking.heard == log[: len(talking.heard)]
    assert log[first["seq"] - 1]["data"]["message"]["uid"] == first["message"]


def test_resuming_after_any_number(device: Open, phone: Phone, session: str) -> None:
    talking = device()
    talking.ending(talking.say("What is worth knowing before I begin?", "c")["turn"])
    log = log_of(phone, session)
    for after in range(len(log)):
        late = device(after=after)
        late.until_seq(len(log))
        assert late.heard[: len(log) - after] == log[after:]
        late.hang_up()


def test_a_number_from_the_future_hides_nothing(device: Open) -> None:
    talking = device(after=2**53)
    said = talking.say("Is this seen?", "c")
    assert said["seq"] == 1
    assert talking.ending(said["turn"])["type"] == "turn.completed"
    assert talking.heard[0]["seq"] == 1


def test_saying_it_again_is_harmless(device: Open, phone: Phone, session: str) -> None:
    talking = device()
    first = talking.say("Only once.", "c")
    for _ in range(3):
        assert talking.say("Only once.", "c") == {**first, "is_new": False}
    talking.ending(first["turn"])
    assert talking.say("Only once.", "c") == {**first, "is_new": False}
    assert said_by(phone, session) == ["Only once."]
    with pytest.raises(Refused, match="client_id_reused"):
        talking.say("Something else.", "c")
    assert said_by(phone, session) == ["Only once."]


def test_saying_it_again_over_the_other_transport(device: Open, phone: Phone, session: str) -> None:
    first = device().say("By whichever way.", "c")
    for over in (SocketDevice, PollDevice):
        assert device(over=over).say("By whichever way.", "c") == {**first, "is_new": False}


def test_a_line_that_breaks_before_the_answer(device: Open, phone: Phone, session: str) -> None:
    talking = device()
    talking.say_and_vanish("Did you get this?", "c")
    again = talking.say("Did you get this?", "c")
    assert talking.ending(again["turn"])["type"] == "turn.completed"
    assert said_by(phone, session) == ["Did you get this?"]


@pytest.mark.parametrize(("text", "status"), [("", 422), (" \n", 422), ("x" * 4001, 422), ("a\u0000b", 422)])
def test_words_that_cannot_be_taken(device: Open, phone: Phone, session: str, text: str, status: int) -> None:
    with pytest.raises(Refused) as refused:
        device().say(text, "c")
    assert (refused.value.status, refused.value.code) == (status, "invalid")
    assert log_of(phone, session) == []


def test_two_devices_hear_the_same(device: Open, phone: Phone, session: str) -> None:
    talking, beside, polling = device(), device(over=SocketDevice), device(over=PollDevice)
    turn = talking.say("Can all of you hear this?", "c")["turn"]
    for one in (talking, beside, polling):
        one.ending(turn)
    shortest = min(len(one.heard) for one in (talking, beside, polling))
    assert talking.heard[:shortest] == beside.heard[:shortest] == polling.heard[:shortest]


def test_a_device_that_joins_in_the_middle_of_a_turn(device: Open, stack: Stack) -> None:
    stack.arm("task.reply", "slow", seconds=1.5)
    talking = device()
    turn = talking.say("Give this some thought.", "c")["turn"]
    talking.until(lambda event: event["type"] == "turn.started", "the start")
    late = device()
    assert late.ending(turn)["type"] == "turn.completed"
    talking.until_seq(late.seq)
    assert talking.heard[: late.seq] == late.heard


def test_what_is_said_meanwhile_goes_together(device: Open, stack: Stack, phone: Phone, session: str) -> None:
    stack.arm("task.reply", "slow", seconds=1.5)
    talking = device()
    first = talking.say("A long question.", "c-0")["turn"]
    talking.until(lambda event: event["type"] == "turn.started", "the start")
    turns = {talking.say(f"Also {number}.", f"c-{number}")["turn"] for number in (1, 2, 3)}
    assert len(turns) == 1
    assert first not in turns
    assert talking.ending(turns.pop())["type"] == "turn.completed"
    assert said_by(phone, session) == ["A long question.", "Also 1.", "Also 2.", "Also 3."]
    assert len(said_by(phone, session, "traveler")) == 2


def test_taking_it_back(device: Open, stack: Stack, phone: Phone, session: str) -> None:
    stack.arm("task.reply", "slow", seconds=2)
    talking = device()
    turn = talking.say("Never mind this.", "c-1")["turn"]
    talking.do("turn.cancel", turn=turn)
    assert talking.ending(turn)["type"] == "turn.cancelled"
    with pytest.raises(Refused, match="turn_wrong_state"):
        talking.do("turn.cancel", turn=turn)
    following = talking.say("Rather this.", "c-2")["turn"]
    assert talking.ending(following)["type"] == "turn.completed"
    assert said_by(phone, session) == ["Never mind this.", "Rather this."]
    assert len(said_by(phone, session, "traveler")) == 1


def test_trying_again(device: Open, stack: Stack) -> None:
    stack.arm("task.create", "400")
    talking = device()
    turn = talking.say("Will this be taken?", "c")["turn"]
    failed = talking.ending(turn)
    assert (failed["type"], failed["data"]["code"]) == ("turn.failed", "message_refused")
    talking.do("turn.retry", turn=turn)
    talking.until(lambda event: event["type"] == "turn.completed" and event["data"]["turn"] == turn, "the reply")
    with pytest.raises(Refused, match="turn_wrong_state"):
        talking.do("turn.retry", turn=turn)


def test_a_question_and_its_answer(device: Open, stack: Stack) -> None:
    stack.arm("task.reply", "ask")
    talking = device()
    asked = talking.ending(talking.say("Help me choose.", "c-1")["turn"])
    assert asked["type"] == "turn.waiting"
    assert asked["data"]["question"]
    assert talking.ending(talking.say("The first one.", "c-2")["turn"])["type"] == "turn.completed"


@pytest.mark.parametrize(
    ("kind", "data", "code"),
    [
        ("turn.cancel", {"turn": NOWHERE}, "turn_not_found"),
        ("turn.retry", {"turn": NOWHERE}, "turn_not_found"),
        ("turn.regenerate", {"turn": NOWHERE, "client_id": "c"}, "turn_not_found"),
        ("message.edit", {"turn": NOWHERE, "client_id": "c", "text": "Other words."}, "turn_not_found"),
        ("branch.switch", {"head": NOWHERE}, "turn_not_found"),
        ("reply.choose", {"message": NOWHERE}, "message_not_found"),
    ],
)
def test_what_is_not_there(device: Open, kind: str, data: Frame, code: str) -> None:
    with pytest.raises(Refused) as refused:
        device().do(kind, **data)
    assert (refused.value.status, refused.value.code) == (404, code)


def test_another_reply_and_the_first_one_again(device: Open, phone: Phone, session: str) -> None:
    talking = device()
    turn = talking.say("What would you do first?", "c-1")["turn"]
    first = talking.ending(turn)
    for _ in range(2):
        talking.do("turn.regenerate", turn=turn, client_id="again")
    second = talking.until(lambda event: is_end_after(event, first["seq"]), "the other reply")
    assert second["data"]["message"] != first["data"]["message"]
    assert standing(phone, session) == [second["data"]["message"]]
    talking.do("reply.choose", message=first["data"]["message"])
    talking.until(lambda event: event["type"] == "reply.chosen", "the choice")
    assert standing(phone, session) == [first["data"]["message"]]


def test_other_words_and_the_first_ones_again(device: Open, phone: Phone, session: str) -> None:
    talking = device()
    turn = talking.say("I want to leave.", "c-1")["turn"]
    talking.ending(turn)
    edit = {"turn": turn, "text": "I want to stay.", "client_id": "c-2"}
    edited = talking.do("message.edit", **edit)
    assert talking.do("message.edit", **edit) == {**edited, "is_new": False}
    talking.until(lambda event: event["type"] == "branch.opened", "the branch")
    talking.ending(edited["turn"])
    assert said_by(phone, session) == ["I want to stay."]
    talking.do("branch.switch", head=turn)
    talking.until(lambda event: event["type"] == "branch.switched", "the switch")
    assert said_by(phone, session) == ["I want to leave."]


def test_a_branch_does_not_change_under_words_on_their_way(device: Open, stack: Stack) -> None:
    talking = device()
    first = talking.say("To be changed.", "c-1")["turn"]
    talking.ending(first)
    stack.arm("task.reply", "slow", seconds=2)
    talking.say("And on we go.", "c-2")
    with pytest.raises(Refused, match="session_busy"):
        talking.do("message.edit", turn=first, text="Changed.", client_id="c-3")


def is_end_after(event: Frame, seq: int) -> bool:
    return bool(event["type"] == "turn.completed" and event["seq"] > seq)


def standing(phone: Phone, session: str) -> list[str]:
    messages = phone.get(f"/sessions/{session}/messages/")["results"]
    return [message["uid"] for message in messages if message["author"] == "traveler"]


def test_an_end_is_heard_and_nothing_follows(device: Open, phone: Phone, session: str) -> None:
    talking = device()
    talking.ending(talking.say("One last thing.", "c-1")["turn"])
    phone.post(f"/sessions/{session}/end/")
    talking.until(lambda event: event["type"] == "session.ended", "the end")
    with pytest.raises(Refused, match="session_ended"):
        talking.say("Or not quite.", "c-2")
    assert said_by(phone, session) == ["One last thing."]


def test_the_state_is_what_the_events_add_up_to(device: Open, phone: Phone, session: str) -> None:
    talking = device()
    talking.ending(talking.say("Count me in.", "c")["turn"])
    told: list[Any] = [event["data"]["message"] for event in talking.heard if event["type"] == "message.created"]
    fresh = phone.get(f"/sessions/{session}/messages/")["results"]
    assert [{name: one[name] for name in told[0]} for one in fresh] == told
