"""Who is here: one pulse for all sockets of a process, whatever their number."""

import asyncio
import random
import time
from collections.abc import Collection
from contextlib import suppress
from typing import Protocol

import redis

from accounts.tokens import Claims
from consciousness.admission import still_holding_async
from consciousness.delivery import Reader, make_good
from consciousness.writer import writer
from timetravelers.kit.live.codes import Close
from timetravelers.kit.live.seats import KEEP_SECONDS, Seat, keep_seats, leave_seats

# A drain waits so long for what is in hand; then phones come back after RETRY_MS, and up to JITTER_MS later.
DRAIN_SECONDS = 2.0
RETRY_MS = 1_000
JITTER_MS = 4_000


class Visit(Reader, Protocol):
    """An open socket."""

    @property
    def claims(self) -> Claims:
        """By which its person may stay."""

    @property
    def seat(self) -> Seat | None:
        """Which of the person's sockets it is; None while that cannot be counted."""

    def close(self, code: Close) -> None:
        """End it."""

    def check_idle(self) -> None:
        """End it if nothing was heard of it for too long."""

    def send_away(self, retry_after_ms: int) -> None:
        """End it because this process ends."""


class Visits:
    """Belongs to the event loop."""

    def __init__(self) -> None:
        self._open: set[Visit] = set()
        self._called: set[Visit] = set()
        self._free: set[Seat] = set()
        self._kept_at = time.monotonic()
        self._checking: asyncio.Task[None] | None = None
        self.is_over = False

    def begin(self, visit: Visit) -> None:
        """A socket was let in."""
        self._open.add(visit)

    def end(self, visit: Visit) -> None:
        """It is gone; harmless twice."""
        self._open.discard(visit)
        self._called.discard(visit)
        if visit.seat is not None:
            self._free.add(visit.seat)

    def now(self) -> list[Visit]:
        """Everybody."""
        return list(self._open)

    async def pulse(self) -> None:
        """Look at everybody's papers, make good what was not rung for, and end what is idle: few queries in all."""
        for visit in self.now():
            visit.check_idle()
        await self._check_papers(self.now())
        await self._check_sessions(self.now())
        if time.monotonic() - self._kept_at >= KEEP_SECONDS:
            self._kept_at = time.monotonic()
            await self._check_seats(self.now())
        await self._free_seats()

    def call(self, visit: Visit) -> None:
        """Rights were taken back: look at its papers now, not with the next pulse."""
        self._called.add(visit)
        if self._checking is None:
            self._checking = asyncio.create_task(self._check_called())

    async def drain(self) -> None:
        """Let nobody in any more, answer what is in hand, and send everybody away, not all to come back at once."""
        self.is_over = True
        with suppress(TimeoutError):
            async with asyncio.timeout(DRAIN_SECONDS):
                await writer().finish()
        for visit in self.now():
            visit.send_away(RETRY_MS + random.randrange(JITTER_MS))  # noqa: S311 - spreads, hides nothing

    async def _check_called(self) -> None:
        try:
            while self._called:
                called, self._called = self._called, set()
                await self._check_papers(called)
                await self._check_sessions(called)
                await self._check_seats(called)
        finally:
            self._checking = None

    async def _check_papers(self, visits: Collection[Visit]) -> None:
        if not visits:
            return
        holding = await still_holding_async({visit.claims for visit in visits})
        for visit in visits:
            if visit.claims not in holding:
                visit.close(Close.UNAUTHORIZED)

    async def _check_sessions(self, visits: Collection[Visit]) -> None:
        for visit in await make_good(visits):
            visit.close(Close.GONE)

    async def _check_seats(self, visits: Collection[Visit]) -> None:
        """Who has too many sockets open loses the oldest; while seats cannot be counted nobody does."""
        seats = {visit.seat for visit in visits if visit.seat is not None}
        try:
            lost = await asyncio.to_thread(keep_seats, seats)
        except redis.RedisError:
            return
        for visit in visits:
            if visit.seat in lost:
                visit.close(Close.SUPERSEDED)

    async def _free_seats(self) -> None:
        free, self._free = self._free, set()
        if free:
            with suppress(redis.RedisError):
                await asyncio.to_thread(leave_seats, free)


_visits = Visits()


def visits() -> Visits:
    """Those of this process."""
    return _visits
