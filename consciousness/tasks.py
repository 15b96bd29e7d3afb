"""Background work of sessions: ids in, one service call."""

from uuid import UUID

import structlog
from celery import shared_task

from consciousness.services.calls import settle, unsettled
from consciousness.services.missions import offer_mission_from
from consciousness.services.steps import due_turns, step, stop_abandoned
from mentors.engines import EngineError

log = structlog.get_logger(__name__)


@shared_task(name="consciousness.step_turn")
def step_turn(turn: str) -> None:
    """Take the next step of a turn; does nothing when it is not due."""
    step(UUID(turn))


@shared_task(name="consciousness.sweep_turns")
def sweep_turns() -> int:
    """Send every turn on that ought to be moving, settle what is over; makes good what died with its process."""
    due = due_turns()
    for turn in due:
        step_turn.delay(str(turn))
    for turn in unsettled():
        settle_call.delay(str(turn))
    return len(due)


@shared_task(name="consciousness.offer_mission")
def offer_mission(session: str) -> None:
    """Offer a mission out of a session that has none yet."""
    offer_mission_from(UUID(session))


@shared_task(name="consciousness.stop_provider_task")
def stop_provider_task(task: str) -> None:
    """Spare the provider a reply nobody waits for; if it cannot be stopped, its reply is not used anyway."""
    try:
        stop_abandoned(task)
    except EngineError as problem:
        log.info("provider_task_not_stopped", trouble=problem.trouble.value)


@shared_task(name="consciousness.settle_call")
def settle_call(turn: str) -> None:
    """Say what the call of an ended turn cost; if nobody can tell now, the sweep asks again."""
    try:
        settle(UUID(turn))
    except EngineError as problem:
        log.info("call_not_settled", turn=turn, trouble=problem.trouble.value)
