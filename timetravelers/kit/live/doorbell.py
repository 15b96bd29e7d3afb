"""Doorbells: telling sockets in every process that there is something new in the log.

A ring is at-most-once and carries a number, never content. An aside carries what only matters now, sealed: half
a reply, or a place in a queue. Both come from synchronous code and return at once; one background thread per
process says all that has come together in one message. The sockets of this process hear it without Valkey.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from queue import Empty, SimpleQueue
from typing import Any

import redis
import structlog

from timetravelers.kit.limits import valkey
from timetravelers.kit.live.bells import Bells, aside, channel, origin, pack
from timetravelers.kit.live.frames import encode

log = structlog.get_logger(__name__)

AT_ONCE = 1_000

Hears = Callable[[Bells], None]
_here: list[Hears] = []


def hear(listener: Hears) -> None:
    """Have everything that this process says told to `listener` too, in the thread that says it."""
    _here.append(listener)


def unhear(listener: Hears) -> None:
    """The opposite of `hear`."""
    _here.remove(listener)


@cache
def _waiting() -> SimpleQueue[Bells]:
    waiting: SimpleQueue[Bells] = SimpleQueue()
    threading.Thread(target=_say_all, args=(waiting,), name="doorbell", daemon=True).start()
    return waiting


def _say_all(waiting: SimpleQueue[Bells]) -> None:
    while True:
        bells = Bells()
        bells.add(waiting.get())
        for _ in range(AT_ONCE):
            try:
                bells.add(waiting.get_nowait())
            except Empty:
                break
        _say(bells)


def _say(bells: Bells) -> None:
    bells.origin = origin()
    try:
        valkey().publish(channel(), pack(bells))
    except (OSError, redis.RedisError) as exc:
        # Lost rings are made good by the pulse.
        log.warning("doorbell_lost", topics=len(bells.rings), reason=type(exc).__name__)


class _Told(threading.local):
    here = False


_told = _Told()


@contextmanager
def told_here() -> Iterator[None]:
    """Within, in this thread, bells ring in other processes only: whoever asks for this tells this one the news."""
    _told.here = True
    try:
        yield
    finally:
        _told.here = False


def _tell(bells: Bells) -> None:
    if not _told.here:
        for listener in _here:
            listener(bells)
    _waiting().put(bells)


def ring(seqs: dict[str, int]) -> None:
    """Say that each topic has events up to its number; returns at once and never raises."""
    _tell(Bells(rings=seqs))


def tell(topic: str, kind: str, data: Any) -> None:
    """Pass a frame to the sockets of `topic` that is in no log and may be lost; returns at once, never raises."""
    _tell(aside(topic, encode(kind, data)))


def tell_elsewhere(topic: str, frame: str) -> None:
    """Pass such a frame to the sockets of `topic` in other processes; those of this one were told already."""
    _waiting().put(aside(topic, frame))


def call_for_papers(topic: str) -> None:
    """Have the sockets of `topic` look again whether their person may stay; returns at once and never raises."""
    _tell(Bells(papers=[topic]))
