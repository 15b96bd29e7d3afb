"""Whether time tells who has an account: the same request for a known and for an unknown address."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import count
from time import perf_counter
from urllib.parse import urlsplit

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.cache import cache
from django.test import Client

from accounts.models import User
from bench.harness import Bench, Contenders, Pair
from timetravelers.kit.limits import valkey

ALLAUTH = "/_allauth/app/v1/auth"
REQUESTS = 3
PASSWORD = "seven otters on ice"  # noqa: S105 - of an invented person
_numbers = count(1)


@dataclass(frozen=True, slots=True)
class Request:
    """What to post, and the status and a word of the answer to it."""

    path: str
    body: dict[str, str]
    status: int
    word: str


@contextmanager
def contenders() -> Iterator[Contenders]:
    """Sign-in, sign-up and reset, each about somebody we know and somebody we do not."""
    user = User.objects.create_user("known@example.org", PASSWORD)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    yield {
        f"{name} {who}": partial(_rate, request, who)
        for name, request in _requests().items()
        for who in ("known", "unknown")
    }


def _requests() -> dict[str, Request]:
    """Each with the status that says it was really tried: a refusal at the door would be fast and equal."""
    return {
        "login": Request("/login", {"password": "not the right one"}, 400, "email_password_mismatch"),
        "signup": Request("/signup", {"password": PASSWORD}, 401, "verify_email"),
        "reset": Request("/password/request", {}, 401, "password_reset_by_code"),
    }


def _rate(request: Request, who: str) -> float:
    """Answers a second, without the time it takes to forget limits."""
    spent = 0.0
    for _ in range(REQUESTS):
        _forget_limits()
        email = "known@example.org" if who == "known" else f"unknown{next(_numbers)}@example.org"
        started = perf_counter()
        answer = _client().post(
            ALLAUTH + request.path, {**request.body, "email": email}, content_type="application/json"
        )
        spent += perf_counter() - started
        assert answer.status_code == request.status, answer.content
        assert request.word in answer.text, answer.content
    return REQUESTS / spent


def _client() -> Client:
    return Client(headers={"host": urlsplit(settings.PUBLIC_BASE_URL).netloc})


def _forget_limits() -> None:
    cache.clear()
    for key in valkey().scan_iter(match=f"{settings.REDIS_PREFIX}:*limit*", count=1000):
        valkey().delete(key)


def _pairs() -> Iterator[Pair]:
    # Both ways round, so that the bound holds from both sides: 0.8 to 1.25.
    for name in _requests():
        yield Pair(f"{name} known", f"{name} unknown", at_least=0.8)
        yield Pair(f"{name} unknown", f"{name} known", at_least=0.8)


BENCH = Bench(
    name="enumeration",
    question="does the time of an answer tell whether an address has an account?",
    unit="answers/s",
    pairs=tuple(_pairs()),
    contenders=contenders,
)
