"""The event log of a session: the truth that sockets and long polls read."""

from typing import Any
from uuid import UUID

from django.db import transaction

from accounts.models import User
from consciousness.errors import SessionEnded, SessionNotFound
from consciousness.events import SessionLogGrew
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


def require_open(session: Session) -> None:
    """Raise SessionEnded if nothing more can happen in the session."""
    if session.state != Session.State.OPEN:
        raise SessionEnded


def append(session: Session, kind: str, data: dict[str, Any]) -> int:
    """Add an event to the log of a session that this transaction holds locked; returns its seq.

    Numbers have no gaps: the counter is a column of the locked row, and an undone transaction undoes it too.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("The log is written in the transaction of what it reports.")
    session.last_seq += 1
    session.save(update_fields=["last_seq", "updated_at"])
    SessionEvent.objects.create(session=session, seq=session.last_seq, type=kind, data=data)
    publish(SessionLogGrew(session.uid, session.last_seq))
    return session.last_seq


def append_message(session: Session, message: Message, turn: Turn) -> int:
    """Report a message, in the words of the live protocol."""
    return append(
        session,
        "message.created",
        {
            "message": {
                "uid": str(message.uid),
                "turn": str(turn.uid),
                "author": message.author,
                "text": message.text,
                "client_id": message.client_id,
                "engine": message.engine,
                "simulated": message.simulated,
                "stand_in": message.stand_in,
                "created_at": message.created_at.isoformat(),
            }
        },
    )
