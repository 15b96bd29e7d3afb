"""The tokens phones carry: made and verified by simplejwt, tied to the account's epoch and the sign-in.

A signature is verified once per token and process; what can change later (expiry, the account's state and
epoch, the sign-in's end) is checked on every use by `accounts.authentication`.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from uuid import UUID

from rest_framework_simplejwt.exceptions import TokenError
from rest_framework_simplejwt.settings import api_settings
from rest_framework_simplejwt.tokens import AccessToken, RefreshToken, Token

from accounts.models import SignIn, User
from accounts.signing import KeyRing, key_ring
from timetravelers.kit.clock import now

REMEMBERED_TOKENS = 20_000


class InvalidToken(Exception):
    """The token is forged, expired, of the wrong kind, or revoked."""


@dataclass(frozen=True, slots=True)
class Claims:
    """What a verified token says; `expires_at` in Unix seconds, `sign_in` the sign-in's public id."""

    user: UUID
    epoch: int
    expires_at: float
    sign_in: UUID


@dataclass(frozen=True, slots=True)
class RefreshClaims(Claims):
    """A refresh token is also the `generation`th of its family, counted from 0."""

    generation: int


@dataclass(frozen=True, slots=True)
class TokenPair:
    """A new access token and its refresh token; `expires_in` in seconds, of the access token."""

    access: str
    refresh: str
    expires_in: int


class _Access(AccessToken):
    def get_token_backend(self) -> KeyRing:
        return key_ring()


class _Refresh(RefreshToken):
    def get_token_backend(self) -> KeyRing:
        return key_ring()


def issue(user: User, sign_in: SignIn, *, generation: int = 0, since: datetime | None = None) -> TokenPair:
    """Tokens for a person who has proven who they are.

    The refresh token of a generation begins `since` (now, unless said otherwise) and is the same whenever it
    is asked for again with the same arguments; the access token is new each time.
    """
    refresh = _stamped(_Refresh(), user, sign_in, since or now())
    refresh["gen"] = generation
    refresh["jti"] = f"{sign_in.uid.hex}.{generation}"
    access = _stamped(_Access(), user, sign_in, now())
    return TokenPair(str(access), str(refresh), int(api_settings.ACCESS_TOKEN_LIFETIME.total_seconds()))


def _stamped(token: Token, user: User, sign_in: SignIn, since: datetime) -> Token:
    token.set_iat(at_time=since)
    token.set_exp(from_time=since)
    token["sub"] = str(user.uid)
    token["epoch"] = user.epoch
    token["sid"] = str(sign_in.uid)
    return token


@lru_cache(maxsize=REMEMBERED_TOKENS)
def read_access(raw: str) -> Claims:
    """The claims of an access token whose signature is good; raises InvalidToken."""
    try:
        return Claims(*_basics(_Access(raw)))  # type: ignore[arg-type]  # simplejwt's stubs lack the encoded form
    except (TokenError, KeyError, ValueError, TypeError) as exc:
        raise InvalidToken from exc


def read_refresh(raw: str) -> RefreshClaims:
    """The claims of a refresh token whose signature is good; raises InvalidToken."""
    try:
        token = _Refresh(raw)  # type: ignore[arg-type]  # see read_access
        return RefreshClaims(*_basics(token), int(token["gen"]))
    except (TokenError, KeyError, ValueError, TypeError) as exc:
        raise InvalidToken from exc


def _basics(token: Token) -> tuple[UUID, int, float, UUID]:
    return UUID(token["sub"]), int(token["epoch"]), float(token["exp"]), UUID(token["sid"])
