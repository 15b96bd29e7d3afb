"""What becomes of turns: sent, running, ended with a reply, a question or a failure, or handed to another engine."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

import structlog

from consciousness.announcements import TurnFailed, TurnStarted
from consciousness.asking import Parcel
from consciousness.events import TurnCompleted
from consciousness.models import Message, Session, Turn
from consciousness.services import calls
from consciousness.services.endings import (
    abandon,
    close_now,
    end_turn,
    end_without_reply,
    leave_busy_task,
    leave_task,
    report_reply,
    standing_reply,
    state_with,
    supersede,
)
from consciousness.services.files.arrivals import note_offers
from consciousness.services.leases import Lease
from consciousness.services.log import append, append_message
from consciousness.services.turns import announce_queued, wake_queued
from mentors.engines import Answer, Conversation
from mentors.services.scheduling import free_slots
from timetravelers.kit.clock import now
from timetravelers.kit.events import publish

log = structlog.get_logger(__name__)

# How long after a stand-in's reply the engine that should have answered is tried again.
LATER = timedelta(seconds=30)


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
PROVIDER_BUSY = Failure("provider_busy", "Too many people are asking just now. Try again soon.", retryable=True)
PROVIDER_SILENT = Failure("provider_silent", "No reply came in time. You can try again.", retryable=True)
PROVIDER_REFUSED = Failure("provider_refused", "The mentor cannot answer right now; we are on it.", retryable=True)
PROVIDER_FAILED = Failure("provider_failed", "The mentor could not finish this reply. Try again.", retryable=True)
ACTION_REFUSED = Failure(
    "action_refused", "The mentor wanted to act outside of this conversation. Mentors only talk.", retryable=True
)
OVER_BUDGET = Failure("over_budget", "Your budget for replies is used up for now. Try again tomorrow.", retryable=True)
MESSAGE_REFUSED = Failure("message_refused", "This message could not be taken. Say it in other words.", retryable=False)


class AndThen(Enum):
    """What a turn does after a stand-in's reply."""

    GO_ON = "go on"  # the engine is at work on it
    TRY_LATER = "try later"
    END = "end"


# On the way -------------------------------------------------------------------------------------------


def stand_in_line(lease: Lease) -> None:
    """Ask the scheduler for a call; the first time, log where the person stands. What changes is told aside."""
    slots = free_slots()  # across the network: not in the transaction
    with lease.locked() as (session, turn):
        calls.enqueue(session, turn)
        if turn.answered_at is None and not turn.attempts:
            announce_queued(session, turn, slots)


def store_intent(lease: Lease, conversation: Conversation, pack: Callable[[Turn], Parcel]) -> Parcel:
    """Say that the engine is about to be called, so that whoever comes after us looks before calling again.

    `pack` makes the parcel and its receipt in the same transaction: nothing can be said into the turn any more.
    """
    with lease.locked() as (session, turn):
        session.provider_cursor, session.provider_account_id = conversation.cursor, conversation.account
        session.save(update_fields=["provider_cursor", "provider_account", "updated_at"])
        turn.state = Turn.State.SENT
        turn.sent_at = now()
        turn.attempts += 1
        turn.sends += 1
        turn.save(update_fields=["state", "sent_at", "attempts", "sends", "updated_at"])
        return pack(turn)


def begin_answering(lease: Lease, engine: str, pack: Callable[[Turn], Parcel]) -> Parcel:
    """The same for an engine that answers at once: the reply is on its way."""
    with lease.locked() as (session, turn):
        if turn.state == Turn.State.QUEUED and turn.answered_at is None:
            append(session, TurnStarted(turn=turn.uid, engine=engine))
        turn.state = Turn.State.RUNNING
        turn.sent_at = now()
        turn.attempts += 1
        turn.save(update_fields=["state", "sent_at", "attempts", "updated_at"])
        return pack(turn)


def mark_running(
    lease: Lease, conversation: Conversation, *, engine: str, due_at: datetime, superfluous: Sequence[Conversation] = ()
) -> None:
    """The engine has the message: remember where, and say that the reply is on its way."""
    with lease.locked() as (session, turn):
        if session.provider_task != conversation.task:
            session.provider_task, session.provider_account_id = conversation.task, conversation.account
        for other in superfluous:
            abandon(session, other)
        session.save()
        turn.state, turn.due_at, turn.heard_in = Turn.State.RUNNING, due_at, conversation.task
        turn.save(update_fields=["state", "due_at", "heard_in", "updated_at"])
        calls.note_task(turn, conversation.task)
        if turn.answered_at is None:
            append(session, TurnStarted(turn=turn.uid, engine=engine))


def requeue(lease: Lease, *, due_at: datetime) -> None:
    """The engine does not have the message: send it again at `due_at`."""
    with lease.locked() as (_session, turn):
        _back_in_line(turn, due_at)


def forget_task(lease: Lease) -> None:
    """The session's conversation is gone or out of reach: the next send begins a new one."""
    with lease.locked() as (session, turn):
        leave_task(session)
        calls.drop(turn)


# Ends -------------------------------------------------------------------------------------------------


def reply(lease: Lease, engine: str, answer: Answer) -> None:
    """Complete the turn with what the Traveler said; the reply that there was is superseded."""
    with lease.locked() as (session, turn):
        message = _store_reply(session, turn, engine, answer)
        is_first = turn.answered_at is None
        _end_with(session, turn, message)
        if is_first:
            publish(TurnCompleted(session.uid, turn.uid))


def ask(lease: Lease, engine: str, answer: Answer) -> None:
    """End the turn with the Traveler's question, which the next message answers."""
    with lease.locked() as (session, turn):
        _end_with(session, turn, _store_reply(session, turn, engine, answer, is_question=True))


def _end_with(session: Session, turn: Turn, message: Message) -> None:
    end_turn(turn, state_with(message))
    report_reply(session, turn, message)
    wake_queued(session)


def stand_in(lease: Lease, engine: str, answer: Answer, then: AndThen, *, abandon_task: bool = False) -> None:
    """Reply by a stand-in. Unless it is the end, the turn goes on behind it until the real reply comes.

    If the person has said something since, nobody waits for that any more, and it is the end.
    """
    with lease.locked() as (session, turn):
        message = _store_reply(session, turn, engine, answer, stand_in=True)
        if abandon_task:
            leave_task(session, stop=True)
        if session.turns.unfinished().filter(pk__gt=turn.pk).exists():
            leave_busy_task(session, turn)
            then = AndThen.END
        if then is AndThen.END:
            end_turn(turn, Turn.State.COMPLETED)
        else:
            turn.answered_at = now()
            turn.save(update_fields=["answered_at", "updated_at"])
        if then is AndThen.TRY_LATER:
            _back_in_line(turn, now() + LATER)
        report_reply(session, turn, message)
        publish(TurnCompleted(session.uid, turn.uid))
        wake_queued(session)


def hand_over(lease: Lease, engine: str, *, abandon_task: bool = False) -> None:
    """Let another engine answer, at once."""
    slots = free_slots()  # across the network: not in the transaction
    with lease.locked() as (session, turn):
        if abandon_task:
            leave_task(session, stop=True)
        was_seen_running = turn.state == Turn.State.RUNNING and turn.answered_at is None
        turn.engine, turn.attempts = engine, 0
        turn.save(update_fields=["engine", "attempts", "updated_at"])
        _back_in_line(turn, now())
        if was_seen_running:
            announce_queued(session, turn, slots)


def close(lease: Lease) -> None:
    """Leave it at the stand-in's reply: the real one did not come in time."""
    with lease.locked() as (session, turn):
        close_now(session, turn)
        wake_queued(session)


def fail(lease: Lease, failure: Failure, *, abandon_task: bool = False) -> None:
    """End the turn without a reply; what was said stays and can be sent again.

    If a stand-in has replied, that stands, and nothing has failed as far as the person sees. A provider task that
    is abandoned is never used again: the next turn opens a new one.
    """
    log.warning("turn_failed", turn=str(lease.turn.uid), failure=failure.code)
    with lease.locked() as (session, turn):
        if abandon_task:
            leave_task(session, stop=True)
        if turn.answered_at is None:
            fail_now(session, turn, failure)
        else:
            close_now(session, turn)
        wake_queued(session)


def fail_now(session: Session, turn: Turn, failure: Failure) -> None:
    """End a locked turn of a locked session without a reply, and say why."""
    turn.failure = failure.code if standing_reply(turn) is None else ""
    told = TurnFailed(turn=turn.uid, code=failure.code, detail=failure.detail, retryable=failure.retryable)
    end_without_reply(session, turn, Turn.State.FAILED, told)


def _back_in_line(turn: Turn, due_at: datetime) -> None:
    calls.drop(turn)
    turn.state, turn.due_at = Turn.State.QUEUED, due_at
    turn.save(update_fields=["state", "due_at", "updated_at"])


def _store_reply(
    session: Session, turn: Turn, engine: str, answer: Answer, *, stand_in: bool = False, is_question: bool = False
) -> Message:
    message = Message(
        session=session,
        turn=turn,
        author=Message.Author.TRAVELER,
        text=answer.text,
        engine=engine,
        simulated=answer.simulated,
        stand_in=stand_in,
        is_question=is_question,
    )
    stood = standing_reply(turn)
    if stood is not None:
        supersede(session, stood, by=message)
    append_message(session, message, turn)
    note_offers(message, session.user_id, answer.files)
    return message
