"""Doorbells: telling sockets in every process that there is something new in the log.

A ring is at-most-once and carries a number, never content; so is an aside, which carries what only matters now:
half a reply, or a place in a queue, sealed so that Valkey never holds anybody's words. Both come from synchronous
code, so one background thread per process owns the event loop and the channel layer's connection that send them.
"""

import asyncio
import threading
from collections.abc import Coroutine
from functools import cache
from typing import Any

import redis
import structlog
from channels.layers import get_channel_layer

from timetravelers.kit.live.frames import encode
from timetravelers.kit.sealing import BrokenSeal, open_sealed, seal

log = structlog.get_logger(__name__)

ASIDE = "aside"


@cache
def _loop() -> asyncio.AbstractEventLoop:
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="doorbell", daemon=True).start()
    return loop


async def _send(group: str, message: dict[str, Any]) -> None:
    try:
        await get_channel_layer().group_send(group, message)
    except (OSError, RuntimeError, redis.RedisError) as exc:
        # Lost rings are made good by the sockets' own pulse.
        log.warning("doorbell_lost", group=group, reason=type(exc).__name__)


def ring(group: str, seq: int) -> None:
    """Say that `group` has events up to `seq`; returns at once and never raises."""
    _submit(_send(group, {"type": "doorbell", "seq": seq}))


def tell(group: str, kind: str, data: dict[str, Any]) -> None:
    """Pass a frame to the sockets of `group` that is in no log and may be lost; returns at once, never raises."""
    _submit(_send(group, {"type": "aside", "sealed": seal(encode(kind, data), ASIDE)}))


def frame_of(aside: dict[str, Any]) -> str | None:
    """The frame that an aside passes on; None if no process of this house sealed it."""
    try:
        return open_sealed(aside["sealed"], ASIDE)
    except BrokenSeal:
        log.warning("aside_not_ours")
        return None


def call_for_papers(group: str) -> None:
    """Have the sockets of `group` look again whether their person may stay; returns at once and never raises."""
    _submit(_send(group, {"type": "papers"}))


def _submit(work: Coroutine[Any, Any, None]) -> None:
    asyncio.run_coroutine_threadsafe(work, _loop())
