"""Deny by default: every route names who may pass and how often, and refuses in one shape."""

from typing import Any

import pytest
from django.conf import settings

from accounts.models import User
from tests.actors import Api
from tests.architecture.routes import API, Route, all_routes, api_routes
from timetravelers.kit.api.views import ApiView

# Routes below /api/v1/ that answer people who have not signed in, each with its reason.
OPEN = {
    "/api/v1/deletions/<str:receipt>/": "who asks has no account any more; the receipt is what they know",
}

# First parts of the paths outside of the API, each with what guards it.
OUTSIDE = {
    "": "leads to the documentation",
    ".well-known/jwks.json": "public keys, for who checks our tokens",
    "api/schema/": "the API's description, open to all",
    "api/docs/": "the same as a page",
    "_allauth/": "sign-up and sign-in, guarded and limited by allauth",
    "admin/": "Django's admin, for staff who have signed in to it",
    "hooks/manus/": "signed by Manus",
    "dev/mail/": "404 unless in development",
    "healthz/live": "tells nothing but that it lives",
    "healthz/ready": "tells which part is missing",
    "metrics": "guarded by METRICS_TOKEN",
}

routes = pytest.mark.parametrize("route", api_routes(), ids=str)


def is_problem(response: Any, status: int) -> bool:
    """Whether an answer is a problem of this status."""
    kind = response.headers.get("Content-Type")
    return (response.status_code, kind) == (status, "application/problem+json") and response.json()["status"] == status


def test_there_is_an_api() -> None:
    assert len(api_routes()) >= 20


@pytest.mark.parametrize("route", [route for route in all_routes() if not route.pattern.startswith(API)], ids=str)
def test_what_is_outside_of_the_api_is_there_on_purpose(route: Route) -> None:
    known = any(route.pattern == start or (start and route.pattern.startswith(start)) for start in OUTSIDE)
    assert known, f"{route} is not below /{API}: put it there, or say in OUTSIDE what guards it."


@routes
def test_every_view_is_the_kits_and_names_its_policy(route: Route) -> None:
    assert route.view is not None, f"{route} is a function: make it an ApiView."
    assert issubclass(route.view, ApiView), f"{route.view} must be an ApiView."
    assert callable(route.view.policy), f"{route.view} names no policy: set `policy` to a predicate."


@routes
def test_every_method_has_a_known_throttle_scope(route: Route) -> None:
    scope = route.view.throttle_scope
    for method in route.methods:
        named = scope.get(method) if isinstance(scope, dict) else scope
        assert named in settings.THROTTLE_SCOPES, f"{route.view} {method}: set `throttle_scope` to a known scope."


@routes
@pytest.mark.django_db
def test_nobody_gets_in_without_signing_in(api: Api, route: Route) -> None:
    for method in route.methods:
        response = api(None).send(method, route.example, {} if method != "GET" else None)
        if str(route) in OPEN:
            assert response.status_code != 401, f"{route} is not open any more: take it off the list."
        else:
            assert is_problem(response, 401), f"{method} {route} let a stranger in: {response.content!r}"


@routes
@pytest.mark.django_db
def test_a_method_that_is_not_there_is_a_problem(api: Api, charlie: User, route: Route) -> None:
    response = api(charlie).send("TRACE", route.example)
    assert is_problem(response, 405), response.content
    assert set(route.methods) <= {name.strip() for name in response.headers["Allow"].split(",")}


@pytest.mark.parametrize("route", [route for route in api_routes() if route.converters], ids=str)
@pytest.mark.django_db
def test_what_does_not_exist_is_a_problem(api: Api, charlie: User, route: Route) -> None:
    """Whatever a method looks at first, body or resource: it refuses, and reading says 404."""
    for method in route.methods:
        response = api(charlie).send(method, route.example, {} if method != "GET" else None)
        assert is_problem(response, 404 if method == "GET" else response.status_code), response.content
        assert 400 <= response.status_code < 500, response.content


@routes
@pytest.mark.django_db
def test_beside_every_route_there_is_nothing(api: Api, charlie: User, route: Route) -> None:
    for path in (route.example.rstrip("/"), route.example + "nothing-here/%00/"):
        assert is_problem(api(charlie).get(path), 404), path
