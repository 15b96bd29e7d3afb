"""Whatever goes wrong reaches a phone as one RFC 9457 problem, and tells nothing of our insides."""

import json
from typing import Any

import pytest
from django.db import close_old_connections
from django.test import Client
from pytest_django.fixtures import Settings

from accounts.models import User
from tests.actors import Api, ApiClient
from tests.kit.logs import LogLines
from tests.kit.probes import SECRET
from timetravelers.kit.constraints import map_constraints
from timetravelers.kit.errors import Conflict

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("probing")]
MEMBERS = {"type", "title", "status", "detail", "instance", "code", "request_id"}


def problem_of(response: Any, status: int, code: str) -> dict[str, Any]:
    """The problem in an answer, after checking all that every problem has."""
    assert response.headers["Content-Type"] == "application/problem+json", response.content
    body: dict[str, Any] = response.json()
    assert (response.status_code, body["status"], body["code"]) == (status, status, code), body
    assert body.keys() >= MEMBERS
    assert body["type"] == f"urn:timetravelers:problem:{code}"
    assert body["request_id"] == response.headers["X-Request-Id"]
    assert all(isinstance(body[member], str) and body[member] for member in MEMBERS - {"status"})
    return body


@pytest.mark.parametrize(
    ("kind", "status", "code"),
    [
        ("invalid", 422, "invalid"),
        ("too-large", 413, "too_large"),
        ("not-found", 404, "not_found"),
        ("forbidden", 403, "forbidden"),
        ("conflict", 409, "conflict"),
        ("precondition-failed", 412, "precondition_failed"),
        ("rate-limited", 429, "rate_limited"),
        ("unavailable", 503, "unavailable"),
        ("http404", 404, "not_found"),
        ("suspicious", 400, "malformed"),
        ("recursion", 400, "malformed"),
        ("runtime", 500, "internal"),
        ("key", 500, "internal"),
    ],
)
@pytest.mark.parametrize("door", ["faults", "plain"])
def test_every_category_through_both_kinds_of_view(api: Api, door: str, kind: str, status: int, code: str) -> None:
    response = api(None).get(f"/probe/{door}/{kind}/")
    body = problem_of(response, status, code)
    assert body["instance"] == f"/api/v1/probe/{door}/{kind}/"
    assert SECRET not in response.content.decode()


def test_what_an_error_carries_is_shown(api: Api) -> None:
    response = api(None).get("/probe/faults/detailed/")
    body = problem_of(response, 409, "conflict")
    assert body["detail"] == "Somebody was faster."
    assert body["errors"] == [{"pointer": "/name", "code": "taken", "detail": "Choose another."}]
    assert (body["winner"], body["retry_after"], response.headers["Retry-After"]) == ("bob", 2, "2")


def test_django_forbidding_is_a_problem_too(api: Api, alice: User) -> None:
    problem_of(api(None).get("/probe/plain/django-forbidden/"), 403, "forbidden")
    problem_of(api(alice).get("/probe/faults/django-forbidden/"), 403, "forbidden")


def test_a_fault_of_ours_is_in_the_log_with_its_trace_and_not_in_the_answer(api: Api, log_lines: LogLines) -> None:
    response = api(None).get("/probe/faults/runtime/")
    body = problem_of(response, 500, "internal")
    assert b"Traceback" not in response.content
    logged = next(line for line in log_lines() if line["event"] == "unforeseen_error")
    assert SECRET in logged["exception"]
    assert "plain_fault" not in logged["exception"]
    assert logged["request_id"] == body["request_id"]


@pytest.mark.parametrize("path", ["/nothing/", "/me", "/probe/echo", "/healthz/nothing", "/%FF%FE/", "/missions/0/"])
def test_an_unrouted_url(api: Api, alice: User, path: str) -> None:
    problem_of(api(alice).get(path), 404, "not_found")


@pytest.mark.parametrize("method", ["GET", "DELETE", "PATCH", "TRACE"])
def test_a_method_that_the_resource_does_not_have(api: Api, alice: User, method: str) -> None:
    response = api(alice).send(method, "/probe/echo/")
    problem_of(response, 405, "method_not_allowed")
    assert {"POST", "PUT"} <= {name.strip() for name in response.headers["Allow"].split(",")}


def test_head_is_get_without_a_body(api: Api, alice: User) -> None:
    response = api(alice).send("HEAD", "/me/")
    assert (response.status_code, response.content) == (200, b"")


def test_a_refusal_of_plain_django_is_no_page(api: Api) -> None:
    response = api(None).get("/hooks/manus/00000000-0000-7000-8000-000000000000/")
    problem_of(response, 405, "method_not_allowed")
    assert response.headers["Allow"] == "POST"
    assert int(response.headers["Content-Length"]) == len(response.content)


def test_a_missing_csrf_token_is_no_page(api: Api) -> None:
    problem_of(api(None).post("/healthz/live", {}), 403, "forbidden")


def test_the_admin_keeps_its_own_pages(client: Client) -> None:
    response = client.post("/admin/nothing/", headers={"Host": "localhost"})
    assert response.headers["Content-Type"].startswith("text/html")


@pytest.mark.parametrize(
    "authorization",
    [None, "", "Bearer", "Bearer ", "Bearer x", "Bearer a.b.c", "Basic YTpi", "Bearer \xff", "Bearer " + "x" * 9000],
)
def test_nobody_known(api: Api, authorization: str | None) -> None:
    headers = {} if authorization is None else {"Authorization": authorization}
    response = api(None).send("POST", "/probe/echo/", {"name": "x"}, headers=headers)
    problem_of(response, 401, "unauthenticated")
    assert response.headers["WWW-Authenticate"] == "Bearer"


def test_a_view_without_a_policy_lets_nobody_in(api: Api, alice: User, staff: User) -> None:
    problem_of(api(alice).get("/probe/nobody/"), 403, "forbidden")
    problem_of(api(staff).get("/probe/nobody/"), 403, "forbidden")
    problem_of(api(None).get("/probe/nobody/"), 401, "unauthenticated")


def test_a_view_without_a_throttle_scope_is_our_fault_and_no_free_pass(api: Api) -> None:
    problem_of(api(None).get("/probe/unscoped/"), 500, "internal")


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=b"])
def test_a_body_in_another_format(api: Api, alice: User, kind: str) -> None:
    response = api(alice).post("/probe/echo/", raw=b"name=x", Content_Type=kind)
    problem_of(response, 415, "unsupported_media_type")


def test_the_charset_beside_the_media_type_is_fine(api: Api, alice: User) -> None:
    response = api(alice).post("/probe/echo/", {"name": "x"}, Content_Type="Application/JSON; charset=utf-8")
    assert response.status_code == 200


def test_a_body_may_be_as_large_as_the_limit_and_no_larger(api: Api, alice: User, settings: Settings) -> None:
    fits = b'{"name":"x"}'.ljust(settings.MAX_BODY_BYTES)
    assert api(alice).post("/probe/echo/", raw=fits).status_code == 200
    problem_of(api(alice).post("/probe/echo/", raw=fits + b" "), 413, "too_large")


def test_a_foreign_host(api: Api) -> None:
    problem_of(api(None).get("/me/", Host="evil.example"), 400, "malformed")


def test_a_constraint_that_a_room_has_mapped(api: Api, alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    class AddressTaken(Conflict):
        code = "address_taken"
        title = "Taken"

    monkeypatch.setattr("timetravelers.kit.constraints._meanings", {})
    map_constraints({"user_email_once": AddressTaken})
    response = api(None).get("/probe/database/twin/", {"email": alice.email.upper()})
    problem_of(response, 409, "address_taken")


def test_a_constraint_that_nobody_mapped_is_named_in_the_log_and_quotes_nothing(
    api: Api, alice: User, log_lines: LogLines, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("timetravelers.kit.constraints._meanings", {})
    response = api(None).get("/probe/database/twin/", {"email": alice.email})
    problem_of(response, 409, "conflict")
    assert alice.email not in response.content.decode()
    logged = next(line for line in log_lines() if line["event"] == "constraint_unmapped")
    assert logged["constraint"] == "user_email_once"
    assert "duplicate key" in logged["exception"]
    assert alice.email not in json.dumps(log_lines())


@pytest.mark.parametrize("kind", ["nul", "range"])
def test_a_value_that_no_column_holds_is_not_something_to_try_again(api: Api, log_lines: LogLines, kind: str) -> None:
    problem_of(api(None).get(f"/probe/database/{kind}/"), 422, "invalid")
    assert "xxxxx" not in json.dumps(log_lines())


def test_an_occupation_code_with_a_nul(api: Api, alice: User) -> None:
    problem_of(api(alice).get("/taxonomy/occupations/%00/"), 404, "not_found")


def test_the_database_is_down(api: Api, database_down: None) -> None:
    response = api(None).get("/probe/database/count/")
    body = problem_of(response, 503, "unavailable")
    assert response.headers["Retry-After"] == str(body["retry_after"])
    assert b"127.0.0.1" not in response.content


@pytest.mark.django_db(transaction=True)
def test_a_lost_connection_costs_one_request(api: Api) -> None:
    problem_of(api(None).get("/probe/database/lost/"), 503, "unavailable")
    close_old_connections()  # what the handler does before each request, and the test client leaves out
    assert api(None).get("/probe/database/count/").status_code == 200


@pytest.fixture
def phone(api: Api, alice: User) -> ApiClient:
    """Alice's, signed in while all was well."""
    return api(alice)


def test_showing_a_token_while_the_database_is_down(phone: ApiClient, database_down: None) -> None:
    """The account look-up fails inside the authentication, before any view."""
    problem_of(phone.get("/me/"), 503, "unavailable")


def test_what_needs_valkey_while_it_is_down(api: Api, valkey_down: None, log_lines: LogLines) -> None:
    problem_of(api(None).get("/probe/faults/ticket/"), 503, "unavailable")
    assert [line for line in log_lines() if line["event"] == "engine_failed"]


def test_what_fails_outside_every_view_is_a_problem_too(settings: Settings) -> None:
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, "tests.kit.test_problems_api.broken_middleware"]
    response = Client(raise_request_exception=False).get("/healthz/live", headers={"Host": "localhost"})
    problem_of(response, 500, "internal")
    assert SECRET not in response.content.decode()


def broken_middleware(_get_response: Any) -> Any:
    """A middleware with a fault."""

    def fail(_request: Any) -> Any:
        raise RuntimeError(SECRET)

    return fail
