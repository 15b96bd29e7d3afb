"""Apple's token service, as far as leaving needs it: trading a code for a token, and revoking a token."""

import time
from typing import Any

import jwt
import requests
from django.conf import settings

TIMEOUT = (5.0, 10.0)
SECRET_SECONDS = 300
AUDIENCE = "https://appleid.apple.com"


class AppleError(Exception):
    """Apple did not do as asked; `str()` holds no secret."""


class NotConfigured(AppleError):
    """This house has no key for Apple's token service."""


class CodeRefused(AppleError):
    """The authorization code is unknown, used or too old."""


def exchange(code: str) -> str:
    """The refresh token behind a fresh authorization code, which works once; raises AppleError."""
    answer = _post("/auth/token", {"grant_type": "authorization_code", "code": code})
    if answer.status_code == requests.codes.bad_request:
        raise CodeRefused("Apple refused the code")
    token = _json(answer).get("refresh_token")
    if answer.status_code != requests.codes.ok or not isinstance(token, str) or not token:
        raise AppleError(f"Apple gave no token (HTTP {answer.status_code})")
    return token


def revoke(token: str) -> None:
    """End a sign-in with Apple; a token that is already dead is fine. Raises AppleError."""
    answer = _post("/auth/revoke", {"token": token, "token_type_hint": "refresh_token"})
    if answer.status_code != requests.codes.ok:
        raise AppleError(f"Apple did not revoke (HTTP {answer.status_code})")


def _post(path: str, fields: dict[str, str]) -> requests.Response:
    known = settings.APPLE
    if not all(known[name] for name in ("client_id", "team_id", "key_id", "private_key")):
        raise NotConfigured("no key for Apple's token service is configured")
    body = {"client_id": known["client_id"], "client_secret": _client_secret(known), **fields}
    try:
        return requests.post(f"{known['base_url']}{path}", data=body, timeout=TIMEOUT, allow_redirects=False)
    except requests.RequestException as problem:
        raise AppleError(f"Apple could not be reached ({type(problem).__name__})") from None


def _client_secret(known: dict[str, str]) -> str:
    moment = int(time.time())
    claims = {
        "iss": known["team_id"],
        "iat": moment,
        "exp": moment + SECRET_SECONDS,
        "aud": AUDIENCE,
        "sub": known["client_id"],
    }
    return jwt.encode(claims, known["private_key"], algorithm="ES256", headers={"kid": known["key_id"]})


def _json(answer: requests.Response) -> dict[str, Any]:
    try:
        found = answer.json()
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
