"""Who is calling: the one answer for REST, websocket and long poll."""

import copy
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass, field
from uuid import UUID

from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from accounts.models import User
from accounts.tokens import Claims, InvalidToken, read_access

SCHEME = "Bearer "
MAX_TOKEN_LENGTH = 4096
FRESH_SECONDS = 1.0  # how long a ban or a revocation may go unnoticed by a process


@dataclass(slots=True)
class AccountRows:
    """Account rows as they were at most FRESH_SECONDS ago, by sign-in; each caller gets its own copy."""

    size: int = 20_000
    _rows: OrderedDict[UUID, tuple[float, User]] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def get(self, sign_in: UUID) -> User | None:
        """Whose sign-in this is, or None when it has ended (or the account is gone)."""
        moment = time.monotonic()
        with self._lock:
            kept = self._rows.get(sign_in)
        if kept is None or moment - kept[0] > FRESH_SECONDS:
            user = User.objects.filter(sign_ins__uid=sign_in, sign_ins__ended_at=None).first()
            if user is None:
                return None
            kept = (moment, user)
            self._keep(sign_in, kept)
        return _copy_of(kept[1])

    def _keep(self, sign_in: UUID, kept: tuple[float, User]) -> None:
        with self._lock:
            self._rows[sign_in] = kept
            self._rows.move_to_end(sign_in)
            if len(self._rows) > self.size:
                self._rows.popitem(last=False)

    def forget(self, sign_in: UUID) -> None:
        """Look at the table next time, for this sign-in."""
        with self._lock:
            self._rows.pop(sign_in, None)

    def clear(self) -> None:
        """Forget everything, so that the next look is at the table."""
        with self._lock:
            self._rows.clear()


def _copy_of(row: User) -> User:
    """What `copy.copy` makes of a freshly read row, at a fifth of its price: nobody shares what they may change."""
    user = User.__new__(User)
    user.__dict__.update(row.__dict__, _state=copy.copy(row._state))  # noqa: SLF001 - as Model.__getstate__ does
    return user


accounts = AccountRows()


def authenticate_token(raw: str) -> User:
    """The active owner of an access token; raises InvalidToken if it is forged, expired or revoked."""
    return owner(_unexpired(raw))


def claims_of(request: Request) -> Claims:
    """What the token of an authenticated request says, for services that ask how it was signed in."""
    return read_access(str(request.auth))


def _unexpired(raw: str) -> Claims:
    if len(raw) > MAX_TOKEN_LENGTH:
        raise InvalidToken
    claims = read_access(raw)
    if claims.expires_at <= time.time():
        raise InvalidToken
    return claims


def owner(claims: Claims) -> User:
    """The active account that the claims are about and still hold for; raises InvalidToken."""
    user = accounts.get(claims.sign_in)
    if user is None or user.uid != claims.user or not user.is_active or user.epoch != claims.epoch:
        raise InvalidToken
    return user


class AccessTokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer` with one of our access tokens."""

    def authenticate(self, request: Request) -> tuple[User, str] | None:
        header = request.META.get("HTTP_AUTHORIZATION", "")
        if not header.startswith(SCHEME):
            return None
        raw = header[len(SCHEME) :]
        try:
            return authenticate_token(raw), raw
        except InvalidToken as exc:
            raise AuthenticationFailed from exc

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"
