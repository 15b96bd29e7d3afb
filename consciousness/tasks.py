"""Background work of sessions: ids in, one service call."""

from uuid import UUID

import structlog
from celery import shared_task

from consciousness.services.calls import settle, unsettled
from consciousness.services.ends import end_idle
from consciousness.services.indexing import index_new_messages
from consciousness.services.missions import offer_mission_from
from consciousness.services.reminders import send_reminder, take_reminders
from consciousness.services.schedules import cancel_scheduled_with, open_due
from consciousness.services.steps import due_turns, step, stop_abandoned
from mentors.engines import EngineError

log = structlog.get_logger(__name__)


@shared_task(name="consciousness.step_turn")
def step_turn(turn: str) -> None:
    """Take the next step of a turn; does nothing when it is not due."""
    step(UUID(turn))


@shared_task(name="consciousness.step_turns")
def step_turns(turns: list[str]) -> None:
    """Have each of these turns take its next step: one message from the phone's side, however many began at once."""
    for turn in turns:
        step_turn.delay(turn)


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


@shared_task(name="consciousness.open_due_sessions")
def open_due_sessions() -> int:
    """Open the scheduled sessions whose time has come."""
    return open_due()


@shared_task(name="consciousness.end_idle_sessions")
def end_idle_sessions() -> int:
    """End the sessions in which nothing has happened for long."""
    return end_idle()


@shared_task(name="consciousness.cancel_sessions_with")
def cancel_sessions_with(traveler: str) -> None:
    """Call off what is scheduled with a Traveler that people do not meet any more."""
    cancel_scheduled_with(UUID(traveler))


@shared_task(name="consciousness.send_due_reminders")
def send_due_reminders() -> int:
    """Remind people of their sessions; each mail is tried by itself."""
    taken = take_reminders()
    for key in taken:
        send_reminder(key)
    return len(taken)


@shared_task(name="consciousness.index_messages")
def index_messages() -> int:
    """Make what was said since the last time findable."""
    return index_new_messages()


@shared_task(name="consciousness.settle_call")
def settle_call(turn: str) -> None:
    """Say what the call of an ended turn cost; if nobody can tell now, the sweep asks again."""
    try:
        settle(UUID(turn))
    except EngineError as problem:
        log.info("call_not_settled", turn=turn, trouble=problem.trouble.value)
