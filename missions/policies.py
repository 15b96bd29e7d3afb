"""Who may do what with missions."""

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser

from missions.models import Mission
from timetravelers.kit.api.permissions import is_signed_in


def has_board(actor: AbstractBaseUser | AnonymousUser) -> bool:
    """Everybody who is signed in has a board of missions."""
    return is_signed_in(actor)


def can_work_on(actor: AbstractBaseUser | AnonymousUser, mission: Mission) -> bool:
    """A mission is worked on by the person it was offered to, and by nobody else."""
    return is_signed_in(actor) and mission.user_id == actor.pk
