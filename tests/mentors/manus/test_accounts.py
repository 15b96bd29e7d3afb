"""Accounts at Manus: which may be called, with what client, and what is known of each."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import structlog
from django.db import DatabaseError, InterfaceError, connection

from mentors.errors import ManusAccountNameTaken, ManusAccountNotFound, ManusKeyUnusable
from mentors.manus import accounts, errors, metering
from mentors.manus.figures import CallRecord
from mentors.manus.keys import put_key
from mentors.manus.simulator.server import Settings, SimulatorServer
from mentors.models import ManusAccount, ManusUse
from mentors.services.accounts import (
    add_account,
    check_account,
    close_breaker,
    rotate_key,
    set_active,
    set_limits,
)
from tests.threads import at_once
from timetravelers.kit.clock import now
from timetravelers.kit.ids import uuid7

pytestmark = pytest.mark.django_db

KEY, OTHER, THIRD = "key-number-one-000000", "key-number-two-000000", "key-number-three-0000"


@pytest.fixture
def simulator(settings: Any) -> Iterator[SimulatorServer]:
    with SimulatorServer(Settings(api_keys=[KEY, OTHER], think_seconds=0.01, rate_factor=0.0, seed=3)) as server:
        settings.MANUS_BASE_URL, settings.MANUS_API_KEY = server.url, KEY
        accounts.forget()
        yield server


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[float]]:
    """What the snapshots go by."""
    moment = [1000.0]
    monkeypatch.setattr(accounts, "monotonic", lambda: moment[0])
    accounts.forget()
    yield moment
    accounts.forget()


def configure(settings: Any, text: str) -> None:
    settings.MANUS_API_KEY = text
    accounts.ensure_configured()


def names() -> list[str]:
    return [row.name for row in accounts.usable()]


# From the environment


def test_the_key_of_the_environment_becomes_an_account_at_the_first_use(simulator: SimulatorServer) -> None:
    (account,) = accounts.usable()
    assert (account.name, account.is_active) == ("default", True)
    assert KEY not in account.sealed_key
    assert accounts.client_of(account.pk).list_tasks().data == []


def test_doing_it_again_changes_nothing(settings: Any) -> None:
    configure(settings, KEY)
    before = ManusAccount.objects.values().get()
    configure(settings, KEY)
    assert ManusAccount.objects.values().get() == before


def test_several_keys_are_several_accounts(settings: Any) -> None:
    configure(settings, f"one={KEY},two={OTHER}")
    assert names() == ["one", "two"]


def test_a_new_key_takes_the_place_of_the_old(settings: Any) -> None:
    configure(settings, KEY)
    ManusAccount.objects.update(health="refused", checked_at=now(), credits=0, credits_at=now())
    configure(settings, OTHER)
    account = ManusAccount.objects.get()
    assert (account.key_version, account.health, account.credits) == (2, "unknown", None)
    assert names() == ["default"]


def test_a_key_that_staff_set_stays_until_the_environment_changes(settings: Any) -> None:
    configure(settings, KEY)
    account = ManusAccount.objects.get()
    rotate_key(account=account.uid, key=OTHER)
    configure(settings, KEY)
    assert ManusAccount.objects.get().key_version == 2
    configure(settings, THIRD)
    assert ManusAccount.objects.get().key_version == 3


def test_an_account_that_is_named_no_more_is_switched_off_and_on_again(settings: Any) -> None:
    configure(settings, f"one={KEY},two={OTHER}")
    configure(settings, f"one={KEY}")
    assert names() == ["one"]
    configure(settings, f"one={KEY},two={OTHER}")
    assert names() == ["one", "two"]
    assert ManusAccount.objects.get(name="two").key_version == 1


def test_one_that_staff_switched_off_stays_off(settings: Any) -> None:
    configure(settings, f"one={KEY},two={OTHER}")
    set_active(account=ManusAccount.objects.get(name="two").uid, active=False)
    configure(settings, f"one={KEY},two={OTHER}")
    assert names() == ["one"]


def test_a_variable_that_cannot_be_read_is_said_and_changes_nothing(settings: Any) -> None:
    configure(settings, KEY)
    settings.MANUS_API_KEY = "one=a,secret-without-name"
    accounts.forget()
    with structlog.testing.capture_logs() as lines:
        assert names() == ["default"]
    assert [line["event"] for line in lines] == ["manus_keys_unreadable"]
    assert "secret" not in str(lines)


def test_an_empty_variable_changes_nothing(settings: Any) -> None:
    configure(settings, KEY)
    configure(settings, "")
    assert names() == ["default"]


@pytest.mark.django_db(transaction=True)
def test_many_processes_may_do_it_at_once(settings: Any) -> None:
    settings.MANUS_API_KEY = f"one={KEY},two={OTHER}"
    at_once(6, lambda _: accounts.ensure_configured())
    assert list(ManusAccount.objects.values_list("name", "key_version")) == [("one", 1), ("two", 1)]


# Which may be called


def test_inactive_refused_and_spent_accounts_are_not_usable(settings: Any) -> None:
    configure(settings, f"a={KEY},b={OTHER},c={THIRD},d=key-number-four-00000")
    ManusAccount.objects.filter(name="a").update(is_active=False)
    ManusAccount.objects.filter(name="b").update(health="refused", checked_at=now())
    ManusAccount.objects.filter(name="c").update(credits=0, credits_at=now())
    accounts.forget()
    assert names() == ["d"]


def test_what_was_found_long_ago_counts_no_more(settings: Any) -> None:
    configure(settings, f"b={OTHER},c={THIRD}")
    long_ago = now() - timedelta(minutes=16)
    ManusAccount.objects.filter(name="b").update(health="refused", checked_at=long_ago)
    ManusAccount.objects.filter(name="c").update(credits=0, credits_at=long_ago)
    accounts.forget()
    assert names() == ["b", "c"]


def test_an_account_that_fails_is_left_alone(simulator: SimulatorServer, clock: list[float]) -> None:
    (account,) = accounts.usable()
    simulator.stop()
    client = accounts.client_of(account.pk)
    for _ in range(5):
        with pytest.raises(errors.Unavailable):
            client.stop_task("t")
    with pytest.raises(errors.CircuitOpen):
        client.stop_task("t")
    clock[0] += accounts.STATES_SECONDS
    assert names() == []
    close_breaker(account=account.uid)
    assert names() == ["default"]


def test_it_costs_one_query_in_five_seconds(settings: Any, clock: list[float], django_assert_num_queries: Any) -> None:
    configure(settings, KEY)
    accounts.usable()
    with django_assert_num_queries(0):
        for _ in range(10):
            accounts.usable()
            clock[0] += 0.4
    clock[0] += 1.1
    with django_assert_num_queries(1):
        accounts.usable()


# Clients


def test_another_process_calls_with_the_new_key_within_five_seconds(
    simulator: SimulatorServer, clock: list[float]
) -> None:
    (account,) = accounts.usable()
    before = accounts.client_of(account.pk)
    with_a_new_key = ManusAccount.objects.get(pk=account.pk)
    put_key(with_a_new_key, OTHER)
    with_a_new_key.save()  # as another process does it: nobody tells this one
    clock[0] += 4.9
    assert accounts.client_of(account.pk) is before
    clock[0] += 0.1
    after = accounts.client_of(account.pk)
    assert after is not before
    task = after.create_task("hello").task_id
    with pytest.raises(errors.NotFound):
        before.task_detail(task)
    assert accounts.client_of(account.pk) is after


@pytest.mark.django_db(transaction=True)
def test_a_rotated_key_is_used_here_at_once_and_failures_are_forgotten(simulator: SimulatorServer) -> None:
    add_account(name="two", key="wrong-key-0000000000")
    account = ManusAccount.objects.get(name="two")
    for _ in range(5):
        with pytest.raises(errors.Authentication):
            accounts.client_of(account.pk).stop_task("t")
    rotate_key(account=account.uid, key=OTHER)
    assert accounts.client_of(account.pk).list_tasks().data == []


def test_an_inactive_account_still_has_a_client(simulator: SimulatorServer) -> None:
    (account,) = accounts.usable()
    set_active(account=account.uid, active=False)
    accounts.forget()
    assert names() == []
    assert accounts.client_of(account.pk).list_tasks().data == []


def test_limits_of_its_own_hold_for_an_account(simulator: SimulatorServer) -> None:
    (account,) = accounts.usable()
    set_limits(account=account.uid, limits={"task.list": 2})
    accounts.forget()
    client = accounts.client_of(account.pk)
    client.list_tasks()
    client.list_tasks()
    with pytest.raises(errors.Throttled) as refused:
        client.list_tasks()
    assert (refused.value.retry_after or 0) > 0
    assert simulator.calls.summary()["task.list"]["received"] == 2


def test_no_such_account_has_no_client(settings: Any) -> None:
    with pytest.raises(errors.NoAccount):
        accounts.client_of(123456)


def test_an_account_whose_seal_is_broken_has_no_client(settings: Any) -> None:
    account = ManusAccount.objects.create(name="broken", sealed_key="not sealed by us")
    with pytest.raises(errors.NoAccount):
        accounts.client_of(account.pk)


# By staff


def test_accounts_are_added_once(settings: Any) -> None:
    account = add_account(name="one", key=KEY)
    assert account.pk
    with pytest.raises(ManusAccountNameTaken):
        add_account(name="one", key=OTHER)
    with pytest.raises(ManusKeyUnusable):
        add_account(name="two", key="two words")
    with pytest.raises(ManusKeyUnusable):
        rotate_key(account=account.uid, key="")
    for work in (
        lambda: rotate_key(account=uuid7(), key=KEY),
        lambda: set_active(account=uuid7(), active=True),
        lambda: close_breaker(account=uuid7()),
    ):
        with pytest.raises(ManusAccountNotFound):
            work()


# Health, credits, use


def test_a_check_finds_health_and_credits(simulator: SimulatorServer) -> None:
    (account,) = accounts.usable()
    assert check_account(account.pk) == "well"
    account = ManusAccount.objects.get()
    assert (account.health, account.credits, account.last_error) == ("well", 100_000, "")
    assert account.checked_at is not None


@pytest.mark.parametrize(
    ("fault", "health", "error"),
    [
        ("401", "refused", "Authentication"),
        ("403", "well", "PermissionDenied"),
        ("500", "unavailable", "Unavailable"),
        ("garbage", "unavailable", "InvalidAnswer"),
    ],
)
def test_a_check_finds_what_is_wrong(simulator: SimulatorServer, fault: str, health: str, error: str) -> None:
    (account,) = accounts.usable()
    simulator.arm("usage.availableCredits", fault, times=3)
    assert check_account(account.pk) == health
    account = ManusAccount.objects.get()
    assert (account.health, account.last_error, account.credits) == (health, error, None)
    simulator.faults.clear()
    close_breaker(account=account.uid)
    assert check_account(account.pk) == "well"
    assert ManusAccount.objects.get().last_error == ""


def test_a_check_that_finds_no_room_says_nothing(simulator: SimulatorServer) -> None:
    (account,) = accounts.usable()
    set_limits(account=account.uid, limits={"usage.availableCredits": 0})
    accounts.forget()
    assert check_account(account.pk) == ""
    assert ManusAccount.objects.get().health == "unknown"


def test_an_account_without_credits_is_known_by_its_first_refusal(simulator: SimulatorServer) -> None:
    (account,) = accounts.usable()
    simulator.arm("task.create", "402")
    with pytest.raises(errors.QuotaExceeded):
        accounts.client_of(account.pk).create_task("hello")
    accounts.forget_rows()
    assert names() == []


def test_a_full_storage_is_no_lack_of_credits(settings: Any) -> None:
    account = add_account(name="one", key=KEY)
    metering.meter(account.pk)(CallRecord("one", "file.upload", "QuotaExceeded", 0.1, sent=True))
    assert ManusAccount.objects.get(pk=account.pk).credits is None


def test_what_an_account_does_is_counted_by_day_endpoint_and_outcome(simulator: SimulatorServer) -> None:
    (account,) = accounts.usable()
    client = accounts.client_of(account.pk)
    client.list_tasks()
    client.list_tasks()
    with pytest.raises(errors.NotFound):
        client.task_detail("nowhere")
    rows = ManusUse.objects.order_by("endpoint").values_list("day", "endpoint", "outcome", "calls")
    today = now().date()
    assert list(rows) == [(today, "task.detail", "NotFound", 1), (today, "task.list", "ok", 2)]


@pytest.mark.django_db(transaction=True)
def test_counting_at_once_loses_nothing(settings: Any) -> None:
    account = add_account(name="one", key=KEY)
    count = metering.meter(account.pk)
    at_once(8, lambda _: [count(CallRecord("one", "task.list", "ok", 0.01, sent=True)) for _ in range(5)])
    assert ManusUse.objects.values_list("calls", "milliseconds").get() == (40, 400)


@pytest.mark.parametrize("problem", [DatabaseError, InterfaceError])
def test_a_call_that_cannot_be_counted_is_still_made(
    simulator: SimulatorServer, monkeypatch: pytest.MonkeyPatch, problem: type[Exception]
) -> None:
    (account,) = accounts.usable()

    def broken(*_: object) -> None:
        raise problem("no")

    monkeypatch.setattr(metering, "_count", broken)
    with structlog.testing.capture_logs() as lines:
        assert accounts.client_of(account.pk).list_tasks().data == []
    assert "manus_use_not_counted" in [line["event"] for line in lines]


def test_old_figures_go(settings: Any) -> None:
    account = add_account(name="one", key=KEY)
    for days in (0, 399, 401):
        day = now().date() - timedelta(days=days)
        ManusUse.objects.create(account=account, day=day, endpoint="task.list", outcome="ok", calls=1)
    assert metering.forget_old_uses() == 1
    assert ManusUse.objects.count() == 2


def test_what_is_stored_is_sealed(settings: Any) -> None:
    configure(settings, KEY)
    with connection.cursor() as cursor:
        cursor.execute("SELECT mentors_manusaccount::text FROM mentors_manusaccount")
        (row,) = cursor.fetchone() or ("",)
    assert KEY not in row
