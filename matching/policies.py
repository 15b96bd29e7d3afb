"""Who may see matches."""

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser

from timetravelers.kit.api.permissions import is_signed_in


def can_see_own_matches(actor: AbstractBaseUser | AnonymousUser) -> bool:
    """Everybody who is signed in; matches are always one's own."""
    return is_signed_in(actor)
