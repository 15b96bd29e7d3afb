"""A scope's limit holds for each caller, tells when to come back, and never closes the house."""

import pytest
from pytest_django.fixtures import Settings

from accounts.models import User
from tests.actors import Api, ApiClient
from tests.kit.logs import LogLines
from timetravelers.kit.api.throttles import window

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("probing")]


@pytest.fixture(params=[True, False], ids=["local", "shared"])
def tiny(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    """The tiny scope, counted here and over all processes in turn."""
    monkeypatch.setitem(settings.THROTTLE_SCOPES, "tiny", {"per_minute": 2, "local": request.param})
    window.cache_clear()


def statuses(client: ApiClient, times: int, **headers: str) -> list[int]:
    return [client.send("GET", "/probe/tiny/", headers=headers).status_code for _ in range(times)]


@pytest.mark.usefixtures("tiny")
def test_past_the_limit_one_is_told_when_to_come_back(api: Api, alice: User) -> None:
    assert statuses(api(alice), 4) == [200, 200, 429, 429]
    response = api(alice).get("/probe/tiny/")
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.json()["code"] == "rate_limited"
    assert 55 <= int(response.headers["Retry-After"]) == response.json()["retry_after"] <= 60


@pytest.mark.usefixtures("tiny")
def test_everybody_has_a_count_of_their_own(api: Api, alice: User, bob: User) -> None:
    assert statuses(api(alice), 3) == [200, 200, 429]
    assert statuses(api(bob), 3) == [200, 200, 429]
    assert statuses(api(None), 3) == [200, 200, 429]


def test_another_token_of_the_same_person_is_the_same_person(api: Api, alice: User) -> None:
    assert statuses(api(alice), 2) + statuses(api(alice), 1) == [200, 200, 429]


def test_an_address_that_the_caller_makes_up_does_not_count(api: Api) -> None:
    assert [statuses(api(None), 1, X_Forwarded_For=f"10.0.0.{n}")[0] for n in range(3)] == [200, 200, 429]


def test_scopes_are_counted_apart(api: Api, alice: User) -> None:
    assert statuses(api(alice), 3)[-1] == 429
    assert api(alice).get("/me/").status_code == 200


def test_what_is_refused_does_not_push_the_window_on(api: Api, alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    statuses(api(alice), 2)
    first = int(api(alice).get("/probe/tiny/").headers["Retry-After"])
    statuses(api(alice), 10)
    assert int(api(alice).get("/probe/tiny/").headers["Retry-After"]) <= first


def test_without_valkey_everybody_is_let_in_and_the_log_says_so(
    api: Api, alice: User, valkey_down: None, log_lines: LogLines
) -> None:
    for _ in range(3):
        assert api(alice).patch("/me/", {}).status_code == 200  # `write` is counted in Valkey
    assert [line["scope"] for line in log_lines() if line["event"] == "throttle_unavailable"] == ["write"] * 3


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "DELETE", "BREW"])
def test_methods_that_no_view_names_a_scope_for(api: Api, alice: User, method: str) -> None:
    """Refused or answered, never our fault: HEAD counts as the GET that it is."""
    assert api(alice).send(method, "/me/").status_code in {200, 405}
