"""Answers of Manus that may be asked for once and used by many: how long each lives, and one asker at a time.

Shared answers live in Valkey; those with anything of a person in them (a file's name) sealed. The messages of a
finished task are the words of a conversation: they stay in the memory of the process that read them, bounded
and for minutes, so that there is no further place which erasure would have to reach.
"""

from __future__ import annotations

import hashlib
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Generic, Protocol, TypeVar

import msgspec
import redis
from django.conf import settings

from mentors.manus import errors, wire
from timetravelers.kit.limits import valkey
from timetravelers.kit.sealing import BrokenSeal, open_sealed, seal

AnswerT = TypeVar("AnswerT", bound=wire.Envelope)
ValueT = TypeVar("ValueT")

PURPOSE = "manus answers"
LOOK_AGAIN_SECONDS = 0.02
_RELEASE = "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0"


@dataclass(frozen=True, slots=True)
class Lifetime:
    """How long an answer is used, in seconds, and whether it is sealed while it is kept."""

    seconds: float
    sealed: bool = False


LIFETIMES: dict[str, Lifetime] = {
    "project.list": Lifetime(60),
    "file.detail": Lifetime(300, sealed=True),
    "webhook.publicKey": Lifetime(3600),
    "usage.availableCredits": Lifetime(60),
}
UNSETTLED_SECONDS = 2.0  # of a file that is still being taken in
FINISHED_SECONDS = 300.0
MOST_FINISHED = 64


class Cache(Protocol):
    """Where a client looks before it asks."""

    def get(
        self, endpoint: str, name: str, shape: type[AnswerT], ask: Callable[[], AnswerT], *, fresh: bool = False
    ) -> AnswerT: ...

    def peek(self, endpoint: str, name: str, shape: type[AnswerT]) -> AnswerT | None: ...

    def forget(self, endpoint: str, name: str = "") -> None: ...


class NoCache:
    """Asks each time."""

    def get(
        self, endpoint: str, name: str, shape: type[AnswerT], ask: Callable[[], AnswerT], *, fresh: bool = False
    ) -> AnswerT:
        return ask()

    def peek(self, endpoint: str, name: str, shape: type[AnswerT]) -> AnswerT | None:
        return None

    def forget(self, endpoint: str, name: str = "") -> None:
        return


@dataclass(slots=True)
class _Flight(Generic[ValueT]):
    """One asking that others wait for."""

    landed: threading.Event = field(default_factory=threading.Event)
    value: ValueT | None = None
    error: errors.ManusError | None = None


class SingleFlight(Generic[ValueT]):
    """Of all threads that want the same at once, one does the work and all get what it got, errors too."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._flights: dict[Hashable, _Flight[ValueT]] = {}

    def do(self, key: Hashable, work: Callable[[], ValueT], *, patience: float) -> tuple[ValueT, bool]:
        """The value, and whether another thread's work brought it; after `patience` seconds its own is done."""
        with self._lock:
            flight = self._flights.get(key)
            leads = flight is None
            if flight is None:
                flight = self._flights[key] = _Flight()
        if leads:
            return self._lead(key, flight, work), False
        if flight.landed.wait(patience):
            if flight.error is not None:
                raise flight.error
            if flight.value is not None:
                return flight.value, True
        return work(), False

    def _lead(self, key: Hashable, flight: _Flight[ValueT], work: Callable[[], ValueT]) -> ValueT:
        try:
            flight.value = work()
        except errors.ManusError as error:
            flight.error = error
            raise
        else:
            return flight.value
        finally:
            with self._lock:
                del self._flights[key]
            flight.landed.set()


class SharedCache:
    """The cache of one account, shared by all processes; safe to share between threads.

    An answer is asked for by one thread of one process at a time; the others wait for it at most `patience`
    seconds and then ask themselves. Errors are not kept. Where Valkey does not answer, only the threads of one
    process share. Raises nothing of its own.
    """

    def __init__(self, account: str, *, patience: float) -> None:
        self._account = account
        self._patience = patience
        self._flights: SingleFlight[Any] = SingleFlight()

    def get(
        self, endpoint: str, name: str, shape: type[AnswerT], ask: Callable[[], AnswerT], *, fresh: bool = False
    ) -> AnswerT:
        """The kept answer, or the one that `ask` brings; with `fresh` what is kept does not count."""
        key = self._key(endpoint, name)
        kept = None if fresh else _read(key, endpoint, shape)
        if kept is not None:
            note_look(endpoint, "hit")
            return kept

        def work() -> AnswerT:
            return self._ask_once(key, endpoint, shape, ask, fresh=fresh)

        answer, shared = self._flights.do((key, fresh), work, patience=self._patience)
        if shared:
            note_look(endpoint, "shared")
        found: AnswerT = answer
        return found

    def peek(self, endpoint: str, name: str, shape: type[AnswerT]) -> AnswerT | None:
        """The kept answer, if there is one; asks nobody."""
        return _read(self._key(endpoint, name), endpoint, shape)

    def forget(self, endpoint: str, name: str = "") -> None:
        """What is kept is no longer so."""
        with suppress(redis.RedisError):
            valkey().delete(self._key(endpoint, name))

    def _ask_once(
        self, key: str, endpoint: str, shape: type[AnswerT], ask: Callable[[], AnswerT], *, fresh: bool
    ) -> AnswerT:
        """Ask under the lock of all processes; who does not get it waits for the answer of the one who has."""
        token = secrets.token_hex(8)
        give_up = time.monotonic() + self._patience
        while not self._lock(key, token):
            time.sleep(LOOK_AGAIN_SECONDS)
            if not fresh and (kept := _read(key, endpoint, shape)) is not None:
                note_look(endpoint, "shared")
                return kept
            if time.monotonic() > give_up:
                break
        try:
            # Somebody may have brought it between our look and our lock.
            if not fresh and (kept := _read(key, endpoint, shape)) is not None:
                note_look(endpoint, "shared")
                return kept
            note_look(endpoint, "miss")
            answer = ask()
            _keep(key, endpoint, answer)
            return answer
        finally:
            self._unlock(key, token)

    def _lock(self, key: str, token: str) -> bool:
        try:
            return bool(valkey().set(f"{key}:lock", token, nx=True, px=int(self._patience * 1000)))
        except redis.RedisError:
            return True

    def _unlock(self, key: str, token: str) -> None:
        with suppress(redis.RedisError):
            valkey().register_script(_RELEASE)(keys=[f"{key}:lock"], args=[token])

    def _key(self, endpoint: str, name: str) -> str:
        digest = hashlib.sha256(name.encode()).hexdigest()[:32] if name else "all"
        return f"{settings.REDIS_PREFIX}:manus:answer:{self._account}:{endpoint}:{digest}"


def note_look(endpoint: str, result: str) -> None:
    """Count one look into the cache, for all processes: `hit`, `shared` (another asked) or `miss`."""
    with suppress(redis.RedisError):
        valkey().hincrby(_looks_key(), f"{endpoint} {result}", 1)


def looks() -> dict[tuple[str, str], int]:
    """The looks of all processes by endpoint and result, since Valkey last lost its memory; none if it is away."""
    try:
        counted: Any = valkey().hgetall(_looks_key())
    except redis.RedisError:
        return {}
    pairs = ((name.decode().partition(" "), int(number)) for name, number in counted.items())
    return {(endpoint, result): number for (endpoint, _, result), number in pairs}


def _looks_key() -> str:
    return f"{settings.REDIS_PREFIX}:manus:looks"


def _seconds(endpoint: str, answer: wire.Envelope) -> float:
    unsettled = isinstance(answer, wire.FileAnswer) and answer.file.status != "uploaded"
    return UNSETTLED_SECONDS if unsettled else LIFETIMES[endpoint].seconds


def _keep(key: str, endpoint: str, answer: wire.Envelope) -> None:
    text = ("1" if answer.simulated else "0") + wire.encode(answer).decode()
    kept = seal(text, PURPOSE) if LIFETIMES[endpoint].sealed else text
    with suppress(redis.RedisError):
        valkey().set(key, kept, px=int(_seconds(endpoint, answer) * 1000))


def _read(key: str, endpoint: str, shape: type[AnswerT]) -> AnswerT | None:
    try:
        kept = valkey().get(key)
        if not isinstance(kept, bytes):
            return None
        text = open_sealed(kept.decode(), PURPOSE) if LIFETIMES[endpoint].sealed else kept.decode()
        answer = wire.decode(text[1:].encode(), shape)
    except (redis.RedisError, BrokenSeal, UnicodeDecodeError, msgspec.MsgspecError):
        return None  # as good as nothing: a new version may have changed the shape
    msgspec.structs.force_setattr(answer, "simulated", text[:1] == "1")
    return answer


@dataclass(frozen=True, slots=True)
class Finished:
    """The events of a task, oldest first; of one that has stopped they are good as long as `newest` is its newest."""

    newest: str
    events: tuple[wire.TaskEvent, ...]
    simulated: bool
    complete: bool


class FinishedTasks:
    """The messages of finished tasks, in this process only; the least recently used go first."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, tuple[float, Finished]] = OrderedDict()
        self.flights: SingleFlight[Finished] = SingleFlight()

    def get(self, task: str, newest: str) -> Finished | None:
        """What is kept, if nothing has happened since."""
        with self._lock:
            until, found = self._kept.get(task, (0.0, None))
            if found is not None and found.newest == newest and self._monotonic() < until:
                self._kept.move_to_end(task)
                return found
            self._kept.pop(task, None)
            return None

    def keep(self, task: str, finished: Finished) -> None:
        with self._lock:
            self._kept[task] = (self._monotonic() + FINISHED_SECONDS, finished)
            self._kept.move_to_end(task)
            while len(self._kept) > MOST_FINISHED:
                self._kept.popitem(last=False)

    def forget(self, task: str) -> None:
        with self._lock:
            self._kept.pop(task, None)
