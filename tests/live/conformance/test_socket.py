"""What only a socket has: the handshake, answers that are told apart, asides, and the ways in which it is closed."""

import json
import signal
import time
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import ClientConnection

from consciousness.asyncapi import document
from demo.phone import Phone
from tests.live.conformance.devices import SocketDevice
from tests.live.conformance.written import assert_received, assert_sent
from tests.live.conftest import sign_up
from tests.live.stack import Stack, eventually
from tests.live.talk import closed_with, new_session, raw_socket

MOST_BYTES = 64_000
MOST_A_MINUTE = 120
MOST_SOCKETS = 20


@pytest.fixture
def talking(phone: Phone, session: str) -> Iterator[SocketDevice]:
    """A resumed socket."""
    device = SocketDevice(phone, session)
    yield device
    device.hang_up()


@pytest.fixture
def beside(phone: Phone, session: str) -> Iterator[SocketDevice]:
    """Another one."""
    device = SocketDevice(phone, session)
    yield device
    device.hang_up()


def exchange(connection: ClientConnection, frame: Any) -> Any:
    """Whatever is sent, what comes back is as the document has it."""
    connection.send(frame if isinstance(frame, str) else json.dumps(frame))
    answer = json.loads(connection.recv(timeout=10))
    assert_received(answer)
    return answer


def test_every_close_code_is_written_down() -> None:
    written = document()["channels"]["session"]["x-close-codes"]
    assert set(written) == {1012, 4401, 4404, 4408, 4409, 4413, 4429}


def test_the_first_answer_says_where_the_log_stands(phone: Phone, session: str) -> None:
    device = SocketDevice(phone, session)
    assert (device.ready["seq"], device.ready["session"]) == (0, session)
    device.ending(device.say("Where do we stand?", "c")["turn"])
    device.hang_up()
    again = SocketDevice(phone, session, after=device.seq)
    assert again.ready["seq"] >= device.seq
    again.hang_up()


def test_nothing_durable_comes_before_the_resume(talking: SocketDevice, phone: Phone, session: str) -> None:
    with raw_socket(phone, session) as silent:
        talking.ending(talking.say("Who hears this?", "c")["turn"])
        assert exchange(silent, {"type": "ping", "id": "p"})["type"] == "pong"


def test_a_number_from_the_future_hides_nothing(talking: SocketDevice, phone: Phone, session: str) -> None:
    with raw_socket(phone, session) as eager:
        resumed = exchange(eager, {"type": "session.resume", "id": "r", "data": {"after_seq": 2**53}})
        assert resumed["data"]["seq"] == 0
        talking.say("Is this seen?", "c")
        event = json.loads(eager.recv(timeout=10))
        assert_received(event)
        assert (event["seq"], event["type"]) == (1, "message.created")


@pytest.mark.parametrize(
    "frame",
    [
        "nonsense",
        "[]",
        {"type": "no.such.thing", "id": "f"},
        {"type": "message.send", "id": "f", "data": {"client_id": "a b", "text": "x"}},
        {"type": "message.send", "id": "f", "data": {"client_id": "c", "text": 1}},
        {"type": "session.resume", "id": "f", "data": {"after_seq": -1}},
        {"type": "turn.cancel", "id": "f", "data": {"turn": "not-a-uuid"}},
        {"type": "ping", "id": "f", "data": {"more": 1}},
        {"type": "ping", "id": "x" * 65},
    ],
)
def test_what_is_not_written_down_is_refused_and_the_socket_stays(phone: Phone, session: str, frame: Any) -> None:
    if isinstance(frame, dict):
        with pytest.raises(AssertionError, match="nothing in the document"):
            assert_sent(frame)
    with raw_socket(phone, session) as connection:
        refused = exchange(connection, frame)
        assert (refused["type"], refused["data"]["status"]) == ("error", 400)
        assert exchange(connection, {"type": "ping", "id": "p"})["reply_to"] == "p"


def test_answers_are_told_apart_by_their_id(talking: SocketDevice) -> None:
    assert talking.ask("ping", {}) == {}
    first = talking.tell("ping", {})
    second = talking.tell("ping", {})
    answered = [talking._receive(10)["reply_to"] for _ in range(2)]
    assert answered == [first, second]


def test_many_messages_on_their_way_at_once(talking: SocketDevice, phone: Phone, session: str) -> None:
    names = [talking.tell("message.send", {"client_id": f"c-{n}", "text": f"{n}."}) for n in range(12)]
    answers: dict[str, Any] = {}
    while len(answers) < len(names):
        frame = talking._receive(20)
        if "reply_to" in frame:
            assert frame["type"] == "ack", frame
            answers[frame["reply_to"]] = frame["data"]["seq"]
    assert [answers[name] for name in names] == sorted(answers.values())
    stored = phone.get(f"/sessions/{session}/messages/")["results"]
    assert [one["text"] for one in stored if one["author"] == "user"] == [f"{n}." for n in range(12)]


def test_writing_is_seen_by_the_other_devices_and_is_in_no_log(
    talking: SocketDevice, beside: SocketDevice, phone: Phone, session: str
) -> None:
    talking.tell("typing", {})
    assert _aside(beside)["type"] == "typing"
    assert phone.get(f"/sessions/{session}/events/", after=0)["events"] == []


def test_what_was_read_is_told_to_the_other_devices(talking: SocketDevice, beside: SocketDevice) -> None:
    seq = talking.say("Have you read this?", "c")["seq"]
    talking.tell("message.read", {"seq": seq})
    eventually(lambda: any(one["type"] == "message.read" for one in _asides(beside)), "the mark")


def _aside(device: SocketDevice) -> Any:
    return eventually(lambda: next(iter(_asides(device)), None), "an aside")


def _asides(device: SocketDevice) -> list[Any]:
    device._listen(0.2)
    return device.asides


# How it ends ------------------------------------------------------------------------------------------


def test_a_door_that_stays_shut(phone: Phone, other_phone: Phone, session: str) -> None:
    for options in (
        {"phone": other_phone},
        {"token": "nonsense"},
        {"token": "", "query": "?ticket=guessed"},
        {"headers": {"Origin": "https://evil.example"}},
        {"subprotocols": ["timetravelers.v2"]},
    ):
        wanted: dict[str, Any] = {"phone": phone, "session": session, **options}
        with pytest.raises(InvalidStatus) as refusal, raw_socket(**wanted):
            pass
        assert refusal.value.response.status_code == 403


def test_4401_when_rights_are_taken_back(stack: Stack) -> None:
    phone = sign_up(stack)
    device = SocketDevice(phone, new_session(phone))
    stack.sql("UPDATE accounts_user SET epoch = epoch + 1 WHERE email = %s", phone.email)
    assert closed_with(device._socket) == 4401
    device.hang_up()
    phone.close()


def test_4404_when_the_session_is_deleted(talking: SocketDevice, phone: Phone, session: str) -> None:
    assert phone.send("DELETE", f"/sessions/{session}/").ok
    assert closed_with(talking._socket) == 4404


def test_4409_when_somebody_opens_too_many(stack: Stack) -> None:
    phone = sign_up(stack)
    session = new_session(phone)
    with ExitStack() as opened:
        sockets = [opened.enter_context(raw_socket(phone, session)) for _ in range(MOST_SOCKETS + 1)]
        assert closed_with(sockets[0]) == 4409
        for stays in sockets[1:]:
            assert exchange(stays, {"type": "ping", "id": "p"})["type"] == "pong"
    phone.close()


def test_4413_when_a_frame_is_too_large(talking: SocketDevice) -> None:
    talking._socket.send("x" * (MOST_BYTES + 1))
    assert closed_with(talking._socket) == 4413


def test_4429_when_there_are_too_many(phone: Phone, session: str) -> None:
    with raw_socket(phone, session) as flood:
        for number in range(MOST_A_MINUTE + 1):
            flood.send(json.dumps({"type": "ping", "id": f"p-{number}"}))
        assert closed_with(flood) == 4429


def test_1012_when_the_server_restarts_and_the_turn_goes_on(stack: Stack, phone: Phone, session: str) -> None:
    stack.arm("task.reply", "slow", seconds=2)
    device = SocketDevice(phone, session)
    turn = device.say("Will you still know me?", "c")["turn"]
    before = stack.state.pids["web"]
    stack.kill("web", signal.SIGTERM)
    goodbye = _goodbye(device)
    assert goodbye["data"]["code"] == "server_restarting"
    assert goodbye["data"]["retry_after_ms"] >= 1_000
    assert closed_with(device._socket) == 1012
    stack.until_back("web", before)
    again = eventually(lambda: _reconnected(phone, session, device.seq), "the new server", seconds=60)
    assert again.ending(turn)["type"] == "turn.completed"
    again.hang_up()
    device.hang_up()


def _goodbye(device: SocketDevice) -> Any:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        frame = device._receive(20)
        if frame["type"] == "error":
            return frame
    raise AssertionError("no goodbye")


def _reconnected(phone: Phone, session: str, after: int) -> SocketDevice | None:
    with ExitStack() as stack:
        try:
            device = SocketDevice(phone, session, after)
        except (OSError, InvalidStatus):
            return None
        stack.pop_all()
        return device
