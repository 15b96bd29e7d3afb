"""Reading the event log from the asynchronous side, as frames ready to send."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from timetravelers.kit.live.database import fetch
from timetravelers.kit.live.frames import encode_event

PAGE = 200
# Of many logs read at once, so much altogether.
EVENTS_AT_ONCE = 5_000

_EVENTS_AFTER = """
    SELECT place, seq, type, data::text, created_at
      FROM unnest(%s::bigint[], %s::bigint[]) WITH ORDINALITY AS wanted(session_id, after, place)
     CROSS JOIN LATERAL (
           SELECT seq, type, data, created_at
             FROM consciousness_sessionevent event
            WHERE event.session_id = wanted.session_id AND event.seq > wanted.after
            ORDER BY seq
            LIMIT %s) news
     ORDER BY place, seq
"""
_NEWEST = "SELECT id, last_seq FROM consciousness_session WHERE id = ANY(%s)"
_STATE = "SELECT last_seq, state FROM consciousness_session WHERE id = %s"


@dataclass(frozen=True, slots=True)
class LoggedEvent:
    """A durable event and its frame, as JSON text."""

    seq: int
    frame: str


@dataclass(frozen=True, slots=True)
class Page:
    """What comes next in a log; `is_last` unless there may be more."""

    events: Sequence[LoggedEvent]
    is_last: bool


def logged(kind: str, seq: int, data: bytes, created_at: datetime) -> LoggedEvent:
    """An event as everybody who watches is told of it."""
    return LoggedEvent(seq, encode_event(kind, seq, data, created_at.isoformat()))


async def events_after(session_id: int, seq: int) -> list[LoggedEvent]:
    """At most PAGE events after `seq`, in order."""
    (page,) = await pages_after([(session_id, seq)])
    return list(page.events)


async def pages_after(wanted: Sequence[tuple[int, int]]) -> list[Page]:
    """For each session and seq what comes after, read at once; at most PAGE events each, fewer for very many."""
    limit = max(1, min(PAGE, EVENTS_AT_ONCE // max(1, len(wanted))))
    rows = await fetch(_EVENTS_AFTER, ([key for key, _ in wanted], [seq for _, seq in wanted], limit))
    found = {
        place: [logged(kind, seq, data.encode(), at) for _, seq, kind, data, at in news]
        for place, news in _by_place(rows)
    }
    return [
        Page(events, is_last=len(events) < limit)
        for events in (found.get(place, []) for place in range(1, len(wanted) + 1))
    ]


def _by_place(
    rows: list[tuple[int, int, str, str, datetime]],
) -> Iterator[tuple[int, Iterator[tuple[int, int, str, str, datetime]]]]:
    return groupby(rows, key=lambda row: row[0])


async def newest_of(sessions: Sequence[int]) -> dict[int, int]:
    """The seq of the newest event of each session that still exists."""
    return dict(await fetch(_NEWEST, (list(sessions),)))


async def state_of(session_id: int) -> tuple[int, str]:
    """The seq of a session's newest event, and its state."""
    ((seq, state),) = await fetch(_STATE, (session_id,))
    return seq, state
