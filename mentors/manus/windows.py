"""The quota of each Manus account: sliding windows in Valkey that hold right across processes.

Never more than N calls of an endpoint reach Manus in any 60 seconds. Manus counts when a call arrives, which we
do not see; so each call is kept under a bound of that moment. A reserved slot counts from its reservation on.
When the call is sent it moves to the latest moment at which it can arrive, and when the answer is there, to that
of the answer. A slot is free again 60 seconds and a margin after its bound. Whoever reserves sees every call that
can share a window with theirs, so that neither a slow worker nor a slow wire earns a 429.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from uuid import uuid4

import redis
import structlog
from django.conf import settings

from mentors.manus import errors
from mentors.manus.windows_lua import RESERVE, SEND
from timetravelers.kit.limits import valkey

log = structlog.get_logger(__name__)

CREATE, SEND_MESSAGE = "task.create", "task.sendMessage"
WINDOW_SECONDS = 60.0
# Clocks step; with the bounds above, the wire needs no margin of its own.
MARGIN_SECONDS = 2.0
# A slot that was reserved and not used by then is free again; who comes later has to find room anew.
RESERVED_SECONDS = 60.0
# Keys outlive the longest bound; they hold at most as many members as a limit.
KEPT_MILLISECONDS = 600_000
COLD_SECONDS = 1.0
ABSENT_SECONDS = 4.0
# What nothing is allowed of is not free for as long as anybody plans ahead.
NEVER_SECONDS = 3600.0

_READS = ("task.listMessages", "task.detail", "task.list", "project.list", "file.detail", "webhook.list")
_WRITES = (
    "task.confirmAction", "task.update", "task.stop", "task.delete", "project.create", "file.upload", "file.delete",
    "webhook.create", "webhook.delete",
)  # fmt: skip
DOCUMENTED: Mapping[str, int] = {
    CREATE: 10,
    SEND_MESSAGE: 10,
    **dict.fromkeys(_READS, 100),
    **dict.fromkeys(_WRITES, 40),
    "usage.list": 600,
}
"""Calls a minute and account, from the contract; what it gives no figure for is not counted."""


def limits_for(overrides: Mapping[str, int] | None = None) -> dict[str, int]:
    """Calls a minute by endpoint: an account's own figures over the settings over the documented ones."""
    return {**DOCUMENTED, **settings.MANUS_PER_MINUTE, **(overrides or {})}


@dataclass(slots=True)
class Slot:
    """A reserved call to one endpoint of one account; good for one use."""

    account: int
    endpoint: str
    token: str
    used: bool = False


@dataclass(frozen=True, slots=True)
class Reserved:
    """Tokens of the slots that were reserved, and seconds to the next free one (0.0: there is room)."""

    tokens: tuple[str, ...]
    wait: float


class Forgotten(Exception):
    """Valkey lost its memory: `warm` it before anything is reserved."""


@dataclass(frozen=True, slots=True)
class Windows:
    """All windows; `clock` (seconds) takes the place of the server's own time in tests."""

    clock: Callable[[], float] | None = None
    client: Callable[[], redis.Redis] = valkey

    def reserve(self, account: int, endpoint: str, limit: int, wanted: int) -> Reserved:
        """Reserve as many slots as there is room for, at most `wanted`; atomic over all processes.

        Raises Forgotten, and redis.RedisError: without the counters nothing may be sent.
        """
        tokens = [uuid4().hex for _ in range(max(0, wanted))]
        bound = _micros(RESERVED_SECONDS - WINDOW_SECONDS - MARGIN_SECONDS)
        taken, wait = self.client().register_script(RESERVE)(
            keys=[_key(account, endpoint), _memory()],
            args=[self._arg(), limit, _WINDOW, bound, KEPT_MILLISECONDS, *tokens],
        )
        if int(taken) < 0:
            raise Forgotten
        return Reserved(tuple(tokens[: int(taken)]), _seconds(int(wait)))

    def send(self, account: int, endpoint: str, limit: int, token: str, *, reserved: bool) -> float:
        """Move a slot to the latest moment at which its call can arrive; 0.0, or the seconds to wait instead.

        A slot that is not there (lapsed, or never reserved) is taken anew if there is room. Raises redis.RedisError.
        """
        flight = _micros(10.0 + 2 * settings.MANUS_READ_TIMEOUT)
        wait = self.client().register_script(SEND)(
            keys=[_key(account, endpoint), _memory()],
            args=[self._arg(), limit, _WINDOW, flight, KEPT_MILLISECONDS, token, int(reserved)],
        )
        return COLD_SECONDS if int(wait) == _COLD else _seconds(int(wait))

    def answered(self, account: int, endpoint: str, token: str) -> None:
        """The call cannot have arrived later than now. Raises redis.RedisError."""
        key = _key(account, endpoint)
        pipe = self.client().pipeline(transaction=True)
        pipe.zadd(key, {token: _micros(self.now())})
        pipe.pexpire(key, KEPT_MILLISECONDS)
        pipe.execute()

    def release(self, account: int, endpoint: str, tokens: Iterable[str]) -> None:
        """Give slots back whose calls were surely never sent. Raises redis.RedisError."""
        if given := list(tokens):
            self.client().zrem(_key(account, endpoint), *given)

    def free_in(self, wanted: Mapping[tuple[int, str], int]) -> dict[tuple[int, str], list[float]]:
        """Seconds until each slot of these windows (with their limits) is free, ascending; changes nothing.

        Raises redis.RedisError.
        """
        pipe = self.client().pipeline(transaction=False)
        for account, endpoint in wanted:
            pipe.zrange(_key(account, endpoint), 0, -1, withscores=True)
        found = pipe.execute() if wanted else []
        now = self.now()
        return {
            window: _frees([bound / 1e6 for _, bound in held], limit, now)
            for (window, limit), held in zip(wanted.items(), found, strict=True)
        }

    def warm(self, calls: Iterable[tuple[int, str, str, float]]) -> None:
        """Remember calls again: account, endpoint, token, seconds since their bound. Raises redis.RedisError."""
        now = self.now()
        pipe = self.client().pipeline(transaction=True)
        for account, endpoint, token, ago in calls:
            pipe.zadd(_key(account, endpoint), {token: _micros(now - ago)}, nx=True)
            pipe.pexpire(_key(account, endpoint), KEPT_MILLISECONDS)
        pipe.set(_memory(), 1)
        pipe.execute()

    def now(self) -> float:
        """The time that the windows go by, in seconds. Raises redis.RedisError."""
        if self.clock is not None:
            return self.clock()
        seconds, micros = self.client().time()
        return int(seconds) + int(micros) / 1e6

    def _arg(self) -> str | int:
        return "" if self.clock is None else _micros(self.clock())


@cache
def shared() -> Windows:
    """The windows of this house, by Valkey's clock."""
    return Windows()


_in_hand: ContextVar[Slot | None] = ContextVar("manus_slot", default=None)


@contextmanager
def using(slot: Slot) -> Iterator[None]:
    """Within, the one call that the slot is for goes by it."""
    before = _in_hand.set(slot)
    try:
        yield
    finally:
        _in_hand.reset(before)


def gate(account: int, limits: Mapping[str, int]) -> Callable[[str], AbstractContextManager[None]]:
    """What a client enters around each exchange: endpoint -> context. Entering raises Throttled, nothing being sent."""

    def enter(endpoint: str) -> AbstractContextManager[None]:
        limit = limits.get(endpoint)
        return nullcontext() if limit is None else _passing(account, endpoint, limit)

    return enter


@contextmanager
def _passing(account: int, endpoint: str, limit: int) -> Iterator[None]:
    slot = _slot_for(account, endpoint)
    token = slot.token if slot else uuid4().hex
    try:
        wait = shared().send(account, endpoint, limit, token, reserved=slot is not None)
    except redis.RedisError:
        wait = ABSENT_SECONDS
    if wait > 0:
        raise errors.Throttled(endpoint=endpoint, retry_after=wait)
    is_on_its_way = False
    try:
        yield
    except errors.Timeout as silence:
        is_on_its_way = silence.http_status is None  # it may arrive yet, so the bound noted before it left holds
        raise
    finally:
        if not is_on_its_way:
            _note_answer(account, endpoint, token)


def _slot_for(account: int, endpoint: str) -> Slot | None:
    slot = _in_hand.get()
    if slot is None or slot.used or (slot.account, slot.endpoint) != (account, endpoint):
        return None
    slot.used = True
    return slot


def _note_answer(account: int, endpoint: str, token: str) -> None:
    try:
        shared().answered(account, endpoint, token)
    except redis.RedisError:
        # The bound noted before the call still holds; it only keeps the slot for longer.
        log.warning("manus_answer_not_noted", endpoint=endpoint)


_WINDOW = int((WINDOW_SECONDS + MARGIN_SECONDS) * 1e6)
_NEVER, _COLD = -1, -2


def _frees(bounds: list[float], limit: int, now: float) -> list[float]:
    """Of so many slots, in how many seconds each is free; a lower limit than before makes the first ones wait."""
    waits = sorted(max(0.0, bound + WINDOW_SECONDS + MARGIN_SECONDS - now) for bound in bounds)
    spare = limit - len(waits)
    return [0.0] * spare + waits if spare >= 0 else waits[-limit:] if limit > 0 else []


def _key(account: int, endpoint: str) -> str:
    return f"{settings.REDIS_PREFIX}:manus:{account}:{endpoint}"


def _memory() -> str:
    return f"{settings.REDIS_PREFIX}:manus:remembers"


def _micros(seconds: float) -> int:
    return round(seconds * 1e6)


def _seconds(micros: int) -> float:
    return NEVER_SECONDS if micros == _NEVER else micros / 1e6
