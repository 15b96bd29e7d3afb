"""What live tests do over a session: open it, talk, listen, and compare what was heard with the log."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from demo.line import SUBPROTOCOL, Frame, Line
from demo.phone import Phone

ENDINGS = ("turn.completed", "turn.failed", "turn.cancelled", "turn.waiting")
REPLY_SECONDS = 40.0


def new_session(phone: Phone) -> str:
    """A session in which nothing was said yet."""
    traveler = phone.get("/matches/", limit=1)["results"][0]["traveler"]
    return str(phone.post("/sessions/", {"traveler": traveler["uid"]})["uid"])


@contextmanager
def open_line(phone: Phone, session: str) -> Iterator[Line]:
    """A resumed line, hung up at the end."""
    line = Line(phone, session)
    line.open()
    try:
        yield line
    finally:
        line.hang_up()


@contextmanager
def raw_socket(
    phone: Phone,
    session: str,
    *,
    query: str = "",
    token: str | None = None,
    headers: dict[str, str] | None = None,
    **options: Any,
) -> Iterator[ClientConnection]:
    """A bare socket to a session's door, by default with the phone's own access token."""
    sent = {"Authorization": f"Bearer {phone.access_token if token is None else token}"} if token != "" else {}
    address = f"{phone.base_url.replace('http', 'ws', 1)}/ws/v1/sessions/{session}/{query}"
    wanted = {"subprotocols": [SUBPROTOCOL], "compression": None, "proxy": None, "max_size": None, **options}
    with connect(address, additional_headers={**sent, **(headers or {})}, **wanted) as connection:
        yield connection


def ask(connection: ClientConnection, kind: str, data: Any = None, *, frame_id: str = "f-1") -> Frame:
    """Send a command and return the next frame."""
    frame = {"type": kind, "id": frame_id, "data": {} if data is None else data}
    connection.send(json.dumps(frame))
    return receive(connection)


def receive(connection: ClientConnection, *, seconds: float = 10.0) -> Frame:
    """The next frame."""
    frame: Frame = json.loads(connection.recv(timeout=seconds))
    return frame


def closed_with(connection: ClientConnection, *, seconds: float = 10.0) -> int | None:
    """The close code, after whatever else was still on its way."""
    try:
        while True:
            connection.recv(timeout=seconds)
    except ConnectionClosed:
        return connection.close_code


def how_it_ended(line: Line, turn: str, *, seconds: float = REPLY_SECONDS) -> Frame:
    """The event that ended a turn."""
    return line.wait_for_any(ENDINGS, seconds=seconds, where=lambda data: data["turn"] == turn)


def replies(line: Line) -> list[str]:
    """What the Traveler said, as heard on this line."""
    created = (event["data"]["message"] for event in line.heard if event["type"] == "message.created")
    return [message["text"] for message in created if message["author"] == "traveler"]


def assert_log_is_whole(phone: Phone, line: Line) -> None:
    """What was heard is what the log holds over REST: numbered without gaps, each event once, the same content."""
    log = phone.get(f"/sessions/{line.session}/events/", after=0)["events"]
    assert [event["seq"] for event in log] == list(range(1, len(log) + 1))
    assert line.heard == log[: len(line.heard)]
