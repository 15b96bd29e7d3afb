"""Saying something: the rules, for one message or for what many say at once, stored in one transaction."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from uuid import UUID

from django.db import transaction

from accounts.models import Consent
from accounts.selectors import consenting
from accounts.services import consent_required
from consciousness.announcements import MessageCreated, ToldMessage
from consciousness.chains import first_engine
from consciousness.errors import ClientIdReused, QueueFull, SessionNotFound
from consciousness.lifecycle import refusal_to_talk
from consciousness.models import Message
from consciousness.services.batches import Batch, Fresh, News, Stored
from consciousness.services.files.claims import Claimable, open_files, put_with, refusal, were_sent_with
from consciousness.services.rooms import Earlier, Room, Words, ask_earlier, ask_rooms
from mentors.services.scheduling import FreeSlots, Wanted, free_slots
from timetravelers.kit.clock import now
from timetravelers.kit.errors import DomainError
from timetravelers.kit.ids import uuid7
from timetravelers.kit.statements import together

# What does not fit into the turn that waits makes the next one; so many wait at once.
MAX_QUEUED_TURNS = 4
AUTHOR = Message.Author.USER.value


@dataclass(frozen=True, slots=True)
class Saying:
    """Somebody says something in a session; `actor` is their key, `heard_at` when we heard it.

    `files` are those that go with it, by public id.
    """

    session: UUID
    actor: int
    text: str
    client_id: str
    files: tuple[UUID, ...] = ()
    heard_at: datetime = field(default_factory=now)


@dataclass(frozen=True, slots=True)
class Said:
    """What became of a message; `seq` is the event that reported it, `is_new` is False for a repetition."""

    message: UUID
    turn: UUID
    seq: int
    is_new: bool


class Left(Enum):
    """Why a message was left for later; whatever comes after it in its session is left too."""

    BUSY = "busy"  # somebody else is at the session
    ALONE = "alone"  # a stand-in's reply has to be closed first


Outcome = Said | DomainError | Left


@dataclass(frozen=True, slots=True)
class Spoken:
    """What became of each message, in the order they were asked, and what was logged in each session."""

    outcomes: list[Outcome]
    news: Mapping[UUID, Sequence[News]]


def say_many(sayings: Sequence[Saying], slots: FreeSlots | None = None) -> Spoken:
    """Store what people say at once, each message once per client id, and see that turns will carry them.

    The outcome is the same as if each had been said by itself, in this order; one that is refused, or left because
    somebody else is at its session, touches no other. Locks the sessions in order, and waits for none of them.
    Who knows the free slots of the provider's accounts already may say so; they only tell how long replies take.
    """
    # Asked before the transaction: the counters are across the network.
    known = free_slots() if slots is None else slots
    return store(sayings, known, wait=False)


@transaction.atomic
def store(sayings: Sequence[Saying], slots: FreeSlots, *, wait: bool) -> Spoken:
    """The same with the free slots known, and waiting for sessions if told to."""
    sessions, people = {one.session for one in sayings}, {one.actor for one in sayings}
    with together():
        rooms = ask_rooms(sessions, people, wait=wait)
        earlier = ask_earlier([(one.session, one.actor, one.client_id) for one in sayings])
        consenting_people = consenting(people, Consent.Purpose.AI_PROVIDER)
        rules = _Rules(rooms(), earlier(), consenting_people, _files(sayings, people))
    outcomes = [rules.take(saying) for saying in sayings]
    return Spoken(outcomes, rules.batch.store(slots))


def _files(sayings: Sequence[Saying], actors: Collection[int]) -> Claimable:
    """What they want to send along, locked; most say something without."""
    asked = {file for one in sayings for file in one.files}
    return open_files(asked, actors) if asked else {}


class _Rules:
    """What may be said, and which turn carries it."""

    def __init__(
        self,
        rooms: Mapping[tuple[UUID, int], Room],
        earlier: dict[tuple[int, str], Earlier],
        consenting_people: frozenset[int],
        files: Claimable,
    ) -> None:
        self.batch = Batch(now())
        self._rooms = rooms
        self._earlier = earlier
        self._consenting = consenting_people
        self._files = files

    def take(self, saying: Saying) -> Outcome:
        """Put a message into the batch, or say why not."""
        room = self._rooms.get((saying.session, saying.actor))
        if room is None:
            return SessionNotFound()
        if room.is_left or not room.is_locked:
            return Left.BUSY
        earlier = self._earlier.get((room.pk, saying.client_id))
        if earlier is not None:
            return self._repeated(earlier, saying)
        return self._refusal(room) or refusal(saying.files, saying.actor, self._files) or self._put(saying, room)

    def _repeated(self, earlier: Earlier, saying: Saying) -> Outcome:
        is_same = earlier.text == saying.text and were_sent_with(saying.files, earlier.message, self._files)
        if not is_same:
            return ClientIdReused()
        return Said(earlier.message, earlier.turn, earlier.seq, is_new=False)

    def _refusal(self, room: Room) -> DomainError | Left | None:
        """Why nothing new can be said in the room now."""
        if (closed := refusal_to_talk(room.state)) is not None:
            return closed
        if room.owner not in self._consenting:
            return consent_required(Consent.Purpose.AI_PROVIDER)
        if room.is_provisional:
            room.is_left = True
            return Left.ALONE
        return None

    def _put(self, saying: Saying, room: Room) -> Outcome:
        words = room.words.with_text(saying.text)
        begins = not (room.takes_more and words.fit)
        if begins and room.queued >= MAX_QUEUED_TURNS:
            return QueueFull()
        if begins:
            words = Words().with_text(saying.text)
            self._begin_turn(room)
        room.words = words
        said = self._store(saying, room)
        if begins:
            self.batch.queued.append((room, said.turn, room.next_seq()))
        return said

    def _begin_turn(self, room: Room) -> None:
        """The next turn of the branch that people look at; it stands in line unless another one is under way."""
        turn = Fresh(uuid7(), room.pk, room.head, room.head_uid, room.depth, self.batch.moment)
        self.batch.turns.append(turn)
        if not room.unfinished and _must_queue(room):
            self.batch.in_line.append(
                Wanted(turn.uid, room.owner, room.uid, room.provider_account if room.provider_task else None)
            )
        room.head, room.head_uid, room.takes_more = None, turn.uid, True
        room.depth, room.unfinished, room.queued = room.depth + 1, room.unfinished + 1, room.queued + 1

    def _store(self, saying: Saying, room: Room) -> Said:
        if room.head_uid is None:
            raise TypeError("Words are said into a turn.")
        uid, seq, moment = uuid7(), room.next_seq(), self.batch.moment
        told = ToldMessage(
            uid=uid,
            turn=room.head_uid,
            author=AUTHOR,
            text=saying.text,
            client_id=saying.client_id,
            engine="",
            simulated=False,
            stand_in=False,
            created_at=moment,
            files=put_with(saying.files, uid, self._files),
        )
        stored = Stored(uid, room.pk, room.head or 0, saying.text, saying.client_id, seq, saying.heard_at, moment)
        self.batch.messages.append((stored, room.head_uid))
        self.batch.claims.extend((file, uid) for file in saying.files)
        self.batch.told.append((room, seq, MessageCreated(message=told)))
        self.batch.rooms[room.pk] = room
        self._earlier[room.pk, saying.client_id] = Earlier(uid, room.head_uid, seq, saying.text)
        return Said(uid, room.head_uid, seq, is_new=True)


def _must_queue(room: Room) -> bool:
    engine = first_engine(room.engine_chain)
    return engine is not None and not engine.answers_at_once
