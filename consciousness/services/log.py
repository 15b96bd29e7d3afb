"""The event log of a session: the truth that sockets and long polls read."""

from uuid import UUID

import msgspec
from django.db import transaction

from accounts.models import User
from consciousness.announcements import Durable, MessageCreated, ToldMessage
from consciousness.errors import SessionNotFound
from consciousness.events import LogsGrew
from consciousness.lifecycle import refusal_to_talk
from consciousness.models import Message, Session, SessionEvent, Turn
from timetravelers.kit.events import publish


def lock_session(uid: UUID, actor: User | None = None) -> Session:
    """The session, locked until the transaction ends; with an actor, only one that they may know of.

    Every change in a session happens under this lock, taken before any lock on its turns.
    """
    sessions = Session.objects.select_for_update(of=("self",))
    if actor is not None:
        sessions = sessions.visible_to(actor)
    session = sessions.filter(uid=uid).first()
    if session is None:
        raise SessionNotFound
    return session


def lock_sessions_of(user_id: int) -> list[Session]:
    """All sessions of a person, locked in order: for what concerns more than one of them."""
    return list(Session.objects.select_for_update(of=("self",)).filter(user_id=user_id).order_by("pk"))


def require_open(session: Session) -> None:
    """Raise SessionEnded if nothing more can happen in the session, SessionNotOpen if it has not begun."""
    refusal = refusal_to_talk(session.state)
    if refusal is not None:
        raise refusal


def append(session: Session, news: Durable) -> int:
    """Add an event to the log of a session that this transaction holds locked; returns its seq.

    Numbers have no gaps: the counter is a column of the locked row, and an undone transaction undoes it too.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("The log is written in the transaction of what it reports.")
    session.last_seq += 1
    session.save(update_fields=["last_seq", "updated_at"])
    SessionEvent.objects.create(session=session, seq=session.last_seq, type=news.kind, data=msgspec.to_builtins(news))
    publish(LogsGrew(((session.uid, session.last_seq),)))
    return session.last_seq


def append_message(session: Session, message: Message, turn: Turn) -> int:
    """Store a new message under the number of the event that reports it; returns that."""
    message.seq = session.last_seq + 1
    message.save()
    return append(session, MessageCreated(message=told_message(message, turn.uid)))


def told_message(message: Message, turn: UUID) -> ToldMessage:
    """A message as phones are told of it."""
    return ToldMessage(
        uid=message.uid,
        turn=turn,
        author=message.author,
        text=message.text,
        client_id=message.client_id,
        engine=message.engine,
        simulated=message.simulated,
        stand_in=message.stand_in,
        kind=message.kind,
        created_at=message.created_at,
    )
