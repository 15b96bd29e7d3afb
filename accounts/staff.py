"""Staff in their browser: when they last proved who they are, for what wants more than a session."""

import time
from datetime import timedelta
from typing import Any

from django.contrib.auth.signals import user_logged_in
from django.http import HttpRequest

from accounts.errors import StepUpRequired
from accounts.services.step_up import FRESH

SIGNED_IN_AT = "signed_in_at"


def require_fresh_staff(request: HttpRequest) -> None:
    """Pass if the session began within the time that step-up allows; raises StepUpRequired."""
    age = time.time() - float(request.session.get(SIGNED_IN_AT, 0))
    if not timedelta() <= timedelta(seconds=age) < FRESH:
        raise StepUpRequired("Sign out and in again, then repeat this within five minutes.")


def note_sign_in(request: HttpRequest | None = None, **_: Any) -> None:
    """Stamp the session of whoever signs in."""
    session = getattr(request, "session", None)
    if session is not None:
        session[SIGNED_IN_AT] = time.time()


def connect() -> None:
    """Listen to sign-ins; called when the app is ready."""
    user_logged_in.connect(note_sign_in, dispatch_uid="accounts.staff.note_sign_in")
