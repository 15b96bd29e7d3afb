"""Who may do what in the accounts room."""

from typing import Any

from accounts.models.roles import Role


def can_use_own_account(actor: Any) -> bool:
    """See and change one's own profile and consents: anybody who is signed in."""
    return bool(actor.is_authenticated and actor.is_active)


def can_read_catalogues(actor: Any) -> bool:
    """Read the taxonomy and the wording of learning preferences: anybody who is signed in."""
    return bool(actor.is_authenticated and actor.is_active)


def is_user(actor: Any) -> bool:
    """Somebody signed in, whatever else they are."""
    return bool(actor.is_authenticated and actor.is_active)


def is_mentor(actor: Any) -> bool:
    """A human mentor, or an admin, who may what a mentor may."""
    return is_user(actor) and (actor.role == Role.MENTOR or is_admin(actor))


def is_admin(actor: Any) -> bool:
    """A member of staff with the role, or a superuser."""
    return is_user(actor) and bool(actor.is_superuser or (actor.is_staff and actor.role == Role.ADMIN))


def can_leave(actor: Any) -> bool:
    """Take a copy of one's data, and delete one's account: anybody, with step-up."""
    return is_user(actor)


def can_change_role(actor: Any, person: Any) -> bool:
    """Admins, for others; only a superuser touches a superuser."""
    return is_admin(actor) and actor.pk != person.pk and bool(actor.is_superuser or not person.is_superuser)


def can_bar(actor: Any, person: Any) -> bool:
    """Shut a person out, or let them in again: admins, as for roles."""
    return can_change_role(actor, person)
