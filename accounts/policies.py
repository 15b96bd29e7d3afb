"""Who may do what in the accounts room."""

from typing import Any


def can_use_own_account(actor: Any) -> bool:
    """See and change one's own profile and consents: anybody who is signed in."""
    return bool(actor.is_authenticated and actor.is_active)


def can_read_catalogues(actor: Any) -> bool:
    """Read the taxonomy and the wording of learning preferences: anybody who is signed in."""
    return bool(actor.is_authenticated and actor.is_active)


def can_bar(actor: Any, person: Any) -> bool:
    """Shut a person out, or let them in again: not oneself, and not somebody who may more than oneself."""
    return bool(actor.is_staff and actor.pk != person.pk and (actor.is_superuser or not person.is_superuser))
