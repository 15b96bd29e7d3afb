"""How often somebody may try at allauth's doors, by address and by account, over all processes."""

import hashlib
from collections.abc import Callable, Iterator
from http import HTTPStatus
from typing import Any

import orjson
import redis
import structlog
from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse

from accounts.tokens import InvalidToken, read_refresh
from timetravelers.kit.addresses import client_address, place
from timetravelers.kit.api.problems import problem_response
from timetravelers.kit.errors import RateLimited
from timetravelers.kit.limits import SharedWindow

log = structlog.get_logger(__name__)

DOORS = "/_allauth/app/v1/"
# What a try at each door counts as; reading (GET) counts where it tells whether a code is right.
KINDS = {
    "auth/login": "login",
    "auth/reauthenticate": "login",
    "auth/2fa/authenticate": "login",
    "auth/2fa/reauthenticate": "login",
    "auth/webauthn/login": "login",
    "auth/webauthn/reauthenticate": "login",
    "auth/provider/token": "login",
    "auth/code/request": "code",
    "auth/code/resend": "code",
    "auth/email/verify/resend": "code",
    "auth/signup": "signup",
    "auth/webauthn/signup": "signup",
    "auth/provider/signup": "signup",
    "auth/password/request": "reset",
    "auth/password/reset": "verify",
    "auth/code/confirm": "verify",
    "auth/email/verify": "verify",
    "tokens/refresh": "refresh",
}
TOLD_BY_READING = "verify"
# allauth's own limits, which stand behind ours, do not say how long they last; none lasts longer than these.
ALLAUTH_WINDOW = 60.0
ALLAUTH_RESEND_WINDOW = 10.0
ALLAUTH_GUESSES_WINDOW = 300.0
TOO_MANY_GUESSES = b'"too_many_login_attempts"'


class SignInLimits:
    """Refuses with 429 and Retry-After before allauth does any work; gives allauth's own refusals the same form."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(DOORS):
            return self.get_response(request)
        door = request.path.removeprefix(DOORS)
        wait = _wait(request, KINDS.get(door, ""))
        if wait > 0:
            return _refusal(request, wait)
        return _with_retry_after(request, door, self.get_response(request))


def _wait(request: HttpRequest, kind: str) -> float:
    """Seconds until there is room again; 0.0, and one counted, if there is."""
    if not kind or (request.method == "GET" and kind != TOLD_BY_READING):
        return 0.0
    for name, (limit, seconds), who in _counted(request, kind):
        try:
            wait = SharedWindow(limit, seconds).wait(f"sign-in:{kind}:{name}:{who}")
        except redis.RedisError:
            log.warning("throttle_unavailable", scope=f"sign-in:{kind}")
            return 0.0
        if wait > 0:
            log.warning("sign_in_limited", kind=kind, by=name)
            return wait
    return 0.0


def _counted(request: HttpRequest, kind: str) -> Iterator[tuple[str, tuple[int, float], str]]:
    limits = settings.SIGN_IN_LIMITS[kind]
    yield "address", limits["address"], place(client_address(request))
    account = _account(request, kind)
    if account:
        yield "account", limits["account"], hashlib.sha256(account.encode()).hexdigest()


def _account(request: HttpRequest, kind: str) -> str:
    """Whom the try is about, known to us or not: an address, a sign-in that goes on, or one under way."""
    body = _body(request)
    if kind == "refresh":
        return _family(body.get("refresh_token"))
    email = body.get("email")
    if isinstance(email, str):
        return email.strip().lower()
    return request.headers.get("X-Session-Token", "")


def _family(refresh_token: Any) -> str:
    try:
        return str(read_refresh(refresh_token).sign_in) if isinstance(refresh_token, str) else ""
    except InvalidToken:
        return ""


def _body(request: HttpRequest) -> dict[str, Any]:
    """The JSON object sent, or none; whether it is acceptable is for the view to say."""
    try:
        body = orjson.loads(request.body)
    except (orjson.JSONDecodeError, RequestDataTooBig):
        return {}
    return body if isinstance(body, dict) else {}


def _with_retry_after(request: HttpRequest, door: str, response: HttpResponse) -> HttpResponse:
    if response.status_code == HTTPStatus.BAD_REQUEST and TOO_MANY_GUESSES in response.content:
        return _refusal(request, ALLAUTH_GUESSES_WINDOW)
    if response.status_code == HTTPStatus.TOO_MANY_REQUESTS:
        return _refusal(request, ALLAUTH_RESEND_WINDOW if door.endswith("/resend") else ALLAUTH_WINDOW)
    return response


def _refusal(request: HttpRequest, wait: float) -> HttpResponse:
    """A problem, under the content type that allauth's own OpenAPI promises here."""
    response = problem_response(request, RateLimited(retry_after=wait))
    response["Content-Type"] = "application/json"
    return response
