"""What happens in the accounts room."""

from dataclasses import dataclass

from timetravelers.kit.events import DomainEvent


@dataclass(frozen=True, slots=True)
class ProfileChanged(DomainEvent):
    """A person edited their profile; `version` is the new one."""

    user_id: int
    version: int


@dataclass(frozen=True, slots=True)
class ConsentGranted(DomainEvent):
    """A person allowed a purpose, in the wording of `version`."""

    user_id: int
    purpose: str
    version: int


@dataclass(frozen=True, slots=True)
class ConsentWithdrawn(DomainEvent):
    """A person no longer allows a purpose."""

    user_id: int
    purpose: str
    version: int
