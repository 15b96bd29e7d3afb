"""Whatever allauth's published OpenAPI says of the routes we serve, they do: asked by schemathesis over WSGI."""

from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from accounts.models import User
from tests.clean import clear_valkey
from tests.phones import signed_in

pytestmark = pytest.mark.django_db

EXAMPLES = 6
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
# Routed by allauth whatever the settings say, and of no use here.
NOT_OURS = {
    "/phone": "there are no phone numbers in this house",
    "/provider/redirect": "browsers only",
}
# Any route may refuse its input, and whoever is not signed in or not freshly; the document says so of some only,
# and knows just one of the two kinds of 401. What such an answer has to hold is checked here instead.
LOOSE = {
    HTTPStatus.BAD_REQUEST: {"status"},
    HTTPStatus.UNAUTHORIZED: {"status", "data", "meta"},
    HTTPStatus.GONE: {"status", "data", "meta"},  # the session ended with an earlier request
}

# What the document says and allauth does not do.
DEVIATIONS = {
    "GET /_allauth/app/v1/auth/session": "a password given again is shown without the address the schema wants",
}


def operations() -> list[Any]:
    schema = schemathesis.openapi.from_wsgi("/_allauth/openapi.json", get_wsgi_application())
    found: list[Any] = [each.ok() for each in schema.get_all_operations()]  # type: ignore[union-attr]
    return [each for each in found if not any(part in each.path for part in NOT_OURS)]


@contextmanager
def one_connection() -> Iterator[None]:
    """Requests use the test's transaction; Django's own client does the same for its requests."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal in signals:
            signal.connect(close_old_connections)


def check(operation: Any, session: str) -> None:
    """Ask with a handful of made-up, valid requests, the same ones every time."""

    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def ask(case: Any) -> None:
        clear_valkey()  # limits are tested elsewhere
        case.headers["X-Session-Token"] = session
        answer = case.call()
        if answer.status_code in LOOSE:
            assert LOOSE[answer.status_code] <= set(answer.json()), answer.text
            return
        but = [response_schema_conformance] if operation.label in DEVIATIONS else []
        case.validate_response(answer, checks=[each for each in CHECKS if each not in but])

    with one_connection():
        ask()


OPERATIONS = operations()


def test_nothing_is_missing() -> None:
    assert len(OPERATIONS) > 40


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda each: each.label)
def test_a_stranger_is_answered_as_promised(operation: Any) -> None:
    check(operation, "")


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda each: each.label)
def test_somebody_who_is_signed_in_is_answered_as_promised(operation: Any, alice: User) -> None:
    phone = signed_in("alice@example.org")
    phone.reauthenticate()
    check(operation, phone.session)
