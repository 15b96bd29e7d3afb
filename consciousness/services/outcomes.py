"""How turns end: with a reply, with a question, or with a failure that says whether to try again."""

from dataclasses import dataclass
from datetime import datetime

import structlog

from consciousness.events import TaskAbandoned, TurnCompleted
from consciousness.models import Message, Session, Turn
from consciousness.services.leases import Lease
from consciousness.services.log import append, append_message
from consciousness.services.turns import wake_queued
from timetravelers.kit.clock import now
from timetravelers.kit.events import publish

log = structlog.get_logger(__name__)

ENGINE = "manus"


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a turn failed, in a stable code and a sentence that says nothing of our insides."""

    code: str
    detail: str
    retryable: bool


NO_CONSENT = Failure("consent_required", "Allow the AI provider first; your message is kept.", retryable=True)
PROVIDER_DOWN = Failure(
    "provider_unavailable", "The mentor cannot be reached just now. Try again soon.", retryable=True
)
PROVIDER_SILENT = Failure("provider_silent", "No reply came in time. You can try again.", retryable=True)
PROVIDER_REFUSED = Failure("provider_refused", "The mentor cannot answer right now; we are on it.", retryable=True)
PROVIDER_FAILED = Failure("provider_failed", "The mentor could not finish this reply. Try again.", retryable=True)
MESSAGE_REFUSED = Failure("message_refused", "This message could not be taken. Say it in other words.", retryable=False)


def reply(lease: Lease, *, text: str, simulated: bool) -> None:
    """Complete the turn with what the Traveler said."""
    with lease.locked() as (session, turn):
        message = _store_reply(session, turn, text, simulated=simulated)
        _end(turn, Turn.State.COMPLETED)
        append(session, "turn.completed", {"turn": str(turn.uid), "message": str(message.uid)})
        publish(TurnCompleted(session.uid, turn.uid))
        wake_queued(session)


def ask(lease: Lease, *, question: str, simulated: bool) -> None:
    """End the turn with the Traveler's question, which the next message answers."""
    with lease.locked() as (session, turn):
        message = _store_reply(session, turn, question, simulated=simulated)
        _end(turn, Turn.State.WAITING)
        append(session, "turn.waiting", {"turn": str(turn.uid), "question": question, "message": str(message.uid)})
        wake_queued(session)


def fail(lease: Lease, failure: Failure, *, abandon_task: bool = False) -> None:
    """End the turn without a reply; what was said stays and can be sent again.

    A provider task that is abandoned is never used again: the next turn opens a new one.
    """
    log.warning("turn_failed", turn=str(lease.turn.uid), failure=failure.code)
    with lease.locked() as (session, turn):
        if abandon_task:
            publish(TaskAbandoned(session.provider_task))
            session.former_tasks.append(session.provider_task)
            session.provider_task = session.provider_cursor = ""
            session.save(update_fields=["provider_task", "former_tasks", "provider_cursor", "updated_at"])
        turn.failure = failure.code
        _end(turn, Turn.State.FAILED)
        append(
            session,
            "turn.failed",
            {
                "turn": str(turn.uid),
                "code": failure.code,
                "detail": failure.detail,
                "retryable": failure.retryable,
            },
        )
        wake_queued(session)


def mark_running(lease: Lease, *, task: str, due_at: datetime) -> None:
    """The provider has the message: remember its task and say that the reply is on its way."""
    with lease.locked() as (session, turn):
        if session.provider_task != task:
            session.provider_task = task
            session.save(update_fields=["provider_task", "updated_at"])
        turn.state = Turn.State.RUNNING
        turn.due_at = due_at
        turn.save(update_fields=["state", "due_at", "updated_at"])
        append(session, "turn.started", {"turn": str(turn.uid)})


def requeue(lease: Lease, *, due_at: datetime) -> None:
    """The provider does not have the message: send it again at `due_at`."""
    with lease.locked() as (_session, turn):
        turn.state = Turn.State.QUEUED
        turn.due_at = due_at
        turn.save(update_fields=["state", "due_at", "updated_at"])


def _store_reply(session: Session, turn: Turn, text: str, *, simulated: bool) -> Message:
    message = Message.objects.create(
        session=session,
        turn=turn,
        author=Message.Author.TRAVELER,
        text=text,
        engine=ENGINE,
        simulated=simulated,
    )
    append_message(session, message, turn)
    return message


def _end(turn: Turn, state: Turn.State) -> None:
    turn.state = state
    turn.ended_at = now()
    turn.lease_holder = turn.lease_until = None
    turn.save(update_fields=["state", "failure", "ended_at", "lease_holder", "lease_until", "updated_at"])
