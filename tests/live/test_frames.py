"""What a phone may send; nonsense is answered and forgiven, floods are not."""

import json
from typing import Any

import pytest

from demo.phone import Phone
from tests.live.talk import ask, closed_with, raw_socket, receive

UNREADABLE = [
    "",
    "hello",
    "null",
    "[]",
    "{",
    '{"type": "ping"',
    "[" * 20_000,
    '{"id": "x"}',
    '{"type": 7}',
    '{"type": "no.such.command", "id": "f-1"}',
    '{"type": "ping", "id": "f-1", "extra": 1}',
    '{"type": "ping", "id": 5}',
    '{"type": "ping", "data": []}',
    '{"type": "session.resume", "id": "f-1", "data": {}, "seq": 4}',
    '{"type": "session.resume", "id": "f-1", "data": {"after_seq": -1}}',
    '{"type": "session.resume", "id": "f-1", "data": {"after_seq": "0"}}',
    '{"type": "session.resume", "id": "f-1", "data": {"after_seq": 1e400}}',
    '{"type": "session.resume", "id": "f-1", "data": {"after_seq": 99999999999999999999}}',
    '{"type": "message.send", "id": "f-1", "data": {"text": "no client id"}}',
    '{"type": "message.send", "id": "f-1", "data": {"client_id": "with space", "text": "x"}}',
    '{"type": "message.send", "id": "f-1", "data": {"client_id": "c", "text": ["x"]}}',
    '{"type": "message.send", "id": "f-1", "data": {"client_id": "c", "text": "x", "role": "system"}}',
    '{"type": "turn.cancel", "id": "f-1", "data": {"turn": "not-a-uuid"}}',
]


def assert_problem(frame: dict[str, Any], status: int, code: str) -> dict[str, Any]:
    """The error frame carries the same object as a REST answer."""
    assert frame["type"] == "error"
    problem: dict[str, Any] = frame["data"]
    assert (problem["status"], problem["code"]) == (status, code)
    assert {"type", "title", "detail", "instance", "request_id"} <= problem.keys()
    assert "seq" not in frame
    return problem


@pytest.mark.parametrize("text", UNREADABLE, ids=range(len(UNREADABLE)))
def test_nonsense_is_answered_and_the_socket_stays(phone: Phone, session: str, text: str) -> None:
    with raw_socket(phone, session) as connection:
        connection.send(text)
        frame = receive(connection)
        problem = assert_problem(frame, 400, "malformed")
        assert problem["errors"][0]["pointer"].startswith("/")
        if '"id": "f-1"' in text:
            assert frame["reply_to"] == "f-1"
        assert ask(connection, "ping", frame_id="p")["reply_to"] == "p"


@pytest.mark.parametrize(
    ("text", "code"), [("", "blank"), (" \n ", "blank"), ("a\u0000b", "control_characters"), ("x" * 4001, "max_length")]
)
def test_words_that_cannot_be_taken(phone: Phone, session: str, text: str, code: str) -> None:
    with raw_socket(phone, session) as connection:
        frame = ask(connection, "message.send", {"client_id": "c", "text": text})
        assert assert_problem(frame, 422, "invalid")["errors"][0]["code"] == code
    assert phone.get(f"/sessions/{session}/messages/")["results"] == []


def test_turns_that_are_not_there(phone: Phone, session: str) -> None:
    with raw_socket(phone, session) as connection:
        for command in ("turn.cancel", "turn.retry"):
            frame = ask(connection, command, {"turn": "01a20457-0000-7000-8000-000000000000"})
            assert_problem(frame, 404, "turn_not_found")


def test_a_client_id_is_for_one_message(phone: Phone, session: str) -> None:
    with raw_socket(phone, session) as connection:
        first = ask(connection, "message.send", {"client_id": "c", "text": "I say this."})
        again = ask(connection, "message.send", {"client_id": "c", "text": " I say this. \n"})
        assert again["data"] == {**first["data"], "is_new": False}
        other = ask(connection, "message.send", {"client_id": "c", "text": "I say that."})
        assert_problem(other, 422, "client_id_reused")
    assert len(phone.get(f"/sessions/{session}/messages/")["results"]) >= 1


@pytest.mark.parametrize("character", ["x", "ж", "語"])
def test_a_frame_that_is_too_large(phone: Phone, session: str, character: str) -> None:
    size = 64_001 // len(character.encode()) + 1
    with raw_socket(phone, session) as connection:
        connection.send(character * size)
        assert closed_with(connection) == 4413


def test_a_frame_that_is_far_too_large(phone: Phone, session: str) -> None:
    with raw_socket(phone, session) as connection:
        connection.send("x" * 300_000)
        assert closed_with(connection) in {1009, 4413}


def test_a_binary_frame_is_not_understood(phone: Phone, session: str) -> None:
    with raw_socket(phone, session) as connection:
        connection.send(b'{"type": "ping"}')
        assert closed_with(connection) in {1003, 4413}


def test_a_flood_ends_the_visit_and_no_other(phone: Phone, session: str) -> None:
    with raw_socket(phone, session) as neighbour, raw_socket(phone, session) as connection:
        for number in range(121):
            connection.send(json.dumps({"type": "ping", "id": f"p-{number}"}))
        assert closed_with(connection) == 4429
        assert ask(neighbour, "ping")["type"] == "pong"
