"""Step-up: what is hard to undo wants a person who has just proven who they are."""

from datetime import timedelta

from accounts.errors import StepUpRequired
from accounts.models import SignIn
from accounts.tokens import Claims
from timetravelers.kit.clock import now

FRESH = timedelta(minutes=5)


def require_fresh(claims: Claims) -> None:
    """Pass if the person has authenticated within FRESH in the very sign-in that the token belongs to.

    Raises StepUpRequired otherwise, whatever they did on other devices. Signing in counts, and so does each
    of allauth's ways to authenticate again (`/auth/reauthenticate`, `/auth/2fa/reauthenticate`).
    """
    since = now() - FRESH
    if not SignIn.objects.live().filter(uid=claims.sign_in, authenticated_at__gt=since).exists():
        raise StepUpRequired(
            "Confirm your password or a second factor, then try again.",
            extra={"max_age": int(FRESH.total_seconds())},
        )
