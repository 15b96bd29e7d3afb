"""How far people have read, the same on all of their devices."""

from uuid import UUID

from accounts.models import User
from consciousness.errors import SessionNotFound
from consciousness.events import ReadingMoved
from consciousness.models import Session
from timetravelers.kit.clock import now
from timetravelers.kit.events import publish
from timetravelers.kit.statements import fetch_all

# One statement, and no lock on the session: whoever reads does not wait for who speaks.
_MARK = """
    INSERT INTO consciousness_reading AS reading (session_id, user_id, seq, updated_at)
    SELECT id, user_id, least(%s, last_seq), %s FROM consciousness_session WHERE uid = %s AND user_id = %s
        ON CONFLICT (session_id, user_id) DO UPDATE SET seq = excluded.seq, updated_at = excluded.updated_at
           WHERE reading.seq < excluded.seq
    RETURNING seq
"""


def mark_read(*, session: UUID, actor: User, seq: int) -> int:
    """Note that the actor has read up to an event; returns how far they have read in all.

    It only grows, and never beyond the newest event. When it grows, the actor's other devices are told, by an aside:
    whoever was not there learns it from the session. Raises SessionNotFound.
    """
    moved = fetch_all(_MARK, [seq, now(), session, actor.pk])
    if moved:
        (reached,) = moved[0]
        publish(ReadingMoved(session, reached))
        return int(reached)
    found = Session.objects.visible_to(actor).filter(uid=session, readings__user=actor)
    known = found.values_list("readings__seq", flat=True).first()
    if known is None:
        raise SessionNotFound
    return known
