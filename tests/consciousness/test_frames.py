"""Frames from anybody: understood, or refused as malformed, and nothing else."""

import json
from typing import Any

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from consciousness.frames import DECODER, MessageSend, Ping, SessionResume
from timetravelers.kit.api.problems import Malformed
from timetravelers.kit.live.frames import decode, encode, encode_event, frame_id

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=12,
)
NAMES = st.sampled_from(["session.resume", "message.send", "turn.cancel", "turn.retry", "ping", "nothing"])
KEYS = st.sampled_from(["after_seq", "client_id", "text", "turn", "x"])
ALMOST = st.fixed_dictionaries(
    {"type": NAMES}, optional={"id": JSON, "data": JSON | st.dictionaries(KEYS, JSON), "seq": JSON}
)


def understood(text: str) -> Any:
    """The command, or None when it was refused in the one way there is."""
    try:
        return decode(text, DECODER)
    except Malformed as refusal:
        (error,) = refusal.errors
        assert error.pointer.startswith("/")
        assert error.detail
        return None


@given(st.text())
@example("[" * 100_000)
@example('{"a":' * 100_000)
@example("\ud800")
@example('"\\ud800"')
def test_any_text(text: str) -> None:
    assert understood(text) is None
    assert frame_id(text) is None or isinstance(frame_id(text), str)


@given(JSON | ALMOST)
def test_any_json(value: Any) -> None:
    understood(json.dumps(value))
    found = frame_id(json.dumps(value))
    assert found is None or found == value["id"]


@given(st.text(max_size=64), st.integers(0, 2**53))
def test_what_is_meant_is_understood(name: str, seq: int) -> None:
    frame = json.dumps({"type": "session.resume", "id": name, "data": {"after_seq": seq}})
    if name.isascii():
        command = understood(frame)
        assert isinstance(command, SessionResume)
        assert (command.id, command.data.after_seq) == (name, seq)


def test_defaults() -> None:
    assert understood('{"type":"ping"}') == Ping()
    sent = understood('{"type":"message.send","data":{"client_id":"c","text":"x"}}')
    assert isinstance(sent, MessageSend)
    assert sent.id == ""


@pytest.mark.parametrize(
    ("frame", "pointer"),
    [
        ('{"type":"session.resume","data":{"after_seq":-1}}', "/data/after_seq"),
        ('{"type":"message.send","data":{"client_id":"c","text":5}}', "/data/text"),
        ('{"type":"message.send","data":{"client_id":"","text":"x"}}', "/data/client_id"),
        ('{"type":"ping","id":5}', "/id"),
        ("nonsense", "/"),
    ],
)
def test_the_place_of_a_mistake_is_told(frame: str, pointer: str) -> None:
    with pytest.raises(Malformed) as refusal:
        decode(frame, DECODER)
    assert refusal.value.errors[0].pointer == pointer


def test_ids_come_back_when_they_can_be_read() -> None:
    assert frame_id('{"id":"f-1","type":"nothing"}') == "f-1"
    assert frame_id(json.dumps({"id": "x" * 65})) is None
    assert frame_id('{"id":5}') is None
    assert frame_id("{}") is None


@given(st.text(max_size=20), st.dictionaries(st.text(), st.text()), st.none() | st.text(min_size=1, max_size=20))
def test_frames_to_the_phone(kind: str, data: dict[str, str], reply_to: str | None) -> None:
    frame = msgspec.json.decode(encode(kind, data, reply_to=reply_to))
    assert (frame["type"], frame["data"]) == (kind, data)
    assert frame.get("reply_to") == reply_to
    assert "seq" not in frame


@given(JSON.filter(lambda value: "NaN" not in json.dumps(value) and "Infinity" not in json.dumps(value)))
def test_events_carry_their_data_as_it_was_logged(data: Any) -> None:
    frame = json.loads(encode_event("message.created", 7, json.dumps(data).encode(), "2026-01-01T00:00:00+00:00"))
    assert frame == {
        "type": "message.created",
        "id": "e7",
        "seq": 7,
        "at": "2026-01-01T00:00:00+00:00",
        "data": data,
    }


@given(
    st.from_regex(r"[A-Za-z0-9._:-]{1,64}", fullmatch=True), st.sampled_from(["", "\n", " ", "\r", "/", "\x00", "é"])
)
def test_client_ids_are_plain(good: str, tail: str) -> None:
    sent = understood(json.dumps({"type": "message.send", "data": {"client_id": good + tail, "text": "x"}}))
    assert (sent is not None) == (tail == "")
