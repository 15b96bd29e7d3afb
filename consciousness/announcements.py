"""What sessions announce: events of the log, asides that are in no log, and answers to commands.

A class is a kind of frame, its fields are the frame's `data`. Logs are kept: a field that is added later has a default.
"""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

import msgspec


class Announcement(msgspec.Struct, frozen=True, kw_only=True):
    """The data of a frame to the phone."""

    kind: ClassVar[str]


class Durable(Announcement, frozen=True, kw_only=True):
    """An event of the log: numbered, and told again to whoever resumes."""


class Aside(Announcement, frozen=True, kw_only=True):
    """For phones that are here now: it has no number and may be lost."""


class Answer(Announcement, frozen=True, kw_only=True):
    """Goes to the one socket that sent the command."""


class ToldFile(msgspec.Struct, frozen=True, kw_only=True):
    """A file that came with a message: what it is, not what is in it."""

    uid: UUID
    name: str
    media_type: str
    size: int
    origin: str
    has_thumbnail: bool


class ToldMessage(msgspec.Struct, frozen=True, kw_only=True):
    """A message as phones are told of it; `engine`, `simulated` and `stand_in` say who gave a reply.

    `kind` is empty, or says what else it is: `crisis_card` for fixed words with help from people.
    """

    uid: UUID
    turn: UUID
    author: str
    text: str
    client_id: str | None
    engine: str
    simulated: bool
    stand_in: bool
    created_at: datetime
    kind: str = ""
    files: tuple[ToldFile, ...] = ()


class ToldMission(msgspec.Struct, frozen=True, kw_only=True):
    """A mission as it is offered."""

    uid: UUID
    title: str
    summary: str
    reason: str
    reward_points: int


# The log ----------------------------------------------------------------------------------------------


class MessageCreated(Durable, frozen=True, kw_only=True):
    """Somebody said something."""

    kind: ClassVar[str] = "message.created"
    message: ToldMessage


class MessageSuperseded(Durable, frozen=True, kw_only=True):
    """A reply gives way to a better one."""

    kind: ClassVar[str] = "message.superseded"
    message: UUID
    by: UUID
    turn: UUID


class MessageDeleted(Durable, frozen=True, kw_only=True):
    """Taken back for good: the event that reported it has lost its words, and whoever shows it shows it no more."""

    kind: ClassVar[str] = "message.deleted"
    message: UUID
    turn: UUID


class MessageRedacted(Durable, frozen=True, kw_only=True):
    """A reply that repeated something that was deleted, with the words that are left of it."""

    kind: ClassVar[str] = "message.redacted"
    message: UUID
    text: str


class BranchOpened(Durable, frozen=True, kw_only=True):
    """Other words are said in place of the turn `edited`, which stays: the head goes back to what came before it.

    A new turn follows the head, and becomes it; the next message begins one. `parent` is null at the beginning.
    """

    kind: ClassVar[str] = "branch.opened"
    parent: UUID | None
    edited: UUID


class BranchSwitched(Durable, frozen=True, kw_only=True):
    """Another branch is looked at: the one that ends with the turn `head`."""

    kind: ClassVar[str] = "branch.switched"
    head: UUID


class ReplyChosen(Durable, frozen=True, kw_only=True):
    """A reply that had been superseded stands again; what stood until then is superseded."""

    kind: ClassVar[str] = "reply.chosen"
    turn: UUID
    message: UUID


class ReplyRated(Durable, frozen=True, kw_only=True):
    """Stars for one reply; null when they were taken back."""

    kind: ClassVar[str] = "reply.rated"
    message: UUID
    stars: int | None


class SessionRated(Durable, frozen=True, kw_only=True):
    """Stars for the session as a whole; null when they were taken back."""

    kind: ClassVar[str] = "session.rated"
    stars: int | None


class TurnQueued(Durable, frozen=True, kw_only=True):
    """A turn stands in line; a time that nobody can tell is null."""

    kind: ClassVar[str] = "turn.queued"
    turn: UUID
    position: int
    eta_s: int | None


class TurnStarted(Durable, frozen=True, kw_only=True):
    """The reply is on its way."""

    kind: ClassVar[str] = "turn.started"
    turn: UUID
    engine: str


class TurnCompleted(Durable, frozen=True, kw_only=True):
    """The Traveler has replied; unless `final`, a better reply may take this one's place."""

    kind: ClassVar[str] = "turn.completed"
    turn: UUID
    message: UUID
    engine: str
    stand_in: bool
    final: bool


class TurnWaiting(Durable, frozen=True, kw_only=True):
    """The Traveler asked something, which the next message answers."""

    kind: ClassVar[str] = "turn.waiting"
    turn: UUID
    question: str
    message: UUID


class TurnFailed(Durable, frozen=True, kw_only=True):
    """No reply came: why, as a stable code and a sentence, and whether trying again can help."""

    kind: ClassVar[str] = "turn.failed"
    turn: UUID
    code: str
    detail: str
    retryable: bool


class TurnCancelled(Durable, frozen=True, kw_only=True):
    """Taken back; what was said stays."""

    kind: ClassVar[str] = "turn.cancelled"
    turn: UUID


class FileAdded(Durable, frozen=True, kw_only=True):
    """A file that came with a reply has been fetched and checked; it belongs to the message."""

    kind: ClassVar[str] = "file.added"
    message: UUID
    file: ToldFile


class FileRemoved(Durable, frozen=True, kw_only=True):
    """The person had a file deleted that belonged to the message."""

    kind: ClassVar[str] = "file.removed"
    message: UUID
    file: UUID


class InsightsReady(Durable, frozen=True, kw_only=True):
    """The session was looked back on: what kind of thing each insight is, and how many memories are proposed."""

    kind: ClassVar[str] = "insight.ready"
    insights: dict[str, str]
    memories: int


class MissionOffered(Durable, frozen=True, kw_only=True):
    """A mission grew out of the conversation."""

    kind: ClassVar[str] = "mission.offered"
    mission: ToldMission


class ToldPins(msgspec.Struct, frozen=True, kw_only=True):
    """What a session was opened with; it stays."""

    traveler_version: int
    name: str
    occupation: str
    greeting: str
    instructions_hash: str
    engine_chain: list[str]
    consent_version: int


class SessionScheduled(Durable, frozen=True, kw_only=True):
    """It will begin."""

    kind: ClassVar[str] = "session.scheduled"
    starts_at: datetime


class SessionRescheduled(Durable, frozen=True, kw_only=True):
    """It will begin at another time."""

    kind: ClassVar[str] = "session.rescheduled"
    starts_at: datetime


class SessionOpened(Durable, frozen=True, kw_only=True):
    """A scheduled session has begun: say something."""

    kind: ClassVar[str] = "session.opened"
    opened_at: datetime
    pins: ToldPins


class SessionCancelled(Durable, frozen=True, kw_only=True):
    """A scheduled session will not begin, and why."""

    kind: ClassVar[str] = "session.cancelled"
    ended_at: datetime
    reason: str


class SessionRenamed(Durable, frozen=True, kw_only=True):
    """It is called something else; without a title it has none any more. `source` says who named it."""

    kind: ClassVar[str] = "session.renamed"
    title: str
    source: str = "person"


class SessionArchived(Durable, frozen=True, kw_only=True):
    """Put away."""

    kind: ClassVar[str] = "session.archived"
    archived_at: datetime


class SessionUnarchived(Durable, frozen=True, kw_only=True):
    """Taken out again."""

    kind: ClassVar[str] = "session.unarchived"


class SessionEnded(Durable, frozen=True, kw_only=True):
    """Nothing more can be said, and why."""

    kind: ClassVar[str] = "session.ended"
    ended_at: datetime
    reason: str = "user"


# In no log --------------------------------------------------------------------------------------------


class StandingTold(Aside, frozen=True, kw_only=True):
    """The line moves: where a queued turn stands now."""

    kind: ClassVar[str] = "turn.queued"
    turn: UUID
    position: int
    eta_s: int | None


class ReadingTold(Aside, frozen=True, kw_only=True):
    """The person has read up to event `seq` on one of their devices."""

    kind: ClassVar[str] = "message.read"
    seq: int


class TypingTold(Aside, frozen=True, kw_only=True):
    """The person is writing something on another device."""

    kind: ClassVar[str] = "typing"


class ReplyTold(Aside, frozen=True, kw_only=True):
    """More of a reply that is coming in: `text`, which begins at character `offset`."""

    kind: ClassVar[str] = "turn.delta"
    turn: UUID
    offset: int
    text: str


# Answers ----------------------------------------------------------------------------------------------


class SessionReady(Answer, frozen=True, kw_only=True):
    """What came after the number you gave follows, up to `seq` and then on."""

    kind: ClassVar[str] = "session.ready"
    seq: int
    session: UUID
    state: str


class MessageAccepted(Answer, frozen=True, kw_only=True):
    """The message is stored as event `seq`; `is_new` is false when it had been said before."""

    kind: ClassVar[str] = "ack"
    seq: int
    message: UUID
    turn: UUID
    is_new: bool


class TurnAccepted(Answer, frozen=True, kw_only=True):
    """What was asked of the turn is done."""

    kind: ClassVar[str] = "ack"
    turn: UUID


class BranchAccepted(Answer, frozen=True, kw_only=True):
    """The branch in view ends with this turn."""

    kind: ClassVar[str] = "ack"
    head: UUID


class ReplyAccepted(Answer, frozen=True, kw_only=True):
    """This reply stands."""

    kind: ClassVar[str] = "ack"
    message: UUID


class Pong(Answer, frozen=True, kw_only=True):
    """I am here."""

    kind: ClassVar[str] = "pong"
