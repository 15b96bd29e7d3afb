"""Where allauth meets the house: simplejwt tokens out of its headless sign-in."""

from typing import Any

from allauth.core import context
from allauth.headless.tokens.strategies.sessions import SessionTokenStrategy
from django.http import HttpRequest

from accounts.models import User
from accounts.services import Device, begin_sign_in, refresh_tokens
from accounts.tokens import InvalidToken, issue
from timetravelers.kit.addresses import client_address, neighbourhood
from timetravelers.kit.text import has_control_characters, normalise

DEVICE_HEADER = "X-Device-Name"


class SimpleJwtStrategy(SessionTokenStrategy):  # type: ignore[misc]  # allauth ships no types
    """Session tokens while somebody is signing in, simplejwt tokens once they have."""

    def create_access_token_payload(self, request: HttpRequest) -> dict[str, Any] | None:
        if not isinstance(request.user, User):
            return None
        session_key = self.create_session_token(request)
        sign_in = begin_sign_in(user=request.user, session_key=session_key, device=device_of(request))
        pair = issue(request.user, sign_in)
        return {"access_token": pair.access, "refresh_token": pair.refresh, "expires_in": pair.expires_in}

    def refresh_token(self, refresh_token: str) -> tuple[str, str] | None:
        """The next pair, as long as the account and the sign-in both still stand."""
        try:
            pair = refresh_tokens(refresh_token=refresh_token, address=client_address(context.request))
        except InvalidToken:
            return None
        return pair.access, pair.refresh


def device_of(request: HttpRequest) -> Device:
    """What a person may later know this device by; what the app calls it, if it says so in X-Device-Name."""
    return Device(
        name=_readable(request.headers.get(DEVICE_HEADER, "")),
        user_agent=_readable(request.headers.get("User-Agent", "")),
        network=neighbourhood(client_address(request)),
    )


def _readable(header: str) -> str:
    """Header text as people wrote it (UTF-8 arrives as Latin-1), or nothing if it is no sane text."""
    try:
        text = header.encode("latin-1").decode()
    except UnicodeError:
        return ""
    return "" if has_control_characters(text) else normalise(text)


def display(user: User) -> str:
    """What to call a person in mails and in allauth's answers; they know their address."""
    return user.email
