"""Background work of sessions: ids in, one service call."""

from uuid import UUID

import structlog
from celery import shared_task

from consciousness.selectors.sessions import open_sessions_by_traveler
from consciousness.services import reflecting
from consciousness.services.calls import settle, unsettled
from consciousness.services.embedding import embed_passages as embed_some_passages
from consciousness.services.ends import end_idle
from consciousness.services.files.arrivals import fetch_file as fetch_offered_file
from consciousness.services.files.checks import check_file as look_into_file
from consciousness.services.files.checks import due_files
from consciousness.services.files.remnants import clear_remnants as clear_file_remnants
from consciousness.services.indexing import index_new_messages
from consciousness.services.missions import offer_mission_from
from consciousness.services.passages import read_ended_turns
from consciousness.services.reminders import send_reminder, take_reminders
from consciousness.services.schedules import cancel_scheduled_with, open_due
from consciousness.services.steps import due_turns, step, stop_abandoned
from consciousness.services.summing import advance_summary
from consciousness.services.titles import title_by_rules
from matching.services.occupancy import note_occupancy
from mentors.engines import EngineError

log = structlog.get_logger(__name__)

# Away from turns, which people wait for.
FILES = "default"


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


@shared_task(name="consciousness.name_session")
def name_session(session: str) -> None:
    """Give a session that has no title one."""
    title_by_rules(UUID(session))


@shared_task(name="consciousness.reflect")
def reflect(reflection: str) -> None:
    """Take the next step of looking back at a session; does nothing when it is not due."""
    reflecting.step(UUID(reflection))


@shared_task(name="consciousness.sweep_reflections")
def sweep_reflections() -> int:
    """Send on every reflection that ought to be moving."""
    due = reflecting.due_reflections()
    for reflection in due:
        reflect.delay(str(reflection))
    return len(due)


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


@shared_task(name="consciousness.count_open_sessions")
def count_open_sessions() -> int:
    """Tell matching how many sessions each Traveler holds, so that it proposes none that is full; on a schedule."""
    tally = note_occupancy(people=open_sessions_by_traveler())
    return tally.created + tally.changed + tally.removed


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


@shared_task(name="consciousness.embed_passages")
def embed_passages() -> int:
    """Have recall find what was said since the last time: by its words at once, by its meaning bit by bit."""
    read_ended_turns()
    return embed_some_passages()


@shared_task(name="consciousness.sum_up_session")
def sum_up_session(session: str) -> None:
    """Sum up what is far enough back; what is left over now, the next reply sees to."""
    while advance_summary(UUID(session)):
        continue


@shared_task(name="consciousness.settle_call")
def settle_call(turn: str) -> None:
    """Say what the call of an ended turn cost; if nobody can tell now, the sweep asks again."""
    try:
        settle(UUID(turn))
    except EngineError as problem:
        log.info("call_not_settled", turn=turn, trouble=problem.trouble.value)


@shared_task(name="consciousness.check_file")
def check_file(file: str) -> None:
    """Look into a file that has come in; does nothing when it is not due."""
    look_into_file(UUID(file))


@shared_task(name="consciousness.fetch_file")
def fetch_file(file: str) -> None:
    """Fetch a file that came with a reply; does nothing when it is not due."""
    fetch_offered_file(UUID(file))


@shared_task(name="consciousness.clear_remnants")
def clear_remnants() -> int:
    """Delete what files that are gone have left elsewhere."""
    return clear_file_remnants()


@shared_task(name="consciousness.sweep_files")
def sweep_files() -> int:
    """Send every file on that ought to be fetched or looked into; makes good what died with its process."""
    due = due_files()
    for uid, is_offered in due:
        (fetch_file if is_offered else check_file).apply_async((str(uid),), queue=FILES)
    clear_remnants.apply_async(queue=FILES)
    return len(due)
