"""Group commit across sockets: what all of them say goes to one thread, which stores it in one transaction.

A message is acknowledged only when it is committed. While one batch is being stored, the next one gathers.
"""

import asyncio
import time
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import structlog
from channels.db import database_sync_to_async
from django.db import close_old_connections

from accounts.models import User
from consciousness.delivery import hand_over, is_watched
from consciousness.eventlog import logged
from consciousness.services.messages import say
from consciousness.services.saying import Left, Said, Saying, Spoken, say_many
from mentors.services.scheduling import FreeSlots, free_slots
from timetravelers.kit.live.doorbell import told_here

log = structlog.get_logger(__name__)

AT_ONCE = 400
# While messages come in crowds, so long is waited for more of them: each transaction has a price of its own.
GATHER_SECONDS = 0.002
# How old what is known of the provider's free slots may be; it tells how long a reply will take.
SLOTS_SECONDS = 0.25

_say_alone = database_sync_to_async(say, thread_sensitive=False)


@dataclass(frozen=True, slots=True, eq=False)
class Utterance:
    """Something that a socket was told to say, and who wants to know what became of it."""

    saying: Saying
    actor: User
    done: Callable[[Said | Exception], None]


class Writer:
    """Belongs to the event loop. What is said in one session is stored in the order in which it was said."""

    def __init__(self) -> None:
        self._waiting: list[Utterance] = []
        self._alone: set[UUID] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="writer")
        self._is_running = False

    def submit(self, utterance: Utterance) -> None:
        """Store it; `done` is called on the loop, after the commit or with what was wrong."""
        self._waiting.append(utterance)
        self._start()

    async def finish(self) -> None:
        """Wait until all that was submitted is answered."""
        while self._tasks:
            await asyncio.wait(set(self._tasks))

    def _start(self) -> None:
        if not self._is_running:
            self._is_running = True
            self._spawn(self._store_all())

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _store_all(self) -> None:
        """Batch after batch, until nothing waits but what somebody else is at."""
        try:
            # Everything that this turn of the loop brings goes together.
            await asyncio.sleep(0)
            while batch := self._take():
                await self._store(batch)
                if len(batch) > 1:
                    await asyncio.sleep(GATHER_SECONDS)
        finally:
            self._is_running = False

    def _take(self) -> list[Utterance]:
        free = [one for one in self._waiting if one.saying.session not in self._alone][:AT_ONCE]
        taken = set(free)
        self._waiting = [one for one in self._waiting if one not in taken]
        return free

    async def _store(self, batch: list[Utterance]) -> None:
        loop = asyncio.get_running_loop()
        spoken = await loop.run_in_executor(self._thread, _store_all, [one.saying for one in batch])
        left: dict[UUID, list[Utterance]] = {}
        for one, outcome in zip(batch, spoken.outcomes, strict=True):
            if isinstance(outcome, Left):
                left.setdefault(one.saying.session, []).append(one)
            else:
                one.done(outcome)
        for session, news in spoken.news.items():
            if is_watched(session):
                hand_over(session, [logged(each.kind, each.seq, each.data, each.created_at) for each in news])
        for first, *others in left.values():
            self._alone.add(first.saying.session)
            self._waiting[:0] = others
            self._spawn(self._say_alone(first))

    async def _say_alone(self, one: Utterance) -> None:
        """What was left by its batch: it waits for its session, and nobody else does."""
        saying = one.saying
        try:
            said = await _say_alone(
                session=saying.session,
                actor=one.actor,
                text=saying.text,
                client_id=saying.client_id,
                files=saying.files,
            )
        except Exception as problem:  # noqa: BLE001 - whoever said it is told
            one.done(problem)
        else:
            one.done(said)
        finally:
            self._alone.discard(saying.session)
            self._start()


class _Slots:
    """The free slots, asked for now and then; for the writer's thread."""

    def __init__(self) -> None:
        self._known: FreeSlots = {}
        self._until = 0.0

    def get(self) -> FreeSlots:
        """As they were a moment ago."""
        if time.monotonic() >= self._until:
            self._known = free_slots()
            self._until = time.monotonic() + SLOTS_SECONDS
        return self._known


_slots = _Slots()


def _store_all(sayings: list[Saying]) -> Spoken:
    """In the writer's thread. A batch that fails is said one by one, so that each meets its own trouble."""
    try:
        # The sockets of this process are given the news themselves.
        with told_here():
            return say_many(sayings, _slots.get())
    except Exception:
        log.warning("batch_not_stored", messages=len(sayings), exc_info=True)
        close_old_connections()
        return Spoken([Left.BUSY] * len(sayings), {})


_writer = Writer()


def writer() -> Writer:
    """This process's writer."""
    return _writer
