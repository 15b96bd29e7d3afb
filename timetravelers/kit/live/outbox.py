"""What is on its way to one phone: sent at once while the phone reads, kept in small number while it does not."""

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine
from typing import Any

from timetravelers.kit.live.eager import start

Send = Callable[[dict[str, Any]], Coroutine[Any, Any, None]]

MOST_FRAMES = 32


class Outbox:
    """Frames leave in the order in which they came. `on_drained` is called when a phone that lagged has caught up."""

    __slots__ = ("_frames", "_on_drained", "_send", "_sending")

    def __init__(self, send: Send, on_drained: Callable[[], None]) -> None:
        self._send = send
        self._on_drained = on_drained
        self._frames: deque[dict[str, Any]] | None = None
        self._sending: asyncio.Task[None] | None = None

    @property
    def is_full(self) -> bool:
        """Whether the phone reads too slowly to be given more."""
        return self._frames is not None and len(self._frames) >= MOST_FRAMES

    @property
    def is_idle(self) -> bool:
        """Whether nothing is on its way."""
        return self._sending is None

    def put(self, message: dict[str, Any]) -> None:
        """Send now, or after what is on its way; never waits. Raises OSError if the phone has gone."""
        if self._sending is not None:
            self._frames = deque() if self._frames is None else self._frames
            self._frames.append(message)
            return
        self._sending = start(self._send(message))
        if self._sending is not None:
            self._sending.add_done_callback(self._sent)

    def put_last(self, message: dict[str, Any]) -> None:
        """The same, instead of whatever has not left yet."""
        self._frames = None
        self.put(message)

    async def emptied(self) -> None:
        """Wait until nothing is on its way, or the phone has gone."""
        while self._sending is not None:
            await asyncio.wait({self._sending})

    def abandon(self) -> None:
        """Forget what was not sent; harmless twice."""
        self._frames = None
        if self._sending is not None:
            self._sending.cancel()

    def _sent(self, done: asyncio.Task[None]) -> None:
        self._sending = None
        if done.cancelled() or done.exception() is not None:
            self._frames = None
            return
        while self._frames and self._sending is None:
            try:
                self.put(self._frames.popleft())
            except OSError:
                self._frames = None
                return
        if self._sending is None:
            self._frames = None
            self._on_drained()
