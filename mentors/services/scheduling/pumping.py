"""The pump: admits the calls whose turn it is, as far as windows and budgets have room."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import cache

import redis
import structlog
from django.db import OperationalError, connection, transaction
from psycopg.errors import LockNotAvailable

from mentors.events import CallAdmitted, CallRefused, PumpDue
from mentors.manus import accounts, windows
from mentors.models import ManusAccount, ProviderCall
from mentors.services.credits import OverBudget, estimate_of, hold
from mentors.services.scheduling.queueing import return_to_queue
from mentors.services.scheduling.refilling import calls_to_remember
from mentors.services.scheduling.standings import frees_of, pool_served_by, standings_in, tell, windows_of
from mentors.services.scheduling.waiting import Pool, Row, load_waiting, move_to_front, save_round
from timetravelers.kit.clock import now
from timetravelers.kit.events import publish

log = structlog.get_logger(__name__)

LOCK = 0x7D_0A_0D_15  # an arbitrary number, the same in every process
LOCK_PATIENCE = "10s"
# An admission that nobody took up by then is somebody else's; as long as its slot stays reserved.
ADMISSION = timedelta(seconds=windows.RESERVED_SECONDS)
LEAST_PAUSE_SECONDS = 0.05
# Behind this the sweep comes by anyway.
LONGEST_PAUSE_SECONDS = 60.0
LAPSED_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Pumped:
    """How many calls were admitted and refused, and how many seconds until it is worth pumping again."""

    admitted: int = 0
    refused: int = 0
    pause: float | None = None


def pump() -> Pumped:
    """Admit calls while there is room. One process at a time; safe to call at any time, from any process.

    Takes an advisory lock, then the rows of the calls it admits (those in other hands are left for next time),
    then budgets. Nothing is admitted that is not committed together with its hold; slots reserved for nothing
    are given back. Publishes CallAdmitted, CallRefused and StandingChanged, and PumpDue for the next free slot.
    Raises redis.RedisError when Valkey does not answer: without its counters nothing may be sent.
    """
    try:
        with transaction.atomic():
            _let_nobody_else()
            return _pump()
    except OperationalError as problem:
        if not isinstance(problem.__cause__, LockNotAvailable):
            raise
        log.info("pump_is_busy")
        return Pumped()


def _let_nobody_else() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL lock_timeout = '{LOCK_PATIENCE}'")
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        cursor.execute("SET LOCAL lock_timeout = DEFAULT")


def _pump() -> Pumped:
    _take_back_lapsed()
    pools = load_waiting()
    if not pools:
        return Pumped()
    usable = accounts.usable()
    slots = _reserve(pools, usable)
    try:
        admitted, refused = _admit(pools, slots)
    finally:
        _give_back(slots)
    save_round(pools.values())
    pause = _tell_who_waits(pools, usable)
    if pause is not None:
        publish(PumpDue(pause))
    return Pumped(admitted, refused, pause)


def _take_back_lapsed() -> None:
    """Admissions that died with their worker stand at the head of the queue again, unless they may have been used."""
    lapsed = ProviderCall.objects.select_for_update(skip_locked=True).filter(
        state=ProviderCall.State.ADMITTED, started_at__isnull=True, admitted_at__lt=now() - ADMISSION
    )
    for call in lapsed.order_by("pk")[:LAPSED_AT_ONCE]:
        log.warning("admission_lapsed", subject=str(call.subject))
        return_to_queue(call)
        move_to_front(call.pool, call.lane, call.flow)


# Slots -------------------------------------------------------------------------------------------------


def _reserve(pools: dict[str, Pool], usable: list[ManusAccount]) -> dict[str, deque[windows.Slot]]:
    """As many slots as there are calls for them, before any row is locked."""
    wanted = windows_of(usable, pools)
    try:
        return _reserve_from(pools, wanted)
    except windows.Forgotten:
        log.warning("windows_forgotten")
        windows.shared().warm(calls_to_remember())
        return _reserve_from(pools, wanted)


def _reserve_from(pools: dict[str, Pool], wanted: dict[tuple[int, str], int]) -> dict[str, deque[windows.Slot]]:
    shares = _split(pools, wanted)
    slots: dict[str, deque[windows.Slot]] = {name: deque() for name in pools}
    for (account, endpoint), count in shares.items():
        got = windows.shared().reserve(account, endpoint, wanted[account, endpoint], count)
        slots[pool_served_by((account, endpoint))].extend(
            windows.Slot(account, endpoint, token) for token in got.tokens
        )
    return slots


def _split(pools: dict[str, Pool], wanted: dict[tuple[int, str], int]) -> dict[tuple[int, str], int]:
    """How many slots to take of each window; what several accounts can serve goes to who has most room."""
    room = {window: waits.count(0.0) for window, waits in windows.shared().free_in(wanted).items()}
    shares = dict.fromkeys(wanted, 0)
    for name, pool in pools.items():
        mine = [window for window in wanted if pool_served_by(window) == name]
        for _ in range(min(pool.waiting, sum(room[window] for window in mine))):
            window = max(mine, key=lambda one: room[one])
            room[window] -= 1
            shares[window] += 1
    return shares


def _give_back(slots: dict[str, deque[windows.Slot]]) -> None:
    """Slots that no call was admitted to: nobody knows of them."""
    for slot in (slot for left in slots.values() for slot in left):
        try:
            windows.shared().release(slot.account, slot.endpoint, [slot.token])
        except redis.RedisError:
            # It lapses by itself.
            log.warning("slot_not_given_back", endpoint=slot.endpoint)


# Calls -------------------------------------------------------------------------------------------------


def _admit(pools: dict[str, Pool], slots: dict[str, deque[windows.Slot]]) -> tuple[int, int]:
    estimate = cache(estimate_of)  # the same for all that are admitted together
    admitted = refused = 0
    for name, pool in pools.items():
        while slots[name] and (waiting := pool.queue.take()) is not None:
            row = pool.rows.pop(waiting.key)
            outcome = _admit_one(row, slots[name][0], estimate)
            if outcome:
                slots[name].popleft()
            admitted += outcome is True
            refused += outcome is False
    return admitted, refused


def _admit_one(row: Row, slot: windows.Slot, estimate: Callable[[str], int]) -> bool | None:
    """True when admitted, False when refused for its budget, None when the call is in other hands just now."""
    waiting = ProviderCall.objects.select_for_update(skip_locked=True)
    call = waiting.filter(pk=row.pk, state=ProviderCall.State.QUEUED).first()
    if call is None:
        return None
    moment = now()
    call.account_id = slot.account
    call.attempts += 1
    try:
        hold(call, estimate(call.kind), moment.date())
    except OverBudget as problem:
        _refuse(call, problem.scope)
        return False
    call.state, call.admitted_at, call.slot = ProviderCall.State.ADMITTED, moment, slot.token
    call.save()
    publish(CallAdmitted(call.subject))
    return True


def _refuse(call: ProviderCall, scope: str) -> None:
    if call.kind == ProviderCall.Kind.CREATE:
        call.account_id = None
    call.state, call.refusal, call.ended_at = ProviderCall.State.REFUSED, f"budget:{scope}", now()
    call.save()
    log.info("call_refused", subject=str(call.subject), scope=scope)
    publish(CallRefused(call.subject, "budget", scope))


def _tell_who_waits(pools: dict[str, Pool], usable: list[ManusAccount]) -> float | None:
    """Tell those who still wait where they stand, which uses the queues up; seconds until one of them may go on."""
    pools = {name: pool for name, pool in pools.items() if pool.rows}
    if not pools:
        return None
    frees = windows.shared().free_in(windows_of(usable, pools))
    pause = LONGEST_PAUSE_SECONDS
    for pool in pools.values():
        waits = frees_of(pool.name, frees)
        tell(pool, dict(standings_in(pool, waits)))
        pause = min(pause, min(waits, default=pause))
    return max(LEAST_PAUSE_SECONDS, pause)
