"""ID tokens of Google and Apple: whose signature counts, and what has to stand in them."""

import hashlib
import hmac
import threading
import time
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import jwt
import requests
import structlog
from django.core.cache import cache as shared

from timetravelers.kit.errors import Unavailable

log = structlog.get_logger(__name__)

ALGORITHMS = frozenset({"RS256", "ES256"})  # asymmetric only: a public key must never work as a secret
REQUIRED = ["iss", "aud", "exp", "iat", "sub"]
MAX_TOKEN_LENGTH = 8192
MAX_KEYS_BYTES = 200_000
LEEWAY_SECONDS = 30
KEEP_SECONDS = 3600.0
RETRY_SECONDS = 5.0  # while the issuer does not answer, nobody waits for that longer than the first who asked
REFETCH_SECONDS = 5.0  # tokens that name made-up keys do not become a flood of requests to the issuer
TIMEOUT = (3.05, 5.0)


class InvalidIdToken(Exception):
    """The token does not prove who is holding the phone; says why, for the log."""


@dataclass(frozen=True, slots=True)
class Issuer:
    """Who may have signed (`names` as in `iss`) and where its keys are."""

    names: tuple[str, ...]
    keys_url: str


@dataclass(slots=True)
class KeySet:
    """The public keys of an issuer by key id: kept an hour, fetched anew when a token names one that is missing."""

    url: str
    _keys: dict[str, jwt.PyJWK] = field(default_factory=dict)
    _fetched: float = float("-inf")
    _failed: float = float("-inf")
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def find(self, key_id: str) -> jwt.PyJWK:
        """The key; raises InvalidIdToken when the issuer does not have it, Unavailable when it cannot be asked."""
        with self._lock:
            age = time.monotonic() - self._fetched
            if age > KEEP_SECONDS or (key_id not in self._keys and age > REFETCH_SECONDS):
                self._refresh()
            found = self._keys.get(key_id)
        if found is None:
            raise InvalidIdToken("unknown_key")
        return found

    def _refresh(self) -> None:
        if time.monotonic() - self._failed < RETRY_SECONDS:
            raise _unavailable()
        try:
            self._keys = _fetch(self.url)
        except Unavailable:
            self._failed = time.monotonic()
            raise
        self._fetched = time.monotonic()


def _unavailable() -> Unavailable:
    return Unavailable("Please try again in a moment.", retry_after=5)


def _fetch(url: str) -> dict[str, jwt.PyJWK]:
    try:
        with requests.get(url, timeout=TIMEOUT, allow_redirects=False, stream=True) as answer:
            answer.raise_for_status()
            keys = jwt.PyJWKSet.from_json(_body(answer).decode()).keys
    except (requests.RequestException, jwt.PyJWTError, ValueError, AttributeError, TypeError) as exc:
        log.warning("issuer_keys_unavailable", url=url, reason=type(exc).__name__)
        raise _unavailable() from exc
    return {key.key_id: key for key in keys if key.key_id and key.algorithm_name in ALGORITHMS}


def _body(answer: requests.Response) -> bytes:
    body = bytearray()
    for piece in answer.iter_content(MAX_KEYS_BYTES):  # `raw` breaks off with errors that requests does not know
        body += piece
        if len(body) > MAX_KEYS_BYTES:
            raise ValueError("too many keys")
    return bytes(body)


@cache
def key_set(url: str) -> KeySet:
    """This process's copy of an issuer's keys."""
    return KeySet(url)


def read_id_token(raw: object, *, issuer: Issuer, audience: str, nonce: object) -> dict[str, Any]:
    """The claims of a token that this issuer made for this app and this sign-in, which it is used up by.

    `nonce` is what the phone drew for this sign-in; the token holds its SHA-256 in hexadecimal, so that who
    only gets hold of the token cannot use it. Raises InvalidIdToken, and Unavailable without the issuer's keys.
    """
    if not isinstance(raw, str) or not raw.isascii() or len(raw) > MAX_TOKEN_LENGTH:
        raise InvalidIdToken("unreadable")
    claims = _verified(raw, issuer, audience)
    _check_nonce(claims, nonce)
    _use_up(raw, claims)
    return claims


def _verified(raw: str, issuer: Issuer, audience: str) -> dict[str, Any]:
    try:
        header = jwt.get_unverified_header(raw)
        key = key_set(issuer.keys_url).find(str(header.get("kid", "")))
        claims: dict[str, Any] = jwt.decode(
            raw,
            key=key,
            algorithms=[key.algorithm_name],
            audience=audience,
            issuer=list(issuer.names),
            leeway=LEEWAY_SECONDS,
            options={"require": REQUIRED, "strict_aud": True},
        )
    except jwt.PyJWTError as exc:
        raise InvalidIdToken(type(exc).__name__) from exc
    return claims


def _check_nonce(claims: dict[str, Any], nonce: object) -> None:
    if not isinstance(nonce, str) or not nonce or not nonce.isascii():
        raise InvalidIdToken("no_nonce")
    expected = hashlib.sha256(nonce.encode()).hexdigest()
    if not hmac.compare_digest(expected.encode(), str(claims.get("nonce", "")).encode()):
        raise InvalidIdToken("wrong_nonce")


def _use_up(raw: str, claims: dict[str, Any]) -> None:
    digest = hashlib.sha256(raw.encode()).hexdigest()
    seconds = claims["exp"] - time.time() + 2 * LEEWAY_SECONDS
    if not shared.add(f"id-token:{digest}", value=True, timeout=seconds):
        raise InvalidIdToken("used_before")
