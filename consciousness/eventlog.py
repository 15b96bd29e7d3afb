"""Reading the event log from the asynchronous side, as frames ready to send."""

from dataclasses import dataclass

from timetravelers.kit.live.database import fetch
from timetravelers.kit.live.frames import encode_event

PAGE = 200

_EVENTS_AFTER = """
    SELECT seq, type, data::text, created_at
      FROM consciousness_sessionevent
     WHERE session_id = %s AND seq > %s
     ORDER BY seq
     LIMIT %s
"""


@dataclass(frozen=True, slots=True)
class LoggedEvent:
    """A durable event and its frame, as JSON text."""

    seq: int
    frame: str


async def events_after(session_id: int, seq: int, *, limit: int = PAGE) -> list[LoggedEvent]:
    """At most `limit` events after `seq`, in order."""
    rows = await fetch(_EVENTS_AFTER, (session_id, seq, limit))
    return [
        LoggedEvent(row_seq, encode_event(kind, row_seq, data, created_at.isoformat()))
        for row_seq, kind, data, created_at in rows
    ]
