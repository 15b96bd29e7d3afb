"""Taking a step of a reflection: claimed by lease, chosen by state, and followed by the announcement of the next."""

import re
from collections.abc import Callable
from uuid import UUID

import redis
import structlog
from django.db.models import QuerySet

from consciousness.events import ReflectionDue
from consciousness.models import Reflection
from consciousness.services.leases import LeaseLost
from consciousness.services.reflecting import pace
from consciousness.services.reflecting.asking import ask
from consciousness.services.reflecting.collecting import collect, find_out, try_again
from consciousness.services.reflecting.ends import move_on, skip
from consciousness.services.reflecting.leases import Lease, claim
from mentors.engines import EngineError, Trouble
from timetravelers.kit.clock import now
from timetravelers.kit.disclosure import Withheld
from timetravelers.kit.events import publish

log = structlog.get_logger(__name__)

State = Reflection.State
REFERENCE = re.compile(r"TimeTravelers reflection (?P<uid>[0-9a-f]{32})\b")

_STEPS: dict[str, Callable[[Lease], None]] = {State.WAITING: ask, State.ASKED: find_out, State.RUNNING: collect}


def step(uid: UUID) -> None:
    """Take the next step of a reflection if it is due and nobody else is at it; safe to call at any time."""
    lease = claim(uid)
    if lease is None:
        return
    try:
        _take(lease)
    except Withheld:
        # The consent went while the step was taken; nothing was sent.
        skip(lease, "no_consent")
    except LeaseLost:
        log.info("reflection_moved_on", reflection=str(uid))
    except redis.RedisError:
        # Without the counters nothing may be sent.
        lease.postpone(pace.RECHECK_SECONDS)
    finally:
        lease.give_back()
    _go_on(uid)


def _take(lease: Lease) -> None:
    taken = State(lease.reflection.state)
    try:
        _STEPS[taken](lease)
    except EngineError as problem:
        log.warning("reflection_call_failed", reflection=str(lease.reflection.uid), trouble=problem.trouble.value)
        _settle(lease, problem, taken)


def _settle(lease: Lease, problem: EngineError, taken: Reflection.State) -> None:
    """What a failed call means, by how far its step had got."""
    has_called = lease.reflection.state != taken
    if problem.trouble is Trouble.BAD_WORDS:
        move_on(lease, "refused")
    elif problem.trouble in (Trouble.SHUT, Trouble.SPENT) and (has_called or taken == State.WAITING):
        move_on(lease, "provider_refused")
    elif has_called and not problem.ambiguous:
        try_again(lease)
    elif _is_out_of_patience(lease.reflection):
        move_on(lease, "provider_unavailable")
    else:
        lease.postpone(problem.retry_after or pace.RECHECK_SECONDS)


def _is_out_of_patience(reflection: Reflection) -> bool:
    return now() - (reflection.asked_at or reflection.created_at) > pace.PATIENCE


def _go_on(uid: UUID) -> None:
    """Announce the next step; the sweep is only behind it."""
    due_at = Reflection.objects.unfinished().filter(uid=uid).values_list("due_at", flat=True).first()
    if due_at is not None:
        publish(ReflectionDue(uid, max(0.0, (due_at - now()).total_seconds())))


def wake_task(task: str) -> None:
    """The provider says that a task stopped: the reflection that waits for it is due now."""
    _wake(Reflection.objects.filter(task=task, state=State.RUNNING) if task else Reflection.objects.none())


def wake_reference(reference: str) -> None:
    """The provider says that a task of this title exists: whoever does not know how its call ended is due now."""
    found = REFERENCE.match(reference)
    if found:
        _wake(Reflection.objects.filter(uid=UUID(found["uid"]), state=State.ASKED))


def wake_call(call: UUID) -> None:
    """The scheduler has decided about a call: the reflection that it is for is due now."""
    _wake(Reflection.objects.filter(uid=call, state=State.WAITING))


def _wake(waiting: QuerySet[Reflection]) -> None:
    waiting.update(due_at=now())
    for uid in waiting.values_list("uid", flat=True):
        publish(ReflectionDue(uid))


def due_reflections(limit: int = 100) -> list[UUID]:
    """Those that ought to be moving and are not: what the sweep sends on."""
    return list(Reflection.objects.due(now()).order_by("due_at").values_list("uid", flat=True)[:limit])
