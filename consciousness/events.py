"""What happens in sessions."""

from dataclasses import dataclass
from uuid import UUID

from timetravelers.kit.events import DomainEvent


@dataclass(frozen=True, slots=True)
class LogsGrew(DomainEvent):
    """The log of each session has events up to its seq."""

    seqs: tuple[tuple[UUID, int], ...]


@dataclass(frozen=True, slots=True)
class TurnsBegan(DomainEvent):
    """These turns can take their first step."""

    turns: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class TurnDue(DomainEvent):
    """A turn can take its next step in `delay` seconds."""

    turn: UUID
    delay: float = 0.0


@dataclass(frozen=True, slots=True)
class TurnCompleted(DomainEvent):
    """A Traveler replied."""

    session: UUID
    turn: UUID


@dataclass(frozen=True, slots=True)
class TaskAbandoned(DomainEvent):
    """A reply of the provider's `task` (as `account/task`) is no longer waited for."""

    task: str


@dataclass(frozen=True, slots=True)
class TurnCancelled(DomainEvent):
    """A person took their words back, or went on, while the provider was at work on `task` (`account/task`)."""

    turn: UUID
    task: str


@dataclass(frozen=True, slots=True)
class TurnEnded(DomainEvent):
    """A turn that the provider was called for is over: what it cost can be asked."""

    turn: UUID


@dataclass(frozen=True, slots=True)
class ReflectionDue(DomainEvent):
    """A reflection can take its next step in `delay` seconds."""

    reflection: UUID
    delay: float = 0.0


@dataclass(frozen=True, slots=True)
class ReplyGrew(DomainEvent):
    """More of a reply has come in: `text`, which begins at `offset`. At most once, and never logged."""

    session: UUID
    turn: UUID
    offset: int
    text: str


@dataclass(frozen=True, slots=True)
class SessionBegan(DomainEvent):
    """A scheduled session is open."""

    session: UUID
    user_id: int


@dataclass(frozen=True, slots=True)
class SessionCalledOff(DomainEvent):
    """A scheduled session will not begin; `reason` says whose doing it was."""

    session: UUID
    user_id: int
    reason: str


@dataclass(frozen=True, slots=True)
class SessionReminded(DomainEvent):
    """Somebody was mailed that a session will begin; `kind` is that of the reminder."""

    session: UUID
    user_id: int
    kind: str


@dataclass(frozen=True, slots=True)
class SessionDeleted(DomainEvent):
    """A person had a session erased, with all that was said in it."""

    session: UUID
    user_id: int


@dataclass(frozen=True, slots=True)
class ReadingMoved(DomainEvent):
    """Somebody has read their session up to `seq`."""

    session: UUID
    seq: int


@dataclass(frozen=True, slots=True)
class SessionRated(DomainEvent):
    """What a person thinks of a session with a Traveler; no stars when that was taken back."""

    session: UUID
    user_id: int
    traveler_id: int
    stars: int | None


@dataclass(frozen=True, slots=True)
class ReplyRated(DomainEvent):
    """What a person thinks of one reply of a Traveler; no stars when that was taken back."""

    message: UUID
    user_id: int
    traveler_id: int
    stars: int | None


@dataclass(frozen=True, slots=True)
class FileArrived(DomainEvent):
    """All of a file is here; it can be looked into."""

    file: UUID


@dataclass(frozen=True, slots=True)
class FileOffered(DomainEvent):
    """A file came with a Traveler's reply; it can be fetched."""

    file: UUID


@dataclass(frozen=True, slots=True)
class RemnantsLeft(DomainEvent):
    """There is something outside the database that is to be deleted."""
