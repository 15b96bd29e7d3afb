"""What sessions do when something happened: ring sockets, and send turns on their way."""

from accounts.events import AccountDeletionRequested, AccountErasing, SignInEnded, TokensRevoked
from consciousness.events import SessionLogGrew, TaskAbandoned, TurnCancelled, TurnCompleted, TurnDue
from consciousness.groups import person_group, session_group
from consciousness.services.departures import take_back
from consciousness.services.steps import wake_task
from consciousness.tasks import offer_mission, step_turn, stop_provider_task
from mentors.events import ManusTaskStopped
from timetravelers.kit.events import subscribe
from timetravelers.kit.live.doorbell import call_for_papers, ring


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
    subscribe(AccountDeletionRequested, take_back_from_provider, in_transaction=True)
    # Again at the last moment: a worker may have been sending when the account was shut.
    subscribe(AccountErasing, take_back_from_provider, in_transaction=True)
