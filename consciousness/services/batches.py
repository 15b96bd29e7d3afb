"""Writing what was said by many: turns, calls, messages, events, each with one statement."""

from dataclasses import dataclass, field
from datetime import datetime
from math import ceil
from uuid import UUID

import msgspec

from consciousness.announcements import Durable, TurnQueued
from consciousness.events import LogsGrew, TurnsBegan
from consciousness.services import calls
from consciousness.services.files.claims import claim
from consciousness.services.rooms import Room
from mentors.services.scheduling import FreeSlots, Wanted
from timetravelers.kit.events import publish
from timetravelers.kit.statements import fetch_all

_BEGIN = """
    WITH fresh AS MATERIALIZED (
        SELECT nextval(pg_get_serial_sequence('consciousness_turn', 'id')) AS id, asked.*
          FROM jsonb_to_recordset(%s::jsonb) AS asked(
               uid uuid, session bigint, parent bigint, after uuid, depth int, created_at timestamptz))
    INSERT INTO consciousness_turn
           (id, uid, session_id, parent_id, depth, state, attempts, due_at, engine, sends, heard_in, failure,
            created_at, updated_at)
    SELECT fresh.id, fresh.uid, fresh.session, coalesce(fresh.parent, earlier.id), fresh.depth, 'queued', 0,
           fresh.created_at, '', 0, '', '', fresh.created_at, fresh.created_at
      FROM fresh LEFT JOIN fresh earlier ON earlier.uid = fresh.after
    RETURNING uid, id
"""
_STORE = """
    WITH news AS (
        SELECT * FROM jsonb_to_recordset(%s::jsonb) AS news(
               session bigint, seq bigint, kind text, data jsonb, created_at timestamptz)),
    said AS (
        SELECT * FROM jsonb_to_recordset(%s::jsonb) AS said(
               uid uuid, session bigint, turn bigint, text text, client_id text, seq bigint,
               received_at timestamptz, created_at timestamptz)),
    stored AS (
        INSERT INTO consciousness_message
               (uid, session_id, turn_id, author, text, client_id, engine, simulated, stand_in, seq,
                received_at, created_at)
        SELECT uid, session, turn, 'user', text, client_id, '', false, false, seq, received_at, created_at
          FROM said ORDER BY session, seq),
    logged AS (
        INSERT INTO consciousness_sessionevent (session_id, seq, type, data, created_at)
        SELECT session, seq, kind, data, created_at FROM news)
    UPDATE consciousness_session session
       SET last_seq = grown.seq, head_id = grown.head, counted = grown.counted, updated_at = grown.created_at
      FROM jsonb_to_recordset(%s::jsonb)
           AS grown(session bigint, seq bigint, head bigint, counted bigint[], created_at timestamptz)
     WHERE session.id = grown.session
    RETURNING session.id
"""


class Fresh(msgspec.Struct):
    """A turn that begins: after `parent`, or after another one that begins with this batch."""

    uid: UUID
    session: int
    parent: int | None
    after: UUID | None
    depth: int
    created_at: datetime


class Stored(msgspec.Struct):
    """A message to store; `turn` is known once all turns are there."""

    uid: UUID
    session: int
    turn: int
    text: str
    client_id: str
    seq: int
    received_at: datetime
    created_at: datetime


class _Logged(msgspec.Struct):
    session: int
    seq: int
    kind: str
    data: msgspec.Raw
    created_at: datetime


class _Grown(msgspec.Struct):
    session: int
    seq: int
    head: int
    counted: tuple[int, int, int, int]
    created_at: datetime


@dataclass(frozen=True, slots=True)
class News:
    """An event as it was logged: its data is JSON text."""

    seq: int
    kind: str
    data: bytes
    created_at: datetime


@dataclass(slots=True)
class Batch:
    """What is stored together, at one moment; sessions are locked by whoever fills it."""

    moment: datetime
    turns: list[Fresh] = field(default_factory=list)
    messages: list[tuple[Stored, UUID]] = field(default_factory=list)
    told: list[tuple[Room, int, Durable]] = field(default_factory=list)
    queued: list[tuple[Room, UUID, int]] = field(default_factory=list)
    in_line: list[Wanted] = field(default_factory=list)
    claims: list[tuple[UUID, UUID]] = field(default_factory=list)  # files, and the messages they go with
    rooms: dict[int, Room] = field(default_factory=dict)

    def store(self, slots: FreeSlots) -> dict[UUID, list[News]]:
        """Write everything, and say so once it is committed; returns the events of each session, in order."""
        if not self.messages:
            return {}
        made: dict[UUID, int] = dict(fetch_all(_BEGIN, [_json(self.turns)])) if self.turns else {}
        self._announce_queued(slots)
        news = self._news()
        for message, turn in self.messages:
            message.turn = made.get(turn, message.turn)
        grown = [self._grown(room, made) for room in self.rooms.values()]
        logged = [
            _Logged(room.pk, one.seq, one.kind, msgspec.Raw(one.data), one.created_at)
            for room in self.rooms.values()
            for one in news[room.uid]
        ]
        fetch_all(_STORE, [_json(logged), _json([message for message, _ in self.messages]), _json(grown)])
        claim(self.claims)
        publish(LogsGrew(tuple((room.uid, room.last_seq) for room in self.rooms.values())))
        if self.turns:
            publish(TurnsBegan(tuple(turn.uid for turn in self.turns)))
        return news

    def _grown(self, room: Room, made: dict[UUID, int]) -> _Grown:
        if room.head_uid is None:
            raise TypeError("Something was said, so there is a turn.")
        head = room.head if room.head is not None else made[room.head_uid]
        held = room.words
        return _Grown(room.pk, room.last_seq, head, (head, held.messages, held.plain, held.wide), self.moment)

    def _announce_queued(self, slots: FreeSlots) -> None:
        """Those that are next stand in line; the log says where. A time that nobody can tell is null."""
        places = calls.begin(self.in_line, slots)
        for room, turn, seq in self.queued:
            place = places.get(turn, calls.NOWHERE)
            eta = None if place.eta_seconds is None else ceil(place.eta_seconds)
            self.told.append((room, seq, TurnQueued(turn=turn, position=place.position, eta_s=eta)))

    def _news(self) -> dict[UUID, list[News]]:
        news: dict[UUID, list[News]] = {}
        for room, seq, told in sorted(self.told, key=lambda one: one[1]):
            news.setdefault(room.uid, []).append(News(seq, told.kind, msgspec.json.encode(told), self.moment))
        return news


def _json(rows: list[Fresh] | list[Stored] | list[_Logged] | list[_Grown]) -> str:
    return msgspec.json.encode(rows).decode()
