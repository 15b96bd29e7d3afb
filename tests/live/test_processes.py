"""Processes that die in the middle of things, and words that get lost between them."""

import signal
import time

import pytest

from demo.line import Line
from demo.phone import Failed, Phone, Refused
from tests.live.conftest import sign_up
from tests.live.stack import Stack, eventually
from tests.live.talk import (
    ask,
    assert_log_is_whole,
    closed_with,
    how_it_ended,
    new_session,
    open_line,
    raw_socket,
    receive,
    replies,
)

# An event that nobody rang for, as when a process dies between commit and doorbell.
UNANNOUNCED = """
    WITH grown AS (UPDATE consciousness_session SET last_seq = last_seq + 1 WHERE uid = %s RETURNING id, last_seq)
    INSERT INTO consciousness_sessionevent (session_id, seq, type, data, created_at)
    SELECT id, last_seq, 'test.unannounced', '{}', now() FROM grown
"""


def test_a_lost_doorbell_is_made_good_by_the_pulse(stack: Stack, phone: Phone, line: Line) -> None:
    stack.sql(UNANNOUNCED, line.session)
    began = time.monotonic()
    line.wait_for("test.unannounced", seconds=5)
    assert time.monotonic() - began < 3.5
    assert_log_is_whole(phone, line)


@pytest.mark.parametrize("moment", ["turn.queued", "turn.started"])
def test_a_worker_killed_in_the_middle_of_a_turn(stack: Stack, phone: Phone, line: Line, moment: str) -> None:
    stack.forget_calls()
    stack.arm("task.create", "slow", seconds=1)
    stack.arm("task.reply", "slow", seconds=2)
    before = stack.state.pids["worker"]
    turn = line.say("What happens to my question now?", "c-1")["turn"]
    line.wait_for(moment, seconds=15, where=lambda data: data["turn"] == turn)
    if moment == "turn.queued":
        eventually(lambda: "task.create" in stack.control("GET", "calls")["calls"], "the call to Manus")
    stack.kill("worker")
    ended = how_it_ended(line, turn, seconds=60)
    assert ended["type"] == "turn.completed"
    stack.until_back("worker", before)
    assert len(replies(line)) == 1
    assert stack.carried_out("task.create") == 1
    assert_log_is_whole(phone, line)


def test_a_restarting_server_says_so_and_is_found_again(stack: Stack, phone: Phone, line: Line) -> None:
    turn = line.say("Will you be there after the restart?", "c-1")["turn"]
    before = stack.state.pids["web"]
    with raw_socket(phone, line.session) as watching:
        stack.kill("web", signal.SIGTERM)
        goodbye = receive(watching)
        assert (goodbye["type"], goodbye["data"]["code"]) == ("error", "server_restarting")
        assert 1_000 <= goodbye["data"]["retry_after_ms"] < 5_000
        assert closed_with(watching) == 1012
    line.hang_up()
    stack.until_back("web", before)
    eventually(lambda: _answers(phone), "the new server", seconds=40)
    line.open()
    assert how_it_ended(line, turn)["type"] == "turn.completed"
    assert_log_is_whole(phone, line)


def _answers(phone: Phone) -> bool:
    try:
        return bool(phone.get("/healthz/ready")["status"] == "ok")
    except Exception:  # noqa: BLE001 - not there yet, in whatever way
        return False


def test_a_revoked_sign_in_ends_the_visit_at_once(stack: Stack) -> None:
    phone = sign_up(stack)
    session = new_session(phone)
    with raw_socket(phone, session) as connection:
        assert ask(connection, "session.resume", {"after_seq": 0})["type"] == "session.ready"
        stack.sql("UPDATE accounts_user SET epoch = epoch + 1 WHERE email = %s", phone.email)
        began = time.monotonic()
        assert closed_with(connection) == 4401
        assert time.monotonic() - began < 3.5
    with pytest.raises(Refused, match="unauthenticated"):
        phone.get("/me/")
    phone.close()


def test_a_banned_person_hears_nothing_more(stack: Stack) -> None:
    phone = sign_up(stack)
    with open_line(phone, new_session(phone)) as line:
        stack.sql("UPDATE accounts_user SET is_active = false WHERE email = %s", phone.email)
        time.sleep(3.2)
        stack.sql(UNANNOUNCED, line.session)
        with pytest.raises(Failed, match="closed the socket: received 4401"):
            line.wait_for("test.unannounced", seconds=5)
    phone.close()


def test_nothing_of_a_dropped_socket_remains(stack: Stack, phone: Phone, session: str) -> None:
    before = stack.subscriptions()
    assert before == 1, "one subscription a process, however many sockets"
    lines = [Line(phone, session) for _ in range(4)]
    for line in lines:
        line.open()
    turn = lines[0].say("Will you hang up on me?", "c")["turn"]
    for line in lines[1:]:
        line.drop()  # while events are on their way
    assert how_it_ended(lines[0], turn)["type"] == "turn.completed"
    lines[0].drop()
    eventually(lambda: stack.subscriptions() <= before, "the end of all subscriptions")


def test_a_quiet_socket_is_only_spoken_to_when_there_is_news(phone: Phone, session: str) -> None:
    with raw_socket(phone, session) as connection:
        assert ask(connection, "session.resume", {"after_seq": 0})["type"] == "session.ready"
        with pytest.raises(TimeoutError):
            receive(connection, seconds=2.5)
