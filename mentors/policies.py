"""Who may meet Travelers."""

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser

from accounts.policies import is_mentor
from timetravelers.kit.api.permissions import is_signed_in


def can_browse_travelers(actor: AbstractBaseUser | AnonymousUser) -> bool:
    """Everybody who is signed in."""
    return is_signed_in(actor)


def can_curate_travelers(actor: Any) -> bool:
    """Write, edit, show and hide Travelers: human mentors and admins."""
    return is_mentor(actor)


def can_read_own_receipts(actor: AbstractBaseUser | AnonymousUser) -> bool:
    """Everybody who is signed in."""
    return is_signed_in(actor)
