"""Accounts at Manus in the admin: keys go in, and are told nowhere: not in pages, logs, errors or messages."""

from __future__ import annotations

import json
import logging
import time
import traceback
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import structlog
from django.contrib.admin.models import LogEntry
from django.core import serializers
from django.test import Client
from prometheus_client import generate_latest

from accounts.models import User
from accounts.staff import SIGNED_IN_AT
from mentors import tasks
from mentors.manus import accounts, errors
from mentors.manus.keys import open_key
from mentors.manus.simulator.server import Settings, SimulatorServer
from mentors.models import CreditEntry, ManusAccount, ManusUse
from mentors.services.accounts import add_account, check_account
from timetravelers.celery import app
from timetravelers.kit.clock import now
from timetravelers.kit.ids import uuid7
from timetravelers.kit.limits import valkey

pytestmark = pytest.mark.django_db

KEY, OTHER = "the-secret-key-111111111", "the-secret-key-222222222"
LIST = "/admin/mentors/manusaccount/"
NO_USES = {"uses-TOTAL_FORMS": "0", "uses-INITIAL_FORMS": "0"}


@pytest.fixture
def desk(client: Client, staff: User, settings: Any) -> Client:
    settings.MANUS_API_KEY = ""
    accounts.forget()
    client.force_login(staff, "allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.fixture
def simulator(settings: Any) -> Iterator[SimulatorServer]:
    with SimulatorServer(Settings(api_keys=[KEY, OTHER], think_seconds=0.01, rate_factor=0.0)) as server:
        settings.MANUS_BASE_URL = server.url
        yield server


def page(account: ManusAccount) -> str:
    return f"{LIST}{account.pk}/change/"


def change(desk: Client, account: ManusAccount, **fields: Any) -> Any:
    unchanged = {"is_active": "on" if account.is_active else "", "limits": json.dumps(account.limits), "new_key": ""}
    return desk.post(page(account), {**unchanged, **NO_USES, **fields})


def test_staff_add_an_account(desk: Client) -> None:
    answer = desk.post(f"{LIST}add/", {"name": "main", "new_key": KEY, "limits": "{}", **NO_USES}, follow=True)
    account = ManusAccount.objects.get()
    assert (account.name, account.is_active, open_key(account)) == ("main", True, KEY)
    assert answer.status_code == 200
    assert KEY not in answer.content.decode()


def test_staff_rotate_a_key(desk: Client) -> None:
    account = add_account(name="main", key=KEY)
    assert change(desk, account, new_key=OTHER).status_code == 302
    account.refresh_from_db()
    assert (open_key(account), account.key_version) == (OTHER, 2)


def test_saving_without_a_key_keeps_it(desk: Client) -> None:
    account = add_account(name="main", key=KEY)
    assert change(desk, account, limits='{"task.create": 5}').status_code == 302
    account.refresh_from_db()
    assert (open_key(account), account.key_version, account.limits) == (KEY, 1, {"task.create": 5})


def test_staff_switch_an_account_off_and_its_name_stays(desk: Client) -> None:
    account = add_account(name="main", key=KEY)
    assert change(desk, account, is_active="", name="other").status_code == 302
    account.refresh_from_db()
    assert (account.is_active, account.name) == (False, "main")


@pytest.mark.parametrize("key", ["", "two words", "schlüssel-geheim"])
def test_what_cannot_be_a_key_is_refused_and_not_shown_again(desk: Client, key: str) -> None:
    answer = desk.post(f"{LIST}add/", {"name": "main", "new_key": key, "limits": "{}", **NO_USES})
    assert answer.status_code == 200
    assert not ManusAccount.objects.exists()
    assert not key or key not in answer.content.decode()


def test_a_name_is_given_once(desk: Client) -> None:
    add_account(name="main", key=KEY)
    answer = desk.post(f"{LIST}add/", {"name": "main", "new_key": OTHER, "limits": "{}", **NO_USES})
    assert "already exists" in answer.content.decode()
    assert OTHER not in answer.content.decode()


@pytest.mark.parametrize("limits", ['["a"]', '{"task.create": -1}', '{"task.create": "5"}', '{"nonsense": 5}', "5"])
def test_limits_are_figures_by_endpoint(desk: Client, limits: str) -> None:
    account = add_account(name="main", key=KEY)
    assert change(desk, account, limits=limits).status_code == 200
    assert ManusAccount.objects.get().limits == {}


def test_a_key_is_set_only_by_whoever_signed_in_just_now(desk: Client) -> None:
    account = add_account(name="main", key=KEY)
    session = desk.session
    session[SIGNED_IN_AT] = time.time() - 3600
    session.save()
    answer = change(desk, account, new_key=OTHER)
    assert "Sign out and in again" in answer.content.decode()
    assert open_key(ManusAccount.objects.get()) == KEY
    assert change(desk, account, limits='{"task.create": 5}').status_code == 302


def test_accounts_are_not_deleted(desk: Client) -> None:
    account = add_account(name="main", key=KEY)
    assert desk.post(f"{LIST}{account.pk}/delete/", {"post": "yes"}).status_code == 403


def test_the_list_tells_health_credits_and_use_without_a_query_a_row(
    desk: Client, django_assert_max_num_queries: Any
) -> None:
    today = now().date()
    for number in range(8):
        account = add_account(name=f"account-{number}", key=KEY)
        ManusUse.objects.create(account=account, day=today, endpoint="task.list", outcome="ok", calls=4)
        ManusUse.objects.create(account=account, day=today, endpoint="task.detail", outcome="ok", calls=1230)
        ManusUse.objects.create(
            account=account, day=today - timedelta(days=1), endpoint="task.list", outcome="ok", calls=9
        )
        CreditEntry.objects.create(account=account, day=today, kind="spend", amount=77, subject=uuid7())
    ManusAccount.objects.update(credits=4321, health="well", checked_at=now(), credits_at=now())
    desk.get(LIST)
    with django_assert_max_num_queries(9):
        shown = desk.get(LIST).content.decode()
    for told in ("account-7", "4321", "well", "1234", "77", "closed", account.key_mark):
        assert told in shown


def test_actions_switch_check_and_close(desk: Client, simulator: SimulatorServer) -> None:
    account = add_account(name="main", key=KEY)

    def act(name: str) -> str:
        sent = {"action": name, "_selected_action": [account.pk]}
        return desk.post(LIST, sent, follow=True).content.decode()

    assert "Done for 1." in act("deactivate")
    assert not ManusAccount.objects.get().is_active
    act("activate")
    assert ManusAccount.objects.get().is_active
    assert "well" in act("check_now")
    assert ManusAccount.objects.get().credits == 100_000
    assert "Done for 1." in act("close_breakers")


def test_people_have_no_business_here(client: Client, alice: User) -> None:
    client.force_login(alice, "allauth.account.auth_backends.AuthenticationBackend")
    assert client.get(LIST).status_code == 302


def test_the_key_is_told_nowhere(
    desk: Client, simulator: SimulatorServer, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    """Everything that could hold it is searched: pages, history, logs, errors, rows, Valkey, figures, tasks."""
    caplog.set_level(logging.DEBUG)
    told: list[str] = []
    with structlog.testing.capture_logs() as lines:
        desk.post(f"{LIST}add/", {"name": "main", "new_key": KEY, "limits": "{}", **NO_USES}, follow=True)
        account = ManusAccount.objects.get()
        told.append(change(desk, account, new_key="two " + KEY).content.decode())
        client = accounts.client_of(account.pk)
        client.list_projects()
        client.webhook_public_key()
        check_account(account.pk)
        told += _errors(simulator, account)
        change(desk, account, new_key=OTHER)
        told += [repr(client), repr(vars(client)), repr(accounts.client_of(account.pk)), repr(accounts._kept)]
    told += [desk.get(path).content.decode() for path in (LIST, page(account), f"{LIST}{account.pk}/history/")]
    told += [str(list(LogEntry.objects.values())), serializers.serialize("json", ManusAccount.objects.all())]
    told += [generate_latest().decode(), str(lines), caplog.text, *capfd.readouterr(), _valkey()]
    assert any("main" in one for one in told)
    for secret in (KEY, OTHER):
        assert not [one for one in told if secret in one]


def _errors(simulator: SimulatorServer, account: ManusAccount) -> list[str]:
    """What errors say of themselves, their traces with the values of local variables included."""
    found = []
    for fault in ("401", "500", "garbage", "cut", "redirect"):
        simulator.arm("task.stop", fault)
        try:
            accounts.client_of(account.pk).stop_task("t")
        except errors.ManusError as error:
            trace = traceback.TracebackException.from_exception(error, capture_locals=True)
            found += ["".join(trace.format()), str(error), repr(error), str(vars(error))]
    assert len(found) == 20
    return found


def _valkey() -> str:
    """Everything that is kept there, and every Celery message that waits there."""
    shop: Any = valkey()
    read: dict[bytes, Any] = {
        b"string": shop.get,
        b"hash": shop.hgetall,
        b"set": shop.smembers,
        b"list": lambda key: shop.lrange(key, 0, -1),
        b"zset": lambda key: shop.zrange(key, 0, -1),
    }
    return str([(key, read[shop.type(key)](key)) for key in shop.scan_iter(count=1000)])


def test_tasks_carry_row_numbers_and_nothing_else() -> None:
    ours = [name for name in app.tasks if name.startswith("mentors.")]
    assert {"mentors.check_account", "mentors.register_account_webhook", "mentors.handle_delivery"} <= set(ours)
    for task in (tasks.check_manus_account, tasks.ensure_webhook, tasks.handle_manus_delivery):
        assert all(kind is int for name, kind in task.run.__annotations__.items() if name != "return")
