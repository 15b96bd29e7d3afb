"""Each request has one id: the caller's if it is a sane one; it is in the answer, the problem and the log."""

import re

import pytest

from accounts.models import User
from tests.actors import Api
from tests.kit.logs import LogLines

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("probing")]
OURS = re.compile(r"[0-9a-f]{32}")


@pytest.mark.parametrize("given", ["12345678", "a" * 64, "01a2046a-41ac-76a5.X_y", "00-4bf92f3577b34da6"])
def test_a_sane_id_is_taken(api: Api, log_lines: LogLines, given: str) -> None:
    response = api(None).get("/probe/faults/conflict/", X_Request_Id=given)
    assert response.headers["X-Request-Id"] == response.json()["request_id"] == given
    (line,) = [line for line in log_lines() if line["event"] == "request"]
    assert line["request_id"] == given


@pytest.mark.parametrize(
    "given",
    [
        "",
        "short",
        "a" * 65,
        "a" * 9000,
        "two words",
        "12345678\n",
        "12345678\x00",
        "\xe9" * 10,
        '12345678"',
        "<b>bold</b>",
    ],
)
def test_any_other_is_replaced(api: Api, log_lines: LogLines, given: str) -> None:
    response = api(None).get("/probe/faults/conflict/", X_Request_Id=given)
    chosen = response.headers["X-Request-Id"]
    assert OURS.fullmatch(chosen)
    assert response.json()["request_id"] == chosen
    assert [line["request_id"] for line in log_lines() if line["event"] == "request"] == [chosen]


def test_each_request_has_another_id(api: Api) -> None:
    ids = {api(None).get("/healthz/live").headers["X-Request-Id"] for _ in range(20)}
    assert len(ids) == 20


def test_what_the_log_says_of_a_request(api: Api, alice: User, log_lines: LogLines) -> None:
    api(alice).get("/missions/00000000-0000-7000-8000-000000000000/", {"secret": "x"})
    (line,) = [line for line in log_lines() if line["event"] == "request"]
    assert {name: line[name] for name in ("method", "route", "status", "level")} == {
        "method": "GET",
        "route": "api/v1/missions/<uuid:uid>/",
        "status": 404,
        "level": "info",
    }
    assert line["ms"] >= 0


def test_a_context_does_not_outlive_its_request(api: Api, log_lines: LogLines) -> None:
    api(None).get("/healthz/live", X_Request_Id="the-first-one")
    api(None).get("/healthz/live")
    first, second = [line for line in log_lines() if line["event"] == "request"]
    assert first["request_id"] == "the-first-one" != second["request_id"]
