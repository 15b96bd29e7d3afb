"""What happens in sessions."""

from dataclasses import dataclass
from uuid import UUID

from timetravelers.kit.events import DomainEvent


@dataclass(frozen=True, slots=True)
class SessionLogGrew(DomainEvent):
    """The log of a session has events up to `seq`."""

    session: UUID
    seq: int


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
class ReplyGrew(DomainEvent):
    """More of a reply has come in: `text`, which begins at `offset`. At most once, and never logged."""

    session: UUID
    turn: UUID
    offset: int
    text: str
