"""The API's description is valid, names every operation on purpose, and shows what is safe to send twice.

That the committed `docs/openapi.yaml` is up to date is checked by `make check`.
"""

import re
from functools import cache
from typing import Any

import pytest
from drf_spectacular.generators import SchemaGenerator
from openapi_spec_validator import OpenAPIV30SpecValidator

from tests.architecture.routes import api_routes
from timetravelers.kit.api.idempotency import creates_once
from timetravelers.kit.api.schema import ProblemAwareSchema

# Answers 201 without `@idempotent`, by operation, each with its reason.
NOT_ONCE = {
    "sessions_ticket": "a ticket is used up by its first use, so an old one is of no use to anybody",
}


def generate() -> Any:
    generator: Any = SchemaGenerator()  # type: ignore[no-untyped-call]  # drf-spectacular's own types are partial
    return generator.get_schema(request=None, public=True)


description = cache(generate)


def operations() -> list[tuple[str, str, Any]]:
    """Path, method and operation."""
    paths = description()["paths"]
    return [(path, method, operation) for path, methods in paths.items() for method, operation in methods.items()]


def test_it_is_valid_openapi() -> None:
    OpenAPIV30SpecValidator(description()).validate()


def test_every_route_is_in_it() -> None:
    described = {(path, method) for path, method, _ in operations()}
    for route in api_routes():
        for method in route.methods:
            assert (route.template, method.lower()) in described, f"{method} {route} is missing: use @extend_schema."


def test_every_operation_has_a_name_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ProblemAwareSchema, "get_operation_id", lambda _self: "unnamed")
    paths = generate()["paths"]
    names = [operation["operationId"] for methods in paths.values() for operation in methods.values()]
    unnamed = [f"{m} {p}" for p, ms in paths.items() for m, o in ms.items() if o["operationId"].startswith("unnamed")]
    assert not unnamed, f"Name them by @extend_schema(operation_id=...): {unnamed}"
    assert len(set(names)) == len(names), "Two operations have the same operation_id."
    assert all(re.fullmatch(r"[a-z]+(_[a-z]+)*", name) for name in names), "operation_id is snake_case."


def test_every_operation_says_what_goes_wrong() -> None:
    for path, method, operation in operations():
        assert "application/problem+json" in operation["responses"]["default"]["content"], f"{method} {path}"


def test_what_creates_can_be_sent_twice() -> None:
    views = {route.template: route.view for route in api_routes()}
    creating = [(p, o["operationId"]) for p, method, o in operations() if method == "post" and "201" in o["responses"]]
    assert creating
    for path, name in creating:
        if name not in NOT_ONCE:
            assert creates_once(views[path].post), f"{name} answers 201: wrap its handler in @idempotent."


def test_the_exceptions_are_still_needed() -> None:
    views = {operation["operationId"]: path for path, _, operation in operations()}
    by_path = {route.template: route.view for route in api_routes()}
    for name in NOT_ONCE:
        assert name in views, f"{name} is gone: take it off the list."
        assert not creates_once(by_path[views[name]].post), f"{name} is wrapped now: take it off the list."
