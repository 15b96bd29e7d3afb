"""What a load balancer and Prometheus ask, and what they are told when something is gone."""

import pytest
from django.db.migrations.recorder import MigrationRecorder
from pytest_django.fixtures import Settings

from accounts.models import User
from tests.actors import Api
from tests.kit.logs import LogLines
from timetravelers.kit import health

pytestmark = pytest.mark.django_db
WELL = {"database": "ok", "cache and broker": "ok", "migrations": "ok"}


@pytest.fixture
def only_the_kits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rooms add checks of their own; these tests are about the kit's."""
    monkeypatch.setattr(health, "_checks", {name: health._checks[name] for name in WELL})
    monkeypatch.setattr(health, "_migrated", False)


def test_living_asks_nobody(api: Api, database_down: None, valkey_down: None) -> None:
    response = api(None).get("/healthz/live")
    assert (response.status_code, response.json()) == (200, {"status": "ok"})


@pytest.mark.usefixtures("only_the_kits")
def test_ready(api: Api) -> None:
    response = api(None).get("/healthz/ready")
    assert (response.status_code, response.json()) == (200, {"status": "ok", "checks": WELL})


@pytest.mark.usefixtures("only_the_kits")
def test_without_the_database_it_is_named(api: Api, database_down: None) -> None:
    response = api(None).get("/healthz/ready")
    failed = {"database": "failed", "migrations": "failed"}
    assert (response.status_code, response.json()) == (503, {"status": "failed", "checks": WELL | failed})


@pytest.mark.usefixtures("only_the_kits")
def test_without_valkey_it_is_named(api: Api, valkey_down: None, log_lines: LogLines) -> None:
    response = api(None).get("/healthz/ready")
    assert (response.status_code, response.json()["checks"]) == (503, WELL | {"cache and broker": "failed"})
    (line,) = [line for line in log_lines() if line["event"] == "health_check_failed"]
    assert (line["check"], line["reason"]) == ("cache and broker", "ConnectionError")


@pytest.mark.usefixtures("only_the_kits")
def test_a_migration_that_has_not_run_is_named(api: Api) -> None:
    MigrationRecorder.Migration.objects.filter(app="kit").delete()
    assert api(None).get("/healthz/ready").json()["checks"] == WELL | {"migrations": "failed"}


@pytest.mark.usefixtures("only_the_kits")
def test_a_room_adds_its_own_check(api: Api) -> None:
    health.register_check("otters", lambda: False)
    response = api(None).get("/healthz/ready")
    assert (response.status_code, response.json()["checks"]["otters"]) == (503, "failed")


def test_figures_are_open_while_no_token_is_set(api: Api, alice: User) -> None:
    api(alice).get("/me/")
    body = api(None).get("/metrics").content.decode()
    assert 'tt_http_requests_total{method="GET",route="api/v1/me/",status="200"}' in body


@pytest.mark.parametrize("given", [None, "", "Bearer", "Bearer wrong", "Bearer s3cret-", "Bearer S3CRET", "\xff"])
def test_figures_are_not_there_for_who_has_not_the_token(api: Api, settings: Settings, given: str | None) -> None:
    settings.METRICS_TOKEN = "s3cret"
    response = api(None).send("GET", "/metrics", headers={} if given is None else {"Authorization": given})
    assert (response.status_code, response.json()["code"]) == (404, "not_found")


def test_figures_for_who_has_the_token(api: Api, settings: Settings) -> None:
    settings.METRICS_TOKEN = "s3cret"
    response = api(None).get("/metrics", Authorization="Bearer s3cret")
    assert response.status_code == 200
    assert response.headers["Content-Type"].startswith("text/plain")


def test_callers_cannot_make_up_figures(api: Api) -> None:
    """Every label value is kept for good, so neither methods nor paths may be invented."""
    api(None).send("OTTER", "/healthz/live")
    api(None).get("/otters-of-the-world/")
    body = api(None).get("/metrics").content.decode().lower()
    assert "otter" not in body
    assert 'route="unrouted"' in body
