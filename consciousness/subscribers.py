"""What sessions do when something happened: ring sockets, and send turns on their way."""

from accounts.events import AccountDeletionRequested, AccountErasing, SignInEnded, TokensRevoked
from consciousness.events import (
    ReplyGrew,
    SessionLogGrew,
    TaskAbandoned,
    TurnCancelled,
    TurnCompleted,
    TurnDue,
    TurnEnded,
)
from consciousness.groups import person_group, session_group
from consciousness.services.departures import take_back
from consciousness.services.standings import note_standing, note_task_over_budget
from consciousness.services.steps import wake_call, wake_reference, wake_task
from consciousness.tasks import offer_mission, settle_call, step_turn, stop_provider_task
from mentors.events import (
    CallAdmitted,
    CallRefused,
    ManusTaskCreated,
    ManusTaskStopped,
    StandingChanged,
    TaskOverBudget,
)
from timetravelers.kit.events import subscribe
from timetravelers.kit.live.doorbell import call_for_papers, ring, tell


def ring_sockets(event: SessionLogGrew) -> None:
    ring(session_group(event.session), event.seq)


def check_sockets(event: TokensRevoked | SignInEnded) -> None:
    call_for_papers(person_group(event.user_id))


def send_on(event: TurnDue) -> None:
    step_turn.apply_async((str(event.turn),), countdown=event.delay)


def offer_after_reply(event: TurnCompleted) -> None:
    offer_mission.delay(str(event.session))


def stop_at_provider(event: TaskAbandoned | TurnCancelled) -> None:
    stop_provider_task.delay(event.task)


def look_at_once(event: ManusTaskStopped) -> None:
    wake_task(event.task)


def look_for_task(event: ManusTaskCreated) -> None:
    wake_reference(event.reference)


def call_or_give_up(event: CallAdmitted | CallRefused) -> None:
    wake_call(event.subject)


def tell_standing(event: StandingChanged) -> None:
    news = note_standing(event.subject, event.position, event.eta_seconds)
    if news is not None:
        tell(session_group(news.session), "turn.queued", news.data)


def tell_reply(event: ReplyGrew) -> None:
    data = {"turn": str(event.turn), "offset": event.offset, "text": event.text}
    tell(session_group(event.session), "turn.delta", data)


def end_over_budget(event: TaskOverBudget) -> None:
    note_task_over_budget(event.subject)


def settle_soon(event: TurnEnded) -> None:
    settle_call.delay(str(event.turn))


def take_back_from_provider(event: AccountDeletionRequested | AccountErasing) -> None:
    take_back(event.user_id, event.deletion)


def connect() -> None:
    """Subscribe all of the above; called when the app is ready."""
    subscribe(SessionLogGrew, ring_sockets)
    subscribe(TokensRevoked, check_sockets)
    subscribe(SignInEnded, check_sockets)
    subscribe(TurnDue, send_on)
    subscribe(TurnCompleted, offer_after_reply)
    subscribe(TaskAbandoned, stop_at_provider)
    subscribe(TurnCancelled, stop_at_provider)
    subscribe(ManusTaskStopped, look_at_once)
    subscribe(ManusTaskCreated, look_for_task)
    subscribe(CallAdmitted, call_or_give_up)
    subscribe(CallRefused, call_or_give_up)
    subscribe(StandingChanged, tell_standing)
    subscribe(ReplyGrew, tell_reply)
    subscribe(TaskOverBudget, end_over_budget)
    subscribe(TurnEnded, settle_soon)
    subscribe(AccountDeletionRequested, take_back_from_provider, in_transaction=True)
    # Again at the last moment: a worker may have been sending when the account was shut.
    subscribe(AccountErasing, take_back_from_provider, in_transaction=True)
