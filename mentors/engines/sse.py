"""Server-sent events out of bytes, however the bytes are cut up on the way."""

from __future__ import annotations

import codecs
from collections.abc import Iterator

LONGEST_EVENT = 1_000_000
"""Characters that one event may have."""


class EventTooLong(Exception):
    """What came is no event stream, or one that nobody should read."""


class EventReader:
    """Fed with bytes, gives the data of each event that is complete; other fields and comments are left out.

    Guarantees: how the bytes are cut makes no difference; bytes that are no UTF-8 become replacement
    characters; memory is bounded by LONGEST_EVENT. An event that was not ended by an empty line is dropped.
    """

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")(errors="replace")
        self._text = ""
        self._data: list[str] = []
        self._size = 0

    def feed(self, chunk: bytes) -> Iterator[str]:
        """The events that this chunk completes; raises EventTooLong."""
        self._text += self._decoder.decode(chunk)
        *lines, self._text = self._lines()
        for line in lines:
            yield from self._take(line)
        self._require_room(len(self._text))

    def _lines(self) -> list[str]:
        """Lines that have ended, and the rest; a last CR waits, since an LF may belong to it."""
        held = "\r" if self._text.endswith("\r") else ""
        text = self._text[: len(self._text) - len(held)].replace("\r\n", "\n").replace("\r", "\n")
        *lines, rest = text.split("\n")
        return [*lines, rest + held]

    def _take(self, line: str) -> Iterator[str]:
        if not line:
            if self._data:
                yield "\n".join(self._data)
            self._data, self._size = [], 0
            return
        name, _, value = line.partition(":")
        if name == "data":
            self._size += len(value) + 1
            self._require_room(0)
            self._data.append(value.removeprefix(" "))

    def _require_room(self, waiting: int) -> None:
        if self._size + waiting > LONGEST_EVENT:
            raise EventTooLong
