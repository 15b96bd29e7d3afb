"""Ending a turn, whoever ends it: the row, what the log says, and what the provider need not finish."""

from consciousness.announcements import Durable, MessageSuperseded, TurnCompleted, TurnWaiting
from consciousness.events import TaskAbandoned, TurnCancelled, TurnEnded
from consciousness.models import Message, Session, Turn
from consciousness.services import calls
from consciousness.services.log import append
from mentors.engines import Conversation
from timetravelers.kit.clock import now
from timetravelers.kit.events import publish


def end_turn(turn: Turn, state: Turn.State) -> None:
    """End a locked turn; its call is given back, or settled later if it was made."""
    in_line = turn.state == Turn.State.QUEUED
    turn.state = state
    turn.ended_at = now()
    turn.lease_holder = turn.lease_until = None
    turn.save(update_fields=["state", "failure", "ended_at", "lease_holder", "lease_until", "updated_at"])
    if in_line:
        calls.drop(turn)
    elif turn.sends:
        publish(TurnEnded(turn.uid))


def end_without_reply(session: Session, turn: Turn, state: Turn.State, told: Durable) -> None:
    """End a locked turn that got no reply, and log it; if another reply was asked for, the one that there is stands.

    The provider has heard the words once more then, and another answer or none: its task is left.
    """
    standing = standing_reply(turn)
    end_turn(turn, state if standing is None else state_with(standing))
    append(session, told)
    if standing is not None:
        leave_task(session)
        report_reply(session, turn, standing)


def standing_reply(turn: Turn) -> Message | None:
    """The reply that people see; those that were superseded are kept beside it."""
    return turn.messages.filter(author=Message.Author.TRAVELER, superseded_at__isnull=True).first()


def state_with(reply: Message) -> Turn.State:
    """What a turn has come to with this reply."""
    return Turn.State.WAITING if reply.is_question else Turn.State.COMPLETED


def supersede(session: Session, reply: Message, by: Message) -> None:
    """Another reply takes the place of one; its row is kept."""
    reply.superseded_at = now()
    reply.save(update_fields=["superseded_at"])
    append(session, MessageSuperseded(message=reply.uid, by=by.uid, turn=by.turn.uid))


def report_reply(session: Session, turn: Turn, message: Message) -> None:
    """Log which reply stands: a question, or one that is not final while a better one may come."""
    if message.is_question:
        append(session, TurnWaiting(turn=turn.uid, question=message.text, message=message.uid))
        return
    append(
        session,
        TurnCompleted(
            turn=turn.uid,
            message=message.uid,
            engine=message.engine,
            stand_in=message.stand_in,
            final=not turn.is_provisional,
        ),
    )


def close_now(session: Session, turn: Turn) -> None:
    """End a locked turn that a stand-in has answered: that reply is final."""
    leave_busy_task(session, turn)
    end_turn(turn, Turn.State.COMPLETED)
    message = turn.messages.get(author=Message.Author.TRAVELER, superseded_at__isnull=True)
    report_reply(session, turn, message)


def close_provisional(session: Session) -> None:
    """The person goes on: whatever stand-ins have answered in a locked session is final."""
    provisional = session.turns.unfinished().filter(answered_at__isnull=False)
    for turn in provisional.select_for_update().order_by("pk"):
        close_now(session, turn)


def stop_in_flight(session: Session, turn: Turn) -> None:
    """Spare the provider what it is at work on for this turn, if it is."""
    if turn.state in Turn.IN_FLIGHT and session.provider_task:
        conversation = Conversation(session.provider_account_id, session.provider_task)
        publish(TurnCancelled(turn.uid, str(conversation)))


def leave_busy_task(session: Session, turn: Turn) -> None:
    """If the provider is still at work on this turn, which took it too long already, begin anew elsewhere."""
    if turn.state in Turn.IN_FLIGHT:
        leave_task(session, stop=True)


def leave_task(session: Session, *, stop: bool = False) -> None:
    """The session has no task any longer; the one it had is remembered, to be deleted some day."""
    if session.provider_task:
        left = Conversation(session.provider_account_id, session.provider_task)
        if stop:
            abandon(session, left)
        else:
            session.former_tasks.append(str(left))
    session.provider_task, session.provider_cursor, session.provider_account_id = "", "", None
    session.is_task_stale = False
    session.save()


def abandon(session: Session, conversation: Conversation) -> None:
    """A conversation that the session (which the caller saves) will not use: it is stopped."""
    publish(TaskAbandoned(str(conversation)))
    session.former_tasks.append(str(conversation))
