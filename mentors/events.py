"""What happens in the mentors room."""

from dataclasses import dataclass
from uuid import UUID

from timetravelers.kit.events import DomainEvent


@dataclass(frozen=True, slots=True)
class WebhookStored(DomainEvent):
    """Manus told us something that has yet to be acted on; `delivery` is the row's key."""

    delivery: int


@dataclass(frozen=True, slots=True)
class ManusTaskCreated(DomainEvent):
    """Manus says, signed, that it created a task; `reference` is its title if that is one of ours, else empty."""

    account: int
    task: str
    reference: str


@dataclass(frozen=True, slots=True)
class ManusTaskStopped(DomainEvent):
    """Manus says, signed, that it stopped working on a task: a reason to look, not yet the reply."""

    task: str


@dataclass(frozen=True, slots=True)
class PumpDue(DomainEvent):
    """Somebody waits for a call to the provider that may be admitted in `delay` seconds."""

    delay: float = 0.0


@dataclass(frozen=True, slots=True)
class CallAdmitted(DomainEvent):
    """The provider may be called for `subject` now: a slot and credits are put by for it."""

    subject: UUID


@dataclass(frozen=True, slots=True)
class CallRefused(DomainEvent):
    """The provider will not be called for `subject`.

    `reason` is `budget`; `scope` says whose: `day` (the house's), `user` (their day) or `session`.
    """

    subject: UUID
    reason: str
    scope: str


@dataclass(frozen=True, slots=True)
class StandingChanged(DomainEvent):
    """Where `subject` stands in the queue; nothing is known of the time when `eta_seconds` is None."""

    subject: UUID
    position: int
    eta_seconds: float | None


@dataclass(frozen=True, slots=True)
class TaskOverBudget(DomainEvent):
    """The provider's `task`, which runs for `subject`, has used up the budget: it is being stopped."""

    subject: UUID
    account: int
    task: str
    scope: str


@dataclass(frozen=True, slots=True)
class TravelerVersionPublished(DomainEvent):
    """People meet a Traveler in this version from now on."""

    traveler: UUID
    version: int


@dataclass(frozen=True, slots=True)
class TravelerEdited(DomainEvent):
    """A Traveler has a new version, whether people may meet it or not."""

    traveler: UUID
    version: int
    source: str


@dataclass(frozen=True, slots=True)
class TravelerStateChanged(DomainEvent):
    """A Traveler was shown or hidden."""

    traveler: UUID
    state: str


@dataclass(frozen=True, slots=True)
class TravelerProjectDrifted(DomainEvent):
    """A project at the provider (by primary key) is no longer what we made; `differs` says in what."""

    project: int
    differs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TravelerProjectsPressed(DomainEvent):
    """Staff want this many projects tried again now."""

    count: int
