"""A socket by itself: when it closes, and with which word."""

import asyncio
import json
from typing import Any

import pytest

from timetravelers.kit.live.socket import LiveSocket

Message = dict[str, Any]
SCOPE: Message = {"type": "websocket", "path": "/ws/", "headers": [], "subprotocols": ["timetravelers.v1"]}


class Open(LiveSocket):
    """Lets everybody in, and says back what it hears."""

    idle_seconds = 60.0

    async def admit(self) -> None:
        """Anybody."""

    async def receive_text(self, text: str) -> None:
        self.send_text(text)


def visit(*frames: Message, before_end: Any = None) -> list[Message]:
    """What the phone gets from a socket that it opens, sends these to, and leaves."""

    async def talk() -> list[Message]:
        incoming: asyncio.Queue[Message] = asyncio.Queue()
        sent: list[Message] = []

        async def send(message: Message) -> None:
            sent.append(message)

        socket = Open(SCOPE, incoming.get, send)
        for message in ({"type": "websocket.connect"}, *frames):
            incoming.put_nowait(message)
        serving = asyncio.create_task(socket.serve())
        while not incoming.empty():  # noqa: ASYNC110 - the socket tells nobody what it took
            await asyncio.sleep(0)
        await asyncio.sleep(0)
        if before_end is not None:
            before_end(socket)
        incoming.put_nowait({"type": "websocket.disconnect"})
        await serving
        return sent

    return asyncio.run(talk())


def text(words: str) -> Message:
    return {"type": "websocket.receive", "text": words}


def closed_with(sent: list[Message]) -> int | None:
    return next((message["code"] for message in sent if message["type"] == "websocket.close"), None)


def test_what_is_said_comes_back_and_nothing_closes() -> None:
    sent = visit(text("hello"))
    assert [message["type"] for message in sent] == ["websocket.accept", "websocket.send"]


def test_a_phone_that_was_not_heard_of_for_long_is_closed_as_idle() -> None:
    def grow_old(socket: LiveSocket) -> None:
        socket.check_idle()
        assert socket.open
        socket.heard_at -= 61
        socket.check_idle()
        socket.check_idle()

    assert closed_with(visit(text("hello"), before_end=grow_old)) == 4408


@pytest.mark.parametrize(
    "frame", [text("x" * 64_001), text("é" * 32_001), {"type": "websocket.receive", "bytes": b"x"}]
)
def test_what_is_too_large_or_not_text_closes(frame: Message) -> None:
    sent = visit(frame, text("more"))
    assert closed_with(sent) == 4413
    assert not [message for message in sent if message["type"] == "websocket.send"]


def test_what_just_fits_is_taken() -> None:
    assert closed_with(visit(text("x" * 64_000), text("é" * 32_000))) is None


def test_whoever_is_too_fast_is_closed() -> None:
    sent = visit(*(text(str(number)) for number in range(130)))
    assert closed_with(sent) == 4429
    assert len([message for message in sent if message["type"] == "websocket.send"]) == 120


def test_whoever_is_sent_away_is_told_when_to_come_back() -> None:
    sent = visit(before_end=lambda socket: socket.send_away(1_500))
    assert json.loads(sent[1]["text"])["data"]["retry_after_ms"] == 1_500
    assert closed_with(sent) == 1012
