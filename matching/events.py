"""What happens to matches and to the weights behind them."""

from dataclasses import dataclass
from uuid import UUID

from timetravelers.kit.events import DomainEvent


@dataclass(frozen=True, slots=True)
class MatchesRefreshed(DomainEvent):
    """A person's matches were made anew."""

    user_id: int


@dataclass(frozen=True, slots=True)
class MatchAccepted(DomainEvent):
    """A person chose a Traveler that was proposed to them."""

    match: UUID
    user_id: int
    traveler: UUID


@dataclass(frozen=True, slots=True)
class MatchDeclined(DomainEvent):
    """A person does not want a Traveler that was proposed to them."""

    match: UUID
    user_id: int
    traveler: UUID
    reason: str


@dataclass(frozen=True, slots=True)
class MatchMade(DomainEvent):
    """A member of staff proposed a Traveler to a person by hand."""

    match: UUID
    user_id: int
    traveler: UUID


@dataclass(frozen=True, slots=True)
class WeightsPublished(DomainEvent):
    """Everybody is matched by these weights from now on."""

    algorithm: UUID
    number: int
