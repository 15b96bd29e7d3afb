"""The tokens phones carry: made and verified by simplejwt, tied to the account's epoch and the sign-in.

A signature is verified once per token and process; what can change later (expiry, the account's state and
epoch) is checked on every use by `accounts.authentication`.
"""

import base64
import hashlib
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any
from uuid import UUID

from cryptography.fernet import Fernet
from cryptography.fernet import InvalidToken as BadSeal
from django.conf import settings
from rest_framework_simplejwt.exceptions import TokenError
from rest_framework_simplejwt.settings import api_settings
from rest_framework_simplejwt.tokens import AccessToken, RefreshToken

from accounts.models import User

REMEMBERED_TOKENS = 20_000


class InvalidToken(Exception):
    """The token is forged, expired, of the wrong kind, or revoked."""


@dataclass(frozen=True, slots=True)
class Claims:
    """What a verified token says; `expires_at` in Unix seconds."""

    user: UUID
    epoch: int
    expires_at: float
    sign_in: str


@dataclass(frozen=True, slots=True)
class TokenPair:
    """A new access token and its refresh token; `expires_in` in seconds, of the access token."""

    access: str
    refresh: str
    expires_in: int


def issue(user: User, sign_in: str) -> TokenPair:
    """Tokens for a person who has just proven who they are, in the sign-in (a sealed Django session) named."""
    refresh = RefreshToken.for_user(user)
    refresh["epoch"] = user.epoch
    refresh["sid"] = sign_in
    lifetime = api_settings.ACCESS_TOKEN_LIFETIME
    return TokenPair(str(refresh.access_token), str(refresh), int(lifetime.total_seconds()))


def seal_session(key: str) -> str:
    """A session key as a token may carry it: anyone can read a token, and none may yield a session."""
    return _cipher().encrypt(key.encode()).decode()


def open_session(sealed: str) -> str:
    """The session key that was sealed; raises InvalidToken."""
    try:
        return _cipher().decrypt(sealed).decode()
    except BadSeal as exc:
        raise InvalidToken from exc


@cache
def _cipher() -> Fernet:
    digest = hashlib.sha256(b"timetravelers sign-in" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(digest))


@lru_cache(maxsize=REMEMBERED_TOKENS)
def read_access(raw: str) -> Claims:
    """The claims of an access token whose signature is good; raises InvalidToken."""
    return _claims(AccessToken, raw)


def read_refresh(raw: str) -> Claims:
    """The claims of a refresh token whose signature is good; raises InvalidToken."""
    return _claims(RefreshToken, raw)


def _claims(kind: Any, raw: str) -> Claims:
    try:
        token = kind(raw)
        return Claims(UUID(token["sub"]), int(token["epoch"]), float(token["exp"]), str(token["sid"]))
    except (TokenError, KeyError, ValueError, TypeError) as exc:
        raise InvalidToken from exc
