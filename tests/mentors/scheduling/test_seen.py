"""What staff and Prometheus see of the queue and of the credits."""

from typing import Any
from uuid import uuid4

import pytest
import redis
from django.test import Client
from prometheus_client import CollectorRegistry, generate_latest
from pytest_django.fixtures import Settings

from accounts.models import User
from mentors.manus import windows
from mentors.models import CreditBudget, CreditEntry, ManusAccount, ProviderCall
from mentors.services import scheduling
from mentors.services.scheduling import figures
from tests.mentors.scheduling.calls import make_call, queue, serve_admitted
from tests.mentors.scheduling.clock import FakeClock

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock", "account")]


@pytest.fixture
def desk(client: Client, staff: User) -> Client:
    client.force_login(staff, "allauth.account.auth_backends.AuthenticationBackend")
    return client


def figures_now() -> dict[str, float]:
    registry = CollectorRegistry()
    registry.register(figures.QueueCollector())
    lines = generate_latest(registry).decode().splitlines()
    return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines if line[0] != "#")}


def test_prometheus_sees_queue_waits_slots_and_credits(alice: User, clock: FakeClock) -> None:
    for _ in range(12):
        queue(alice)
    queue(None, lane="background")
    clock.advance(20)
    scheduling.pump()
    now = figures_now()
    assert now['tt_manus_queue_length{lane="live"}'] == 3
    assert now['tt_manus_queue_length{lane="background"}'] == 0, "one slot in ten is theirs"
    assert now['tt_manus_queue_length{lane="insight"}'] == 0
    assert now['tt_manus_queue_oldest_seconds{lane="live"}'] == 20
    assert now['tt_manus_wait_seconds_bucket{lane="live",le="15.0"}'] == 0
    assert now['tt_manus_wait_seconds_bucket{lane="live",le="30.0"}'] == 9
    assert now['tt_manus_wait_seconds_gsum{lane="live"}'] == 180
    assert now['tt_manus_slots_free{account="account-0",endpoint="task.create"}'] == 0
    assert now['tt_manus_slots_free{account="account-0",endpoint="task.sendMessage"}'] == 10
    assert now['tt_manus_credits{state="held"}'] == 500


def test_credits_are_those_of_the_day(alice: User, clock: FakeClock) -> None:
    queue(alice)
    serve_admitted(credits=7)
    assert figures_now()['tt_manus_credits{state="spent"}'] == 7
    clock.advance(24 * 3600)
    assert figures_now()['tt_manus_credits{state="spent"}'] == 0


def test_a_valkey_that_is_gone_spoils_only_what_it_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    def gone() -> windows.Windows:
        raise redis.ConnectionError

    monkeypatch.setattr(windows, "shared", gone)
    assert 'tt_manus_queue_length{lane="live"}' in figures_now()


def test_the_figures_are_part_of_what_is_told(client: Client) -> None:
    assert b"tt_manus_queue_length" in client.get("/metrics").content


def test_staff_see_who_waits_and_for_how_long(desk: Client, alice: User, clock: FakeClock) -> None:
    for _ in range(11):
        queue(alice)
    scheduling.pump()
    clock.advance(33)
    page = desk.get("/admin/mentors/providercall/", {"state": "queued"}).content.decode()
    assert "1 provider call" in page
    assert ">33.0<" in page
    assert str(alice) in page
    waiting = ProviderCall.objects.get(state="queued")
    one = desk.get(f"/admin/mentors/providercall/{waiting.pk}/change/").content.decode()
    assert "1, 27 s" in one


def test_staff_see_budgets_and_how_much_of_them_is_used(desk: Client, alice: User, settings: Settings) -> None:
    settings.CREDIT_BUDGETS = {"day": 0, "user": 200, "session": 400}
    queue(alice, session=uuid4())
    scheduling.pump()
    page = desk.get("/admin/mentors/creditbudget/").content.decode()
    assert "25 %" in page
    assert "12 %" in page


def test_staff_see_the_ledger(desk: Client, alice: User) -> None:
    subject = queue(alice)
    scheduling.pump()
    make_call(subject)
    scheduling.finish(subject, credits=7)
    page = desk.get("/admin/mentors/creditentry/", {"q": str(subject)}).content.decode()
    assert "3 credit entr" in page


@pytest.mark.parametrize("table", ["providercall", "creditbudget", "creditentry"])
def test_staff_change_none_of_it(desk: Client, alice: User, table: str) -> None:
    queue(alice)
    scheduling.pump()
    model: Any = {"providercall": ProviderCall, "creditbudget": CreditBudget, "creditentry": CreditEntry}[table]
    row = model.objects.first()
    assert desk.post(f"/admin/mentors/{table}/{row.pk}/change/", {}).status_code == 403
    assert desk.get(f"/admin/mentors/{table}/add/").status_code == 403
    assert desk.post(f"/admin/mentors/{table}/{row.pk}/delete/", {"post": "yes"}).status_code == 403


def test_the_list_of_calls_does_not_query_per_row(
    desk: Client, alice: User, account: ManusAccount, django_assert_max_num_queries: Any
) -> None:
    desk.get("/admin/mentors/providercall/")
    for _ in range(12):
        queue(alice)
    with django_assert_max_num_queries(9):
        desk.get("/admin/mentors/providercall/")
