"""The hub: one per process; knows who watches what, and has the process's one subscription to the bells.

Everything here belongs to the event loop, but for `_heard_here`. Bells may be lost, so a pulse makes good what was.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable, Collection
from contextlib import suppress
from typing import Any, Protocol

import redis.asyncio
import structlog
from django.conf import settings

from timetravelers.kit.live import doorbell
from timetravelers.kit.live.bells import ASIDES, Bells, channel, origin, unpack
from timetravelers.kit.sealing import BrokenSeal, open_sealed

log = structlog.get_logger(__name__)

PULSE_SECONDS = 1.0
QUIET_SECONDS = 10.0  # after which the subscription is asked whether it lives
RETRY_SECONDS = 0.5

Pulse = Callable[[], Awaitable[None]]


class Watcher(Protocol):
    """Whoever watches a topic; none of this may wait."""

    def rung(self, seq: int) -> None:
        """There are events up to this number."""

    def told(self, frame: str) -> None:
        """Something that is in no log."""

    def papers_called(self) -> None:
        """Somebody's rights were taken back."""


class Hub:
    """The watchers of a process, by topic."""

    def __init__(self) -> None:
        self._watchers: dict[str, set[Watcher]] = {}
        self._pulses: list[Pulse] = []
        self._tasks: list[asyncio.Task[None]] = []
        self._loop: asyncio.AbstractEventLoop | None = None

    def join(self, topic: str, watcher: Watcher) -> None:
        """Have `watcher` hear of `topic`."""
        self._watchers.setdefault(topic, set()).add(watcher)

    def leave(self, topic: str, watcher: Watcher) -> None:
        """Undo `join`; harmless twice."""
        watchers = self._watchers.get(topic)
        if watchers is not None:
            watchers.discard(watcher)
            if not watchers:
                del self._watchers[topic]

    def watchers(self, topic: str) -> Collection[Watcher]:
        """Who watches `topic` in this process; not to be kept over a wait."""
        return self._watchers.get(topic, ())

    def topics(self) -> Collection[str]:
        """What is watched in this process."""
        return self._watchers.keys()

    def each_pulse(self, pulse: Pulse) -> None:
        """Have `pulse` called every PULSE_SECONDS while the hub runs."""
        if pulse not in self._pulses:
            self._pulses.append(pulse)

    # Running ------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Begin to listen and to beat, on the running loop."""
        self._loop = asyncio.get_running_loop()
        doorbell.hear(self._heard_here)
        self._tasks = [asyncio.create_task(self._listen()), asyncio.create_task(self._beat())]

    async def stop(self) -> None:
        """End both."""
        doorbell.unhear(self._heard_here)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks = []

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(PULSE_SECONDS)
            for pulse in self._pulses:
                try:
                    await pulse()
                except Exception:
                    log.warning("pulse_failed", exc_info=True)

    # Bells --------------------------------------------------------------------------------------------

    def _heard_here(self, bells: Bells) -> None:
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._ring, bells)

    def _ring(self, bells: Bells) -> None:
        for topic, seq in bells.rings.items():
            if settings.LIVE_BELLS_LOST and random.random() < settings.LIVE_BELLS_LOST:  # noqa: S311 - a die, not a secret
                continue
            for watcher in tuple(self._watchers.get(topic, ())):
                watcher.rung(seq)
        for topic, sealed in bells.asides:
            self._pass_on(topic, sealed)
        for topic in bells.papers:
            for watcher in tuple(self._watchers.get(topic, ())):
                watcher.papers_called()

    def _pass_on(self, topic: str, sealed: str) -> None:
        watchers = tuple(self._watchers.get(topic, ()))
        if not watchers:
            return
        with suppress(BrokenSeal):
            frame = open_sealed(sealed, ASIDES)
            for watcher in watchers:
                watcher.told(frame)

    async def _listen(self) -> None:
        while True:
            with suppress(OSError, redis.RedisError):
                await self._listen_until_it_breaks()
            log.warning("bells_out_of_reach")
            await asyncio.sleep(RETRY_SECONDS)

    async def _listen_until_it_breaks(self) -> None:
        client = redis.asyncio.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=2, socket_timeout=None)
        async with client, client.pubsub(ignore_subscribe_messages=True) as subscription:
            await subscription.subscribe(channel())
            while True:
                message: dict[str, Any] | None = await subscription.get_message(timeout=QUIET_SECONDS)
                if message is None:
                    await subscription.ping()
                elif message["type"] == "message":
                    self._heard(message["data"])

    def _heard(self, message: bytes) -> None:
        bells = unpack(message)
        # What this process said itself, it has heard already.
        if bells is not None and bells.origin != origin():
            self._ring(bells)


_hub = Hub()


def hub() -> Hub:
    """This process's hub."""
    return _hub
