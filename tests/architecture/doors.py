"""Every door of the house, and what happens to those who knock: for the permission matrix."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from accounts.authentication import accounts
from accounts.models import User
from tests.actors import ApiClient
from tests.clean import clear_valkey
from tests.factories.accounts import make_sign_in, make_user

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
BACKEND = settings.AUTHENTICATION_BACKENDS[0]
NOBODY = UUID(int=7)
# What stands for a part of an address that may be anything.
STAND_INS = {
    "uuid": str(NOBODY),
    "int": "64",
    "slug": "ai_provider",
    "str": "anything",
    "occupation_code": "15-2051.00",
}
# The admin's doors behind its index: its own tests look at each; here, whether anybody gets as far as the index.
ADMIN = ("admin/", "admin/login/", "admin/accounts/user/", "admin/missions/missiontemplate/")


@dataclass(frozen=True)
class Actor:
    """Somebody who knocks, with everything they could show."""

    name: str
    phone: ApiClient
    browser: Client
    session: str = ""


def actors() -> list[Actor]:
    """Nobody, somebody who was shut out, and one person of each role."""
    nobody = Actor("anonymous", ApiClient(), Client(raise_request_exception=False))
    barred = actor("banned", make_user("banned@example.org"))
    User.objects.filter(email="banned@example.org").update(is_active=False)
    return [
        nobody,
        barred,
        actor("user", make_user("user@example.org")),
        actor("mentor", make_user("mentor@example.org", role="mentor")),
        actor("admin", make_user("admin@example.org", role="admin", is_staff=True)),
    ]


def actor(name: str, user: User) -> Actor:
    """A person who has signed in by phone and by browser."""
    browser = Client(raise_request_exception=False)
    browser.force_login(user, backend=BACKEND)
    session = browser.session.session_key or ""
    make_sign_in(user, session_key=session)
    return Actor(name, ApiClient(user), browser, session)


def routes() -> list[str]:
    """Every address that Django answers, as patterns, the admin's but for a few left out."""
    found = {route for route in _walk(get_resolver().url_patterns) if not route.startswith("admin/")}
    return sorted(found | set(ADMIN))


def _walk(patterns: list[URLPattern | URLResolver], before: str = "") -> Iterator[str]:
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, route)
        else:
            yield route


def address(route: str) -> str:
    """An address that a pattern matches."""
    return "/" + re.sub(r"<(?:(\w+):)?\w+>", lambda found: STAND_INS[found[1] or "str"], route)


def knock(who: Actor, method: str, route: str) -> str:
    """What becomes of a request without a body: "401", "403", "405", or "in"; it leaves nothing behind."""
    if route.startswith("_allauth"):
        clear_valkey()
    accounts.clear()
    with transaction.atomic():
        verdict = _verdict(_send(who, method, route))
        transaction.set_rollback(True)
    accounts.clear()
    return verdict


def _send(who: Actor, method: str, route: str) -> Any:
    if route.startswith("admin/"):
        return who.browser.generic(method, address(route))
    headers = {"X-Session-Token": who.session} if who.session and route.startswith("_allauth") else {}
    return who.phone.send(method, address(route), headers=headers)


def _verdict(answer: Any) -> str:
    status = int(answer.status_code)
    if status == 302 and "/admin/login/" in answer.headers["Location"]:
        return "401"
    if status == 410:  # allauth: the session that was shown is over
        return "401"
    if status == 403 and _code(answer) not in {"", "forbidden"}:
        return "in"  # let in, and refused for a reason of the room's own
    return str(status) if status in (401, 403, 405) else "in"


def _code(answer: Any) -> str:
    if "json" not in answer.headers.get("Content-Type", ""):
        return ""
    return str(answer.json().get("code", ""))
