"""Who may see matches, make them by hand, and change what makes them."""

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser

from accounts.policies import is_admin, is_mentor
from matching.models import Match
from timetravelers.kit.api.permissions import is_signed_in


def can_see_own_matches(actor: AbstractBaseUser | AnonymousUser) -> bool:
    """Everybody who is signed in; matches are always one's own."""
    return is_signed_in(actor)


def can_decide_on(actor: AbstractBaseUser | AnonymousUser, match: Match) -> bool:
    """A match is accepted, declined and judged by the person it was proposed to, and by nobody else."""
    return is_signed_in(actor) and match.user_id == actor.pk


def can_match_by_hand(actor: Any) -> bool:
    """Propose a Traveler to a person: human mentors and admins."""
    return is_mentor(actor)


def can_change_weights(actor: Any) -> bool:
    """Draft, preview, publish and roll back weights, and compute matches again: admins."""
    return is_admin(actor)
