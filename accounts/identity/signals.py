"""What follows from what allauth and Django say happened to a session."""

from typing import Any

from allauth.account.signals import authentication_step_completed
from django.contrib.auth.signals import user_logged_out
from django.http import HttpRequest

from accounts.models import User
from accounts.services.sign_ins import end_session, note_authentication


def follow_sign_out(*, request: HttpRequest, user: User | None, **_: Any) -> None:
    """The tokens of a session go with it."""
    key = request.session.session_key
    if user is not None and key:
        end_session(user=user, session_key=key)


def follow_authentication(*, request: HttpRequest, user: User, **_: Any) -> None:
    """A password or a second factor, shown again, opens what wants fresh proof."""
    key = request.session.session_key
    if key:
        note_authentication(user=user, session_key=key)


def connect() -> None:
    """Listen; called when the app is ready."""
    user_logged_out.connect(follow_sign_out, dispatch_uid="accounts.follow_sign_out")
    authentication_step_completed.connect(follow_authentication, dispatch_uid="accounts.follow_authentication")
