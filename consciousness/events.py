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
    """A reply of the provider's `task` is no longer waited for."""

    task: str


@dataclass(frozen=True, slots=True)
class TurnCancelled(DomainEvent):
    """A person took their words back while the provider was at work on `task`."""

    turn: UUID
    task: str
