"""Who may hold sessions. Whose a session is, `SessionQuerySet.visible_to` says: to anybody else it is not there."""

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser

from timetravelers.kit.api.permissions import is_signed_in


def can_hold_sessions(actor: AbstractBaseUser | AnonymousUser) -> bool:
    """Everybody who is signed in; consent to the AI provider is a rule of the services."""
    return is_signed_in(actor)
