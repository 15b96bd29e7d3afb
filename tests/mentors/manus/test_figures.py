"""What Prometheus is told of the accounts, by whichever process it asks."""

from __future__ import annotations

from typing import Any

import pytest
from prometheus_client import generate_latest
from prometheus_client.parser import text_string_to_metric_families

from mentors.manus import accounts, errors
from mentors.manus.figures import CallRecord
from mentors.manus.metering import meter
from mentors.models import ManusAccount
from mentors.services.accounts import add_account
from tests.mentors.manus.dead_valkey import valkey_gone
from tests.mentors.manus.scripted import ok, refused, scripted
from timetravelers.kit.clock import now

pytestmark = pytest.mark.django_db


@pytest.fixture
def account(settings: Any) -> ManusAccount:
    settings.MANUS_API_KEY = ""
    accounts.forget()
    return add_account(name="main", key="key-of-the-figures-0000")


def figures() -> dict[tuple[str, tuple[str, ...]], float]:
    families = text_string_to_metric_families(generate_latest().decode())
    samples = [sample for family in families for sample in family.samples if sample.name.startswith("tt_manus")]
    return {(sample.name, tuple(sample.labels.values())): sample.value for sample in samples}


def test_accounts_tell_breaker_credits_and_health(account: ManusAccount) -> None:
    ManusAccount.objects.update(credits=321, credits_at=now(), health="well", checked_at=now())
    accounts.forget()
    told = figures()
    assert told["tt_manus_breaker_state", ("main",)] == 0
    assert told["tt_manus_account_credits", ("main",)] == 321
    assert told["tt_manus_account_well", ("main",)] == 1


def test_an_open_breaker_is_seen(account: ManusAccount, settings: Any) -> None:
    with scripted(lambda _: refused(500, "internal")) as manus:
        settings.MANUS_BASE_URL = manus.url
        for _ in range(5):
            with pytest.raises(errors.Unavailable):
                accounts.client_of(account.pk).stop_task("t")
    accounts.forget_rows()
    assert figures()["tt_manus_breaker_state", ("main",)] == 2


def test_calls_of_other_processes_are_told_too(account: ManusAccount) -> None:
    for _ in range(3):
        meter(account.pk)(CallRecord("main", "task.list", "ok", 0.5, sent=True))
    told = figures()
    assert told["tt_manus_calls_today_total", ("main", "task.list", "ok")] == 3
    assert told["tt_manus_call_seconds_today_total", ("main", "task.list", "ok")] == 1.5


def test_the_cache_tells_how_often_it_helped(account: ManusAccount, settings: Any) -> None:
    with scripted(lambda _: ok(data=[])) as manus:
        settings.MANUS_BASE_URL = manus.url
        for _ in range(4):
            accounts.client_of(account.pk).list_projects()
    told = figures()
    assert told["tt_manus_cache_total", ("project.list", "miss")] == 1
    assert told["tt_manus_cache_total", ("project.list", "hit")] == 3


def test_calls_and_errors_of_this_process_are_counted(account: ManusAccount, settings: Any) -> None:
    before = figures()
    with scripted(lambda _: refused(404, "not_found")) as manus:
        settings.MANUS_BASE_URL = manus.url
        with pytest.raises(errors.NotFound):
            accounts.client_of(account.pk).task_detail("a-task-whose-name-nobody-tells")
    told = figures()
    for name, labels in (
        ("tt_manus_calls_total", ("main", "task.detail", "NotFound")),
        ("tt_manus_errors_total", ("NotFound",)),
        ("tt_manus_call_seconds_count", ("task.detail",)),
    ):
        assert told[name, labels] == before.get((name, labels), 0) + 1
    assert "a-task-whose-name-nobody-tells" not in str(told)


def test_figures_come_without_valkey_too(account: ManusAccount) -> None:
    with valkey_gone():
        accounts.forget_rows()
        assert figures()["tt_manus_breaker_state", ("main",)] == 0
