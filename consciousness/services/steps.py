"""One step of a turn: what a worker does when a turn is due.

    queued  --intent stored-->  sent  --provider has it-->  running  --reply-->  completed
                 ^                |                            |---->  waiting (a question)
                 `--- not there --'                            `---->  failed

The call to the provider is made between two transactions. Whoever finds a turn in `sent` cannot know whether
the call happened, so it looks before it sends again; a reply is fetched and stored once, whoever asks for it.
"""

import random
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import redis
import structlog
from django.conf import settings

from accounts.models import Consent
from accounts.selectors import live_consent
from consciousness.events import TurnDue
from consciousness.models import Turn
from consciousness.selectors import briefing_of, words_of
from consciousness.services import outcomes
from consciousness.services.leases import Lease, LeaseLost, claim
from consciousness.services.turns import announce_queued, provider_call, reference_of
from mentors.manus import engine, quota
from mentors.manus.conversation import TurnState
from mentors.manus.errors import InvalidRequest, ManusError, NotFound, RateLimited
from timetravelers.kit.clock import now
from timetravelers.kit.events import publish

log = structlog.get_logger(__name__)

MAX_ATTEMPTS = 6
# How long a new task may take to become visible at the provider.
VISIBLE_SECONDS = 90.0
RECHECK_SECONDS = 4.0
LONGEST_BACKOFF_SECONDS = 60.0


def step(uid: UUID) -> None:
    """Take the next step of a turn if it is due and nobody else is at it; safe to call at any time."""
    lease = claim(uid)
    if lease is None:
        return
    taken = Turn.State(lease.turn.state)
    try:
        _STEPS[taken](lease)
    except LeaseLost:
        log.info("turn_moved_on", turn=str(uid))
    except ManusError as problem:
        _settle(lease, problem, taken)
    except redis.RedisError:
        # Without the counters nothing may be sent; the turn waits for them.
        _postpone(lease, RECHECK_SECONDS)
    finally:
        lease.give_back()
    _go_on(uid)


def _go_on(uid: UUID) -> None:
    """Announce the next step: a postponed turn wakes itself, the sweep is only behind it."""
    turn = Turn.objects.unfinished().filter(uid=uid).first()
    if turn is not None:
        publish(TurnDue(uid, max(0.0, (turn.due_at - now()).total_seconds())))


# Queued ------------------------------------------------------------------------------------------------


def _send(lease: Lease) -> None:
    session = lease.turn.session
    if _must_wait_for_another(lease.turn):
        _postpone(lease, RECHECK_SECONDS)
    elif live_consent(session.user_id, Consent.Purpose.AI_PROVIDER) is None:
        outcomes.fail(lease, outcomes.NO_CONSENT)
    elif (wait := quota.acquire(provider_call(session))) > 0:
        _stand_in_line(lease, wait)
    else:
        _call_provider(lease)


def _must_wait_for_another(turn: Turn) -> bool:
    others = turn.session.turns.exclude(pk=turn.pk)
    earlier = others.unfinished().filter(pk__lt=turn.pk)
    return earlier.exists() or others.filter(state__in=Turn.IN_FLIGHT).exists()


def _stand_in_line(lease: Lease, wait: float) -> None:
    with lease.locked() as (session, turn):
        announce_queued(session, turn, wait=wait)
    _postpone(lease, wait)


def _call_provider(lease: Lease) -> None:
    session = lease.turn.session
    cursor = engine.newest_event(session.provider_task) if session.provider_task else ""
    _store_intent(lease, cursor)
    words = words_of(lease.turn)
    if session.provider_task:
        engine.say(session.provider_task, words)
        task = session.provider_task
    else:
        task = engine.start(reference=reference_of(lease.turn), briefing=briefing_of(session), text=words)
    _mark_running(lease, task)


def _store_intent(lease: Lease, cursor: str) -> None:
    with lease.locked() as (session, turn):
        session.provider_cursor = cursor
        session.save(update_fields=["provider_cursor", "updated_at"])
        turn.state = Turn.State.SENT
        turn.sent_at = now()
        turn.attempts += 1
        turn.save(update_fields=["state", "sent_at", "attempts", "updated_at"])
    lease.turn.state, lease.turn.sent_at, lease.turn.attempts = turn.state, turn.sent_at, turn.attempts


def _mark_running(lease: Lease, task: str) -> None:
    outcomes.mark_running(lease, task=task, due_at=now() + timedelta(seconds=settings.TURN_POLL_SECONDS))


# Sent --------------------------------------------------------------------------------------------------


def _find_out(lease: Lease) -> None:
    """Somebody meant to call the provider and did not say how it went."""
    task = _task_that_has_it(lease.turn)
    if task:
        _mark_running(lease, task)
    elif _age(lease.turn) < settings.TURN_SETTLE_SECONDS:  # what was sent may take this long to show
        _postpone(lease, RECHECK_SECONDS)
    else:
        _send_again(lease)


def _task_that_has_it(turn: Turn) -> str | None:
    session = turn.session
    if not session.provider_task:
        return engine.find(reference_of(turn))
    return session.provider_task if engine.heard(session.provider_task, session.provider_cursor) else None


def _send_again(lease: Lease) -> None:
    if lease.turn.attempts >= MAX_ATTEMPTS:
        outcomes.fail(lease, outcomes.PROVIDER_DOWN)
    else:
        outcomes.requeue(lease, due_at=now() + timedelta(seconds=_backoff(lease.turn.attempts)))


# Running -----------------------------------------------------------------------------------------------


def _collect(lease: Lease) -> None:
    session = lease.turn.session
    found = engine.look(session.provider_task, session.provider_cursor)
    outcome = found.outcome
    match outcome.state:
        case TurnState.STOPPED if outcome.text:
            outcomes.reply(lease, text=outcome.text, simulated=found.simulated)
        case TurnState.WAITING if outcome.question:
            outcomes.ask(lease, question=outcome.question, simulated=found.simulated)
        case TurnState.ERROR:
            # A task that failed takes no more messages.
            outcomes.fail(lease, outcomes.PROVIDER_FAILED, abandon_task=True)
        case TurnState.STOPPED | TurnState.WAITING:
            outcomes.fail(lease, outcomes.PROVIDER_FAILED)
        case _:
            _keep_waiting(lease)


def _keep_waiting(lease: Lease) -> None:
    age = _age(lease.turn)
    if age > settings.TURN_PATIENCE_SECONDS:
        outcomes.fail(lease, outcomes.PROVIDER_SILENT, abandon_task=True)
    else:
        # Reads are limited too: the longer a turn takes, the less often it is looked at.
        _postpone(lease, min(max(settings.TURN_POLL_SECONDS, age / 6), 15.0))


# When the provider does not do as asked ----------------------------------------------------------------


def _settle(lease: Lease, problem: ManusError, taken: Turn.State) -> None:
    """Decide what a failed call means for the turn whose step was taken in the state `taken`."""
    log.warning("provider_call_failed", turn=str(lease.turn.uid), kind=type(problem).__name__)
    try:
        _SETTLEMENTS[taken, Turn.State(lease.turn.state)](lease, problem)
    except LeaseLost:
        log.info("turn_moved_on", turn=str(lease.turn.uid))


def _settle_reading(lease: Lease, problem: ManusError) -> None:
    """A failed look at a running turn changes nothing at the provider: look again, but not for ever."""
    lost = isinstance(problem, NotFound) and _age(lease.turn) > VISIBLE_SECONDS
    if lost:
        outcomes.fail(lease, outcomes.PROVIDER_FAILED, abandon_task=True)
    else:
        _keep_waiting(lease)


def _settle_before_sending(lease: Lease, problem: ManusError) -> None:
    """Reading the boundary failed, so nothing was sent."""
    if isinstance(problem, NotFound):
        # The provider lost the conversation; the next step opens a new one from our own log.
        _forget_task(lease)
        _postpone(lease, 0.0)
    elif _waited(lease.turn) > settings.TURN_PATIENCE_SECONDS:
        outcomes.fail(lease, outcomes.PROVIDER_DOWN)
    else:
        _postpone(lease, RECHECK_SECONDS)


def _settle_sending(lease: Lease, problem: ManusError) -> None:
    """The write itself failed."""
    if problem.ambiguous:
        _postpone(lease, RECHECK_SECONDS)
    elif isinstance(problem, RateLimited) and _waited(lease.turn) < settings.TURN_PATIENCE_SECONDS:
        outcomes.requeue(lease, due_at=now() + timedelta(seconds=_backoff(lease.turn.attempts + 2)))
    elif isinstance(problem, NotFound):
        _forget_task(lease)
        outcomes.requeue(lease, due_at=now())
    elif isinstance(problem, InvalidRequest):
        outcomes.fail(lease, outcomes.MESSAGE_REFUSED)
    elif problem.retryable:
        _send_again(lease)
    else:
        outcomes.fail(lease, outcomes.PROVIDER_REFUSED)


def _settle_finding_out(lease: Lease, _problem: ManusError) -> None:
    """What became of a write cannot be seen now; sending again blindly could cost twice."""
    if _age(lease.turn) > settings.TURN_PATIENCE_SECONDS:
        outcomes.fail(lease, outcomes.PROVIDER_DOWN)
    else:
        _postpone(lease, RECHECK_SECONDS)


def _forget_task(lease: Lease) -> None:
    with lease.locked() as (session, _turn):
        session.provider_task = session.provider_cursor = ""
        session.save(update_fields=["provider_task", "provider_cursor", "updated_at"])


def _postpone(lease: Lease, seconds: float) -> None:
    lease.postpone(now() + timedelta(seconds=seconds))


def _age(turn: Turn) -> float:
    """Seconds since the provider was, or was to be, called."""
    return (now() - turn.sent_at).total_seconds() if turn.sent_at else 0.0


def _waited(turn: Turn) -> float:
    """Seconds since the person spoke."""
    return (now() - turn.created_at).total_seconds()


def _backoff(attempt: int) -> float:
    """Bounded exponential back-off with full jitter, in seconds."""
    return random.uniform(0.5, 1.0) * min(LONGEST_BACKOFF_SECONDS, 2.0**attempt)  # noqa: S311 - not a secret


_STEPS: dict[str, Callable[[Lease], None]] = {
    Turn.State.QUEUED: _send,
    Turn.State.SENT: _find_out,
    Turn.State.RUNNING: _collect,
}
# By the state in which the step began, and the one it had reached.
_SETTLEMENTS: dict[tuple[Turn.State, Turn.State], Callable[[Lease, ManusError], None]] = {
    (Turn.State.QUEUED, Turn.State.QUEUED): _settle_before_sending,
    (Turn.State.QUEUED, Turn.State.SENT): _settle_sending,
    (Turn.State.SENT, Turn.State.SENT): _settle_finding_out,
    (Turn.State.RUNNING, Turn.State.RUNNING): _settle_reading,
}


def wake_task(task: str) -> None:
    """Manus says that it stopped: the turn in flight on this task is due now."""
    waiting = Turn.objects.filter(session__provider_task=task, state__in=Turn.IN_FLIGHT)
    waiting.update(due_at=now())
    for turn in waiting:
        publish(TurnDue(turn.uid))


def stop_abandoned(task: str) -> None:
    """Spare the provider a reply nobody waits for, unless a newer turn is at work on its task; raises ManusError."""
    if not Turn.objects.filter(session__provider_task=task, state__in=Turn.IN_FLIGHT).exists():
        engine.stop(task)


def due_turns(limit: int = 200) -> list[UUID]:
    """Turns that ought to be moving and are not: what the sweep sends on."""
    return list(Turn.objects.due(now()).order_by("due_at").values_list("uid", flat=True)[:limit])
