"""What sessions do when something happened: ring sockets, and send turns on their way."""

from consciousness.events import SessionLogGrew, TaskAbandoned, TurnCancelled, TurnCompleted, TurnDue
from consciousness.groups import session_group
from consciousness.services.steps import wake_task
from consciousness.tasks import offer_mission, step_turn, stop_provider_task
from mentors.events import ManusTaskStopped
from timetravelers.kit.events import subscribe
from timetravelers.kit.live.doorbell import ring


def ring_sockets(event: SessionLogGrew) -> None:
    ring(session_group(event.session), event.seq)


def send_on(event: TurnDue) -> None:
    step_turn.apply_async((str(event.turn),), countdown=event.delay)


def offer_after_reply(event: TurnCompleted) -> None:
    offer_mission.delay(str(event.session))


def stop_at_provider(event: TaskAbandoned | TurnCancelled) -> None:
    stop_provider_task.delay(event.task)


def look_at_once(event: ManusTaskStopped) -> None:
    wake_task(event.task)


def connect() -> None:
    """Subscribe all of the above; called when the app is ready."""
    subscribe(SessionLogGrew, ring_sockets)
    subscribe(TurnDue, send_on)
    subscribe(TurnCompleted, offer_after_reply)
    subscribe(TaskAbandoned, stop_at_provider)
    subscribe(TurnCancelled, stop_at_provider)
    subscribe(ManusTaskStopped, look_at_once)
