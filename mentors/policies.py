"""Who may meet Travelers."""

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser

from timetravelers.kit.api.permissions import is_signed_in


def can_browse_travelers(actor: AbstractBaseUser | AnonymousUser) -> bool:
    """Everybody who is signed in."""
    return is_signed_in(actor)
