"""What processes say to each other about their sockets: many bells in one message."""

from functools import cache
from typing import Any

import msgspec
from django.conf import settings

from timetravelers.kit.ids import uuid7
from timetravelers.kit.sealing import seal

# What asides are sealed for: only a process of this house can read words that pass through Valkey.
ASIDES = "live asides"


class Bells(msgspec.Struct):
    """Numbers for those who watch a topic, sealed frames that may be lost, and topics whose papers to look at."""

    origin: str = ""
    rings: dict[str, int] = {}
    asides: list[tuple[str, str]] = []
    papers: list[str] = []

    def add(self, other: "Bells") -> None:
        """Say the other's news too; of two numbers the higher one holds."""
        for topic, seq in other.rings.items():
            self.rings[topic] = max(seq, self.rings.get(topic, 0))
        self.asides.extend(other.asides)
        self.papers.extend(other.papers)


def aside(topic: str, frame: str) -> Bells:
    """A frame for those who watch a topic now, sealed."""
    return Bells(asides=[(topic, seal(frame, ASIDES))])


_decoder = msgspec.msgpack.Decoder(Bells)


@cache
def origin() -> str:
    """A name of this process, by which it knows its own messages."""
    return uuid7().hex


def channel() -> str:
    """The one channel of this deployment."""
    return f"{settings.REDIS_PREFIX}:live:bells"


def pack(bells: Bells) -> bytes:
    """For the channel."""
    return msgspec.msgpack.encode(bells)


def unpack(message: Any) -> Bells | None:
    """What another process said; None for what is no such message."""
    try:
        return _decoder.decode(message)
    except (msgspec.DecodeError, TypeError):
        return None
