"""Where each call stands and when it will be made, by running the fair queue ahead over the windows' free times."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from heapq import heapify, heapreplace
from uuid import UUID

import redis
from django.db import connection

from mentors.events import StandingChanged
from mentors.manus import accounts, windows
from mentors.models import Lane, ManusAccount, ProviderCall
from mentors.services.scheduling.queueing import CREATES
from mentors.services.scheduling.waiting import DEPTH, Pool, Row, load_waiting
from timetravelers.kit.clock import now
from timetravelers.kit.events import publish

# How many calls ahead the queue is run; behind that, order and pace are only estimated.
HORIZON = 1000
PERIOD_SECONDS = windows.WINDOW_SECONDS + windows.MARGIN_SECONDS
# What counts as news: another position, or a moment that moved by this much.
NEWS_SECONDS = 5.0
NEWS_FRACTION = 0.2
LEAST_NEWS_SECONDS = 1.0
# Nobody is told more often than this.
QUIET = timedelta(seconds=2)


FreeSlots = Mapping[tuple[int, str], list[float]]
QUEUED, ADMITTED = ProviderCall.State.QUEUED, ProviderCall.State.ADMITTED

# How many calls of the same owner and lane come before each of these.
_EARLIER = """
    SELECT call.id, count(*)
      FROM mentors_providercall call
      JOIN mentors_providercall earlier
        ON earlier.state = 'queued' AND (earlier.pool, earlier.lane, earlier.flow) = (call.pool, call.lane, call.flow)
       AND (earlier.enqueued_at, earlier.id) < (call.enqueued_at, call.id)
     WHERE call.id = ANY(%s)
     GROUP BY call.id
"""


@dataclass(frozen=True, slots=True)
class Standing:
    """`position` 1 is next; `eta_seconds` until the call is made, None when nobody could make it now."""

    position: int
    eta_seconds: float | None


def free_slots() -> FreeSlots:
    """Seconds until each slot of each account is free; nothing when Valkey does not answer.

    Goes across the network: not for within a transaction.
    """
    try:
        usable = accounts.usable()
        return windows.shared().free_in(windows_of(usable, [CREATES, *(f"send:{one.pk}" for one in usable)]))
    except redis.RedisError:
        return {}


def idle_share() -> float:
    """Which part of the quota for new conversations nobody uses now, from 0 to 1; 1 where that is not known.

    Goes across the network, as `free_slots` does.
    """
    frees = frees_of(CREATES, free_slots())
    return sum(wait <= 0 for wait in frees) / len(frees) if frees else 1.0


def standing(subject: UUID) -> Standing | None:
    """Where a call stands, computed from the queue and the windows as they are; None if it does not wait.

    An admitted call stands at position 0. When Valkey does not answer, the time is not known.
    """
    return standings_of([subject], free_slots()).get(subject)


def standings_of(subjects: Collection[UUID], slots: FreeSlots) -> dict[UUID, Standing]:
    """The same for many calls, as far as they wait, with the free slots known."""
    if not subjects:
        return {}
    asked = ProviderCall.objects.filter(subject__in=subjects)
    calls = asked.values_list("pk", "subject", "pool", "state").filter(state__in=(QUEUED, ADMITTED))
    found = list(calls)
    waiting = {pool for *_, pool, state in found if state == QUEUED}
    pools = _waiting_in(waiting)
    frees = {name: frees_of(name, slots) for name in pools}
    seen = {name: dict(standings_in(pool, frees[name])) for name, pool in pools.items()}
    deep = [pk for pk, _, pool, state in found if state == QUEUED and pool in seen and pk not in seen[pool]]
    behind = _behind(deep) if deep else {}
    standings: dict[UUID, Standing] = {}
    for pk, subject, pool, state in found:
        if state == ADMITTED:
            standings[subject] = Standing(0, 0.0)
        elif pk in behind:
            standings[subject] = _deep_down(behind[pk], seen[pool], len(frees[pool]))
        elif pool in seen and pk in seen[pool]:
            # Else it was admitted between two looks, and its standing is about to be told.
            standings[subject] = seen[pool][pk]
    return standings


def _waiting_in(names: Collection[str]) -> dict[str, Pool]:
    """One pool is looked up by itself; for several, all are read at once."""
    if not names:
        return {}
    pools = load_waiting(next(iter(names)) if len(names) == 1 else None)
    return {name: pool for name, pool in pools.items() if name in names}


def _behind(deep: Collection[int]) -> dict[int, int]:
    """How many places behind all that is looked at calls stand that are far down their owners' own queues."""
    with connection.cursor() as cursor:
        cursor.execute(_EARLIER, [list(deep)])
        return {pk: max(1, earlier - DEPTH + 1) for pk, earlier in cursor.fetchall()}


def _deep_down(behind: int, standings: Mapping[int, Standing], slots: int) -> Standing:
    """Further down its owner's own queue than anybody looks: behind all that is looked at, at their pace."""
    last = max(standings.values(), key=lambda one: one.position, default=Standing(0, None))
    eta = None if last.eta_seconds is None else last.eta_seconds + behind * PERIOD_SECONDS / max(1, slots)
    return Standing(last.position + behind, eta)


def windows_of(usable: Iterable[ManusAccount], pools: Iterable[str]) -> dict[tuple[int, str], int]:
    """The windows that serve these pools, with their limits."""
    names = set(pools)
    wanted = {}
    for account in usable:
        limits = windows.limits_for(account.limits)
        if CREATES in names:
            wanted[account.pk, windows.CREATE] = limits[windows.CREATE]
        if f"send:{account.pk}" in names:
            wanted[account.pk, windows.SEND_MESSAGE] = limits[windows.SEND_MESSAGE]
    return wanted


def frees_of(pool: str, frees: Mapping[tuple[int, str], list[float]]) -> list[float]:
    """Seconds until each slot that serves a pool is free."""
    return [wait for window, waits in frees.items() if pool_served_by(window) == pool for wait in waits]


def pool_served_by(window: tuple[int, str]) -> str:
    """The pool that a window's slots go to."""
    account, endpoint = window
    return CREATES if endpoint == windows.CREATE else f"send:{account}"


def standings_in(pool: Pool, frees: list[float]) -> Iterator[tuple[int, Standing]]:
    """Position and time of each call of a pool, whose queue is used up by this."""
    slots = list(frees)
    heapify(slots)
    seen = set()
    last: float | None = None
    for position, call in enumerate(pool.queue.drain(HORIZON), start=1):
        last = slots[0] if slots else None
        if last is not None:
            heapreplace(slots, last + PERIOD_SECONDS)
        seen.add(call.key)
        yield call.key, Standing(position, last)
    rest = sorted((row.enqueued_at, pk) for pk, row in pool.rows.items() if pk not in seen)
    for behind, (_, pk) in enumerate(rest, start=1):
        eta = None if last is None else last + behind * PERIOD_SECONDS / len(slots)
        yield pk, Standing(len(seen) + behind, eta)


def tell(pool: Pool, standings: Mapping[int, Standing]) -> None:
    """Publish where the people of the live lane stand, as far as it is news to them; nobody watches the others."""
    moment = now()
    news = [
        (row, standings[row.pk])
        for row in pool.rows.values()
        if row.pk in standings and row.lane == Lane.LIVE and _is_news(row, standings[row.pk], moment)
    ]
    _note_told(news, moment)
    for row, one in news:
        publish(StandingChanged(row.subject, one.position, one.eta_seconds))


def _is_news(row: Row, one: Standing, moment: datetime) -> bool:
    if row.told_at is not None and moment - row.told_at < QUIET:
        return False
    if row.told_position != one.position or (row.told_due is None) != (one.eta_seconds is None):
        return True
    if row.told_due is None or one.eta_seconds is None:
        return False
    # Phones count down by themselves, so what matters is whether the moment moved.
    moved = abs((row.told_due - moment).total_seconds() - one.eta_seconds)
    return moved >= min(NEWS_SECONDS, max(LEAST_NEWS_SECONDS, NEWS_FRACTION * one.eta_seconds))


_NOTE = """
    UPDATE mentors_providercall call
       SET told_position = news.position, told_due = news.due, told_at = %s
      FROM unnest(%s::bigint[], %s::int[], %s::timestamptz[]) AS news(id, position, due)
     WHERE call.id = news.id
"""


def _note_told(news: list[tuple[Row, Standing]], moment: datetime) -> None:
    if not news:
        return
    dues = [None if one.eta_seconds is None else moment + timedelta(seconds=one.eta_seconds) for _, one in news]
    keys, positions = [row.pk for row, _ in news], [one.position for _, one in news]
    with connection.cursor() as cursor:
        cursor.execute(_NOTE, [moment, keys, positions, dues])
