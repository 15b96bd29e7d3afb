"""When an engine does not do as asked: what a failed call means for the turn, by how far its step had got."""

from collections.abc import Callable

from django.conf import settings

from consciousness.chains import engine_of
from consciousness.models import Turn
from consciousness.services import outcomes
from consciousness.services.leases import Lease
from consciousness.services.steps.moving import fill_in_if_late, move_on
from consciousness.services.steps.pace import (
    MAX_ATTEMPTS,
    RECHECK_SECONDS,
    VISIBLE_SECONDS,
    age,
    backoff,
    postpone,
    waited,
)
from consciousness.services.steps.waiting import keep_waiting, put_back, send_again
from mentors.engines import EngineError, Trouble


def settle(lease: Lease, problem: EngineError, taken: Turn.State) -> None:
    """Decide what a failed call means for the turn whose step was taken in the state `taken`."""
    _SETTLEMENTS[taken, Turn.State(lease.turn.state)](lease, problem)


def _before_sending(lease: Lease, problem: EngineError) -> None:
    """Reading the boundary failed, so nothing was sent."""
    if problem.trouble is Trouble.LOST:
        # The provider lost the conversation; the next step opens a new one from our own log.
        outcomes.forget_task(lease)
        postpone(lease, 0.0)
    elif problem.trouble in (Trouble.SHUT, Trouble.SPENT):
        move_on(lease, outcomes.PROVIDER_REFUSED, hopeful=True)
    elif waited(lease.turn) > settings.TURN_PATIENCE_SECONDS:
        move_on(lease, outcomes.PROVIDER_DOWN, hopeful=True)
    else:
        fill_in_if_late(lease)
        postpone(lease, problem.retry_after or RECHECK_SECONDS)


def _sending(lease: Lease, problem: EngineError) -> None:
    """The write itself failed."""
    if problem.ambiguous:
        postpone(lease, RECHECK_SECONDS)
        return
    match problem.trouble:
        case Trouble.BUSY if waited(lease.turn) < settings.TURN_PATIENCE_SECONDS:
            put_back(lease, problem.retry_after or backoff(lease.turn.attempts + 2))
        case Trouble.LOST:
            outcomes.forget_task(lease)
            put_back(lease, 0.0)
        case Trouble.BAD_WORDS:
            outcomes.fail(lease, outcomes.MESSAGE_REFUSED)
        case Trouble.SHUT | Trouble.SPENT:
            move_on(lease, outcomes.PROVIDER_REFUSED, hopeful=True)
        case _:
            send_again(lease)


def _answering(lease: Lease, problem: EngineError) -> None:
    """An engine that answers at once did not."""
    match problem.trouble:
        case Trouble.BAD_WORDS:
            outcomes.fail(lease, outcomes.MESSAGE_REFUSED)
        case Trouble.SHUT | Trouble.SPENT:
            move_on(lease, outcomes.PROVIDER_REFUSED, hopeful=True)
        case _ if lease.turn.attempts >= MAX_ATTEMPTS:
            move_on(lease, outcomes.PROVIDER_DOWN, hopeful=True)
        case _:
            fill_in_if_late(lease)
            postpone(lease, problem.retry_after or backoff(lease.turn.attempts))


def _finding_out(lease: Lease, problem: EngineError) -> None:
    """What became of a write cannot be seen now; sending again blindly could cost twice."""
    if age(lease.turn) > settings.TURN_PATIENCE_SECONDS:
        move_on(lease, outcomes.PROVIDER_DOWN, hopeful=False)
    else:
        fill_in_if_late(lease)
        postpone(lease, problem.retry_after or RECHECK_SECONDS)


def _reading(lease: Lease, problem: EngineError) -> None:
    """A failed look at a running turn changes nothing at the provider: look again, but not for ever."""
    engine = engine_of(lease.turn)
    if engine is not None and engine.answers_at_once:
        _answering(lease, problem)
    elif problem.trouble is Trouble.LOST and age(lease.turn) > VISIBLE_SECONDS:
        move_on(lease, outcomes.PROVIDER_FAILED, hopeful=False, abandon_task=True)
    else:
        keep_waiting(lease)


# By the state in which the step began, and the one it had reached.
_SETTLEMENTS: dict[tuple[Turn.State, Turn.State], Callable[[Lease, EngineError], None]] = {
    (Turn.State.QUEUED, Turn.State.QUEUED): _before_sending,
    (Turn.State.QUEUED, Turn.State.SENT): _sending,
    (Turn.State.QUEUED, Turn.State.RUNNING): _answering,
    (Turn.State.SENT, Turn.State.SENT): _finding_out,
    (Turn.State.RUNNING, Turn.State.RUNNING): _reading,
}
