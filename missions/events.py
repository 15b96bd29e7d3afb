"""What happens to missions, for whoever listens."""

from dataclasses import dataclass
from uuid import UUID

from timetravelers.kit.events import DomainEvent


@dataclass(frozen=True, slots=True)
class MissionOffered(DomainEvent):
    """A mission was put on somebody's board; `origin` is the session it came out of, if any."""

    mission: UUID
    user_id: int
    template: str
    origin: UUID | None


@dataclass(frozen=True, slots=True)
class MissionAccepted(DomainEvent):
    """Somebody took a mission on."""

    mission: UUID
    user_id: int
    template: str


@dataclass(frozen=True, slots=True)
class MissionDeclined(DomainEvent):
    """Somebody turned a mission down, or gave it up."""

    mission: UUID
    user_id: int
    template: str


@dataclass(frozen=True, slots=True)
class MissionCompleted(DomainEvent):
    """A mission was completed with evidence, and its reward is in the ledger."""

    mission: UUID
    user_id: int
    template: str
    points: int
