"""Taking a step: claimed by lease, chosen by state, and followed by the announcement of the next one."""

import re
from collections.abc import Callable
from uuid import UUID

import redis
import structlog
from django.db.models import QuerySet

from consciousness.crisis import InDanger
from consciousness.events import TurnDue
from consciousness.models import Turn
from consciousness.services import outcomes
from consciousness.services.cards import show_card
from consciousness.services.leases import Lease, LeaseLost, claim
from consciousness.services.steps.collecting import collect
from consciousness.services.steps.finding import find_out
from consciousness.services.steps.pace import RECHECK_SECONDS, postpone
from consciousness.services.steps.sending import send
from consciousness.services.steps.settling import settle
from mentors.engines import EngineError, engine_named, read_conversation
from mentors.engines.manus import MANUS
from timetravelers.kit.clock import now
from timetravelers.kit.disclosure import Withheld
from timetravelers.kit.events import publish

log = structlog.get_logger(__name__)

REFERENCE = re.compile(r"TimeTravelers (?P<turn>[0-9a-f]{32})\b")

_STEPS: dict[str, Callable[[Lease], None]] = {
    Turn.State.QUEUED: send,
    Turn.State.SENT: find_out,
    Turn.State.RUNNING: collect,
}


def step(uid: UUID) -> None:
    """Take the next step of a turn if it is due and nobody else is at it; safe to call at any time."""
    lease = claim(uid)
    if lease is None:
        return
    taken = Turn.State(lease.turn.state)
    try:
        _take(lease, taken)
    except InDanger:
        # It was said into the turn while the step was taken; nothing was sent.
        show_card(lease)
    except Withheld:
        # The consent went while the step was taken; nothing was sent.
        outcomes.fail(lease, outcomes.NO_CONSENT)
    except LeaseLost:
        log.info("turn_moved_on", turn=str(uid))
    except redis.RedisError:
        # Without the counters nothing may be sent; the turn waits for them.
        postpone(lease, RECHECK_SECONDS)
    finally:
        lease.give_back()
    _go_on(uid)


def _take(lease: Lease, taken: Turn.State) -> None:
    try:
        _STEPS[taken](lease)
    except EngineError as problem:
        log.warning("engine_call_failed", turn=str(lease.turn.uid), trouble=problem.trouble.value)
        settle(lease, problem, taken)


def _go_on(uid: UUID) -> None:
    """Announce the next step: a postponed turn wakes itself, the sweep is only behind it."""
    turn = Turn.objects.unfinished().filter(uid=uid).first()
    if turn is not None:
        publish(TurnDue(uid, max(0.0, (turn.due_at - now()).total_seconds())))


def wake_task(task: str) -> None:
    """Manus says that it stopped: the turn in flight on this task is due now."""
    _wake(Turn.objects.filter(session__provider_task=task, state__in=Turn.IN_FLIGHT))


def wake_reference(reference: str) -> None:
    """Manus says that a task of this title exists: the turn that does not know how its call ended is due now."""
    match = REFERENCE.match(reference)
    if match:
        _wake(Turn.objects.filter(uid=UUID(match["turn"]), state=Turn.State.SENT))


def wake_call(call: UUID) -> None:
    """The scheduler has decided about a call: the turn that it is for is due now."""
    _wake(Turn.objects.filter(uid=call, state=Turn.State.QUEUED))


def _wake(waiting: QuerySet[Turn]) -> None:
    waiting.update(due_at=now())
    for turn in waiting:
        publish(TurnDue(turn.uid))


def stop_abandoned(conversation: str) -> None:
    """Spare the provider a reply nobody waits for, unless a newer turn is at work there; raises EngineError.

    `conversation` is `account/task`.
    """
    found = read_conversation(conversation)
    engine = engine_named(MANUS)
    busy = Turn.objects.filter(session__provider_task=found.task, state__in=Turn.IN_FLIGHT)
    if engine is not None and not busy.exists():
        engine.stop(found)


def due_turns(limit: int = 200) -> list[UUID]:
    """Turns that ought to be moving and are not: what the sweep sends on."""
    return list(Turn.objects.due(now()).order_by("due_at").values_list("uid", flat=True)[:limit])
