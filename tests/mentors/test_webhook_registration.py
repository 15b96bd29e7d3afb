"""Our address made known to Manus, for each account, and what it delivers there: over HTTP, by the simulator."""

from collections.abc import Iterator
from typing import Any

import pytest

from mentors.events import ManusTaskCreated, ManusTaskStopped, WebhookStored
from mentors.manus import accounts, errors
from mentors.manus.client import ManusClient
from mentors.manus.simulator.server import Settings, SimulatorServer
from mentors.models import ManusAccount, WebhookDelivery
from mentors.services.accounts import active_accounts, register_webhook
from mentors.services.webhooks import callback_url, handle_delivery, is_registering
from mentors.tasks import (
    check_manus_account,
    ensure_webhook,
    ensure_webhooks,
    forget_manus_traffic,
    handle_manus_delivery,
    sweep_manus_deliveries,
)
from tests.mentors.manus.conftest import eventually
from timetravelers.kit import events

pytestmark = pytest.mark.django_db(transaction=True)

KEYS = ["key-of-one-00000000000", "key-of-two-00000000000"]


@pytest.fixture
def simulator(settings: Any, live_server: Any) -> Iterator[SimulatorServer]:
    with SimulatorServer(Settings(api_keys=KEYS, think_seconds=0.01, rate_factor=0.0, seed=3)) as server:
        settings.PUBLIC_BASE_URL = live_server.url
        settings.MANUS_BASE_URL = server.url
        settings.MANUS_API_KEY = f"one={KEYS[0]},two={KEYS[1]}"
        accounts.forget()
        yield server


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    heard: list[Any] = []
    for kind in (WebhookStored, ManusTaskStopped, ManusTaskCreated):
        monkeypatch.setitem(events._on_commit, kind, [heard.append])
    return heard


def client_of(name: str) -> ManusClient:
    return accounts.client_of(ManusAccount.objects.get(name=name).pk)


def urls(name: str) -> list[str | None]:
    return [hook.url for hook in client_of(name).list_webhooks().data]


def test_the_address_of_each_account_is_registered_once(simulator: SimulatorServer) -> None:
    one, two = active_accounts()
    assert [register_webhook(one), register_webhook(two), register_webhook(one)] == [True, True, False]
    for name in ("one", "two"):
        account = ManusAccount.objects.get(name=name)
        assert urls(name) == [callback_url(account.uid)]
        assert account.webhook_id
        assert not is_registering(account)


def test_addresses_of_ours_that_nobody_uses_are_removed(simulator: SimulatorServer, settings: Any) -> None:
    one, _ = active_accounts()
    register_webhook(one)
    account = ManusAccount.objects.get(pk=one)
    type(account).objects.filter(pk=one).update(uid=ManusAccount._meta.get_field("uid").get_default())
    accounts.forget()
    assert register_webhook(one) is True
    account.refresh_from_db()
    assert urls("one") == [callback_url(account.uid)]


def test_addresses_of_others_stay(simulator: SimulatorServer, settings: Any) -> None:
    one, _ = active_accounts()
    elsewhere = settings.PUBLIC_BASE_URL.replace("localhost", "127.0.0.1")
    settings.PUBLIC_BASE_URL = elsewhere
    register_webhook(one)
    settings.PUBLIC_BASE_URL = elsewhere.replace("127.0.0.1", "localhost")
    register_webhook(one)
    assert len(urls("one")) == 2


def test_a_task_is_heard_of_from_its_creation_to_its_end(simulator: SimulatorServer, told: list[Any]) -> None:
    for account in active_accounts():
        register_webhook(account)
    two = ManusAccount.objects.get(name="two")
    task = client_of("two").create_task("hello", title="TimeTravelers abc").task_id
    eventually(lambda: WebhookDelivery.objects.filter(account=two, event_type="task_stopped").exists())
    for delivery in WebhookDelivery.objects.order_by("pk").values_list("pk", flat=True):
        assert handle_delivery(delivery) is True
    assert {one for one in told if not isinstance(one, WebhookStored)} == {
        ManusTaskCreated(two.pk, task, "TimeTravelers abc"),
        ManusTaskStopped(task),
    }
    assert simulator.calls.summary()["webhook.publicKey"]["received"] == 2  # one of each account


def test_a_loopback_address_is_not_told_to_a_provider_that_cannot_reach_it(settings: Any) -> None:
    settings.PUBLIC_BASE_URL, settings.MANUS_BASE_URL = "http://127.0.0.1:8000", "https://manus.example"
    settings.MANUS_API_KEY = KEYS[0]
    (one,) = active_accounts()
    assert register_webhook(one) is False


def test_a_registration_that_failed_leaves_no_door_open(simulator: SimulatorServer) -> None:
    one, _ = active_accounts()
    simulator.arm("webhook.create", "500")
    with pytest.raises(errors.Unavailable):
        register_webhook(one)
    assert not is_registering(ManusAccount.objects.get(pk=one))


def test_the_tasks_do_what_they_are_named_after(simulator: SimulatorServer, told: list[Any]) -> None:
    assert ensure_webhooks() == 2
    two = active_accounts()[1]
    assert ensure_webhook(two) is True
    assert check_manus_account(two) == "well"
    client_of("two").create_task("hello", title="TimeTravelers abc")
    eventually(lambda: WebhookDelivery.objects.filter(event_type="task_stopped").exists())
    assert sweep_manus_deliveries() == 0
    assert all(handle_manus_delivery(row) for row in WebhookDelivery.objects.values_list("pk", flat=True))
    assert forget_manus_traffic() == 0
