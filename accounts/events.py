"""What happens in the accounts room."""

from dataclasses import dataclass
from uuid import UUID

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


@dataclass(frozen=True, slots=True)
class LearningAssessed(DomainEvent):
    """A person finished the questions about how they like to learn."""

    user_id: int
    assessment: UUID


@dataclass(frozen=True, slots=True)
class CareerStageCorrected(DomainEvent):
    """A person said which career stage they are in; `stage` is empty when they took it back."""

    user_id: int
    stage: str


@dataclass(frozen=True, slots=True)
class TokensRevoked(DomainEvent):
    """No token that a person was given before `epoch` holds any more, and they are signed out everywhere."""

    user_id: int
    epoch: int


@dataclass(frozen=True, slots=True)
class SignInEnded(DomainEvent):
    """A person was signed out on one device; the tokens of that sign-in hold no more."""

    user_id: int
    sign_in: UUID


@dataclass(frozen=True, slots=True)
class RoleChanged(DomainEvent):
    """Somebody was given another role."""

    user_id: int
    role: str


@dataclass(frozen=True, slots=True)
class AccountDeletionRequested(DomainEvent):
    """A person is leaving: their account is shut, and their rows are about to be erased.

    Rooms that sent something of theirs out of the house queue its deletion, in this transaction.
    """

    user_id: int
    deletion: UUID


@dataclass(frozen=True, slots=True)
class AccountErasing(DomainEvent):
    """The rows of a person go in this very transaction: the last moment to note what else must be taken back."""

    user_id: int
    deletion: UUID


@dataclass(frozen=True, slots=True)
class AccountErased(DomainEvent):
    """The rows of a person are gone; files and what others hold may not be."""

    deletion: UUID


@dataclass(frozen=True, slots=True)
class DutyQueued(DomainEvent):
    """Something is to be deleted or revoked at somebody else's, from now on."""

    duty: UUID


@dataclass(frozen=True, slots=True)
class DutySettled(DomainEvent):
    """A duty of a deletion was done, or will never be."""

    deletion: UUID


@dataclass(frozen=True, slots=True)
class ExportRequested(DomainEvent):
    """A person asked for a copy of what we hold about them."""

    export: UUID
