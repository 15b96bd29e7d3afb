"""Where allauth meets the house: simplejwt tokens out of its headless sign-in."""

from typing import Any

from allauth.headless.tokens.strategies.sessions import SessionTokenStrategy
from django.http import HttpRequest

from accounts.authentication import owner
from accounts.models import User
from accounts.tokens import InvalidToken, issue, open_session, read_refresh, seal_session


class SimpleJwtStrategy(SessionTokenStrategy):  # type: ignore[misc]  # allauth ships no types
    """Session tokens while somebody is signing in, simplejwt tokens once they have."""

    def create_access_token_payload(self, request: HttpRequest) -> dict[str, Any] | None:
        if not isinstance(request.user, User):
            return None
        pair = issue(request.user, seal_session(self.create_session_token(request)))
        return {"access_token": pair.access, "refresh_token": pair.refresh, "expires_in": pair.expires_in}

    def refresh_token(self, refresh_token: str) -> tuple[str, str] | None:
        """A new pair, as long as the account and the sign-in both still stand."""
        try:
            claims = read_refresh(refresh_token)
            user = owner(claims)
            session = self.lookup_session(open_session(claims.sign_in))
        except InvalidToken:
            return None
        if session is None:
            return None
        pair = issue(user, claims.sign_in)
        return pair.access, pair.refresh


def display(user: User) -> str:
    """What to call a person in mails and in allauth's answers; they know their address."""
    return user.email
