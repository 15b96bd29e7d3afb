"""What sessions do when something happened: ring sockets, and send turns on their way."""

from accounts.events import AccountDeletionRequested, AccountErasing, SignInEnded, TokensRevoked
from consciousness.announcements import ReadingTold, ReplyTold
from consciousness.events import (
    FileArrived,
    FileOffered,
    LogsGrew,
    ReadingMoved,
    ReflectionDue,
    RemnantsLeft,
    ReplyGrew,
    SessionDeleted,
    SessionRated,
    TaskAbandoned,
    TurnCancelled,
    TurnCompleted,
    TurnDue,
    TurnEnded,
    TurnsBegan,
)
from consciousness.groups import person_group, session_group
from consciousness.models import File
from consciousness.services import reflecting
from consciousness.services.departures import take_back
from consciousness.services.files.remnants import leave_remnants
from consciousness.services.standings import note_standing, note_task_over_budget
from consciousness.services.steps import wake_call, wake_reference, wake_task
from consciousness.tasks import (
    FILES,
    cancel_sessions_with,
    check_file,
    clear_remnants,
    fetch_file,
    name_session,
    offer_mission,
    reflect,
    settle_call,
    step_turn,
    step_turns,
    stop_provider_task,
    sum_up_session,
)
from matching.services.evidence import forget_session, note_session_rating
from mentors.events import (
    CallAdmitted,
    CallRefused,
    ManusTaskCreated,
    ManusTaskStopped,
    StandingChanged,
    TaskOverBudget,
    TravelerStateChanged,
)
from mentors.models import TravelerState
from timetravelers.kit.events import subscribe
from timetravelers.kit.live.doorbell import call_for_papers, ring, tell


def ring_sockets(event: LogsGrew) -> None:
    ring({session_group(session): seq for session, seq in event.seqs})


def check_sockets(event: TokensRevoked | SignInEnded) -> None:
    call_for_papers(person_group(event.user_id))


def close_sockets(event: SessionDeleted) -> None:
    call_for_papers(session_group(event.session))


def send_on(event: TurnDue) -> None:
    step_turn.apply_async((str(event.turn),), countdown=event.delay)


def set_out(event: TurnsBegan) -> None:
    step_turns.delay([str(turn) for turn in event.turns])


def offer_after_reply(event: TurnCompleted) -> None:
    offer_mission.delay(str(event.session))


def sum_up_after_reply(event: TurnCompleted) -> None:
    sum_up_session.delay(str(event.session))


def name_after_reply(event: TurnCompleted) -> None:
    name_session.delay(str(event.session))


def look_back(event: ReflectionDue) -> None:
    reflect.apply_async((str(event.reflection),), countdown=event.delay)


def stop_at_provider(event: TaskAbandoned | TurnCancelled) -> None:
    stop_provider_task.delay(event.task)


def look_at_once(event: ManusTaskStopped) -> None:
    wake_task(event.task)
    reflecting.wake_task(event.task)


def look_for_task(event: ManusTaskCreated) -> None:
    wake_reference(event.reference)
    reflecting.wake_reference(event.reference)


def call_or_give_up(event: CallAdmitted | CallRefused) -> None:
    wake_call(event.subject)
    reflecting.wake_call(event.subject)


def tell_standing(event: StandingChanged) -> None:
    news = note_standing(event.subject, event.position, event.eta_seconds)
    if news is not None:
        tell(session_group(news.session), news.told.kind, news.told)


def tell_reply(event: ReplyGrew) -> None:
    told = ReplyTold(turn=event.turn, offset=event.offset, text=event.text)
    tell(session_group(event.session), told.kind, told)


def tell_reading(event: ReadingMoved) -> None:
    told = ReadingTold(seq=event.seq)
    tell(session_group(event.session), told.kind, told)


def end_over_budget(event: TaskOverBudget) -> None:
    note_task_over_budget(event.subject)


def settle_soon(event: TurnEnded) -> None:
    settle_call.delay(str(event.turn))


def take_back_from_provider(event: AccountDeletionRequested | AccountErasing) -> None:
    take_back(event.user_id, event.deletion)


def look_into_file(event: FileArrived) -> None:
    check_file.apply_async((str(event.file),), queue=FILES)


def go_and_fetch(event: FileOffered) -> None:
    fetch_file.apply_async((str(event.file),), queue=FILES)


def clear_up(_event: RemnantsLeft) -> None:
    clear_remnants.apply_async(queue=FILES)


def note_what_is_left(event: AccountErasing) -> None:
    leave_remnants(File.objects.filter(user_id=event.user_id))


def call_off_with(event: TravelerStateChanged) -> None:
    if event.state == TravelerState.RETIRED:
        cancel_sessions_with.delay(str(event.traveler))


def tell_matching(event: SessionRated) -> None:
    note_session_rating(user_id=event.user_id, traveler_id=event.traveler_id, session=event.session, stars=event.stars)


def have_matching_forget(event: SessionDeleted) -> None:
    forget_session(user_id=event.user_id, session=event.session)


def connect() -> None:
    """Subscribe all of the above; called when the app is ready."""
    subscribe(LogsGrew, ring_sockets)
    subscribe(TokensRevoked, check_sockets)
    subscribe(SignInEnded, check_sockets)
    subscribe(SessionDeleted, close_sockets)
    subscribe(SessionRated, tell_matching, in_transaction=True)
    subscribe(SessionDeleted, have_matching_forget, in_transaction=True)
    subscribe(TurnDue, send_on)
    subscribe(TurnsBegan, set_out)
    subscribe(TurnCompleted, offer_after_reply)
    subscribe(TurnCompleted, name_after_reply)
    subscribe(ReflectionDue, look_back)
    subscribe(TurnCompleted, sum_up_after_reply)
    subscribe(TaskAbandoned, stop_at_provider)
    subscribe(TurnCancelled, stop_at_provider)
    subscribe(ManusTaskStopped, look_at_once)
    subscribe(ManusTaskCreated, look_for_task)
    subscribe(CallAdmitted, call_or_give_up)
    subscribe(CallRefused, call_or_give_up)
    subscribe(StandingChanged, tell_standing)
    subscribe(ReplyGrew, tell_reply)
    subscribe(ReadingMoved, tell_reading)
    subscribe(TaskOverBudget, end_over_budget)
    subscribe(TurnEnded, settle_soon)
    subscribe(TravelerStateChanged, call_off_with)
    subscribe(FileArrived, look_into_file)
    subscribe(FileOffered, go_and_fetch)
    subscribe(RemnantsLeft, clear_up)
    subscribe(AccountDeletionRequested, take_back_from_provider, in_transaction=True)
    # Again at the last moment: a worker may have been sending when the account was shut.
    subscribe(AccountErasing, take_back_from_provider, in_transaction=True)
    subscribe(AccountErasing, note_what_is_left, in_transaction=True)
