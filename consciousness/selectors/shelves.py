"""Each person's passages, ready to be searched: kept by the process for whoever was asked about last."""

from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock
from typing import Any

import numpy as np

from consciousness.recall.embedding import MODEL
from consciousness.recall.index import Entry, Index
from timetravelers.kit.clock import now
from timetravelers.kit.statements import fetch_all

MOST_BYTES = 256 * 1024 * 1024
# What was written so long ago has been committed, by whichever of our clocks.
SETTLED = timedelta(minutes=2)
_BEGINNING = datetime.fromisoformat("2000-01-01T00:00:00+00:00")

_READ = """
    SELECT passage.id, passage.written_at, passage.memory_id IS NOT NULL, coalesce(turn.session_id, 0),
           extract(epoch FROM coalesce(turn.created_at, memory.created_at))::float8, passage.terms,
           CASE WHEN passage.model = %s THEN passage.code END
      FROM consciousness_passage passage
      LEFT JOIN consciousness_turn turn ON turn.id = passage.turn_id
      LEFT JOIN consciousness_memory memory ON memory.id = passage.memory_id
     WHERE passage.user_id = %s AND passage.written_at > %s
     ORDER BY passage.id
"""


@dataclass(frozen=True, slots=True)
class Shelf:
    """A person's turns and kept memories: all that was written until `settled`, and what is known of what came since.

    Of the latter, which may not have been all, `recent` says when each was written.
    """

    turns: Index = field(default_factory=Index)
    memories: Index = field(default_factory=Index)
    settled: datetime = _BEGINNING
    recent: dict[int, datetime] = field(default_factory=dict)

    @property
    def nbytes(self) -> int:
        return self.turns.nbytes + self.memories.nbytes


_shelves: OrderedDict[int, Shelf] = OrderedDict()
_lock = Lock()


def shelf_of(user: int) -> Shelf:
    """Everything of a person's that can be recalled, with all that was committed before the call. One query.

    What was deleted may still be there: whoever finds something asks the database whether it stands, and begins
    anew if it does not.
    """
    with _lock:
        kept = _shelves.get(user)
    known = kept or Shelf()
    settled = now() - SETTLED
    shelf = _grown(known, settled, fetch_all(_READ, [MODEL, user, known.settled]))
    _keep(user, shelf)
    return shelf


def forget_shelf(user: int) -> None:
    """Have the next one laid anew, without anything that is gone by then."""
    with _lock:
        _shelves.pop(user, None)


def _grown(shelf: Shelf, settled: datetime, rows: list[tuple[Any, ...]]) -> Shelf:
    fresh = [row for row in rows if shelf.recent.get(row[0]) != row[1]]
    recent = {row[0]: row[1] for row in rows if row[1] > settled}
    turns, memories = ([_entry(row) for row in fresh if row[2] is is_memory] for is_memory in (False, True))
    return Shelf(
        turns=shelf.turns.changed(turns) if turns else shelf.turns,
        memories=shelf.memories.changed(memories) if memories else shelf.memories,
        settled=max(settled, shelf.settled),
        recent=recent,
    )


def _entry(row: tuple[Any, ...]) -> Entry:
    key, _, is_memory, session, at, terms, code = row
    return Entry(
        key=key,
        group=-key if is_memory else session,
        at=at,
        terms=np.frombuffer(terms, np.uint32),
        code=None if code is None else np.frombuffer(code, np.int8),
    )


def _keep(user: int, shelf: Shelf) -> None:
    """The person's, and of the others those that were asked for last, as far as memory goes."""
    with _lock:
        _shelves[user] = shelf
        _shelves.move_to_end(user)
        while len(_shelves) > 1 and sum(each.nbytes for each in _shelves.values()) > MOST_BYTES:
            _shelves.popitem(last=False)
