"""What Manus delivers: stored before it is acted on, believed only when proven, harmless when repeated."""

import json
import time
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import requests
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.core.cache import cache
from django.test import Client, TestCase

from mentors.events import ManusTaskCreated, ManusTaskStopped, WebhookStored
from mentors.manus import accounts
from mentors.manus.caching import SharedCache
from mentors.manus.errors import ManusError
from mentors.manus.signature import SIGNATURE_HEADER, TIMESTAMP_HEADER, sign
from mentors.manus.wire import PublicKey
from mentors.models import ManusAccount, WebhookDelivery
from mentors.services import webhooks
from mentors.services.accounts import add_account
from mentors.services.webhooks import (
    callback_url,
    forget_old_deliveries,
    handle_delivery,
    overdue_deliveries,
    registering_key,
)
from tests.mentors.manus.dead_valkey import valkey_gone
from tests.mentors.manus.scripted import ok, refused, scripted
from timetravelers.kit import events
from timetravelers.kit.clock import now
from timetravelers.kit.ids import uuid7

pytestmark = pytest.mark.django_db

KEY = "key-of-the-webhook-tests-000000"
STOPPED: dict[str, Any] = {
    "event_id": "e1",
    "event_type": "task_stopped",
    "task_detail": {"task_id": "T1", "task_title": "Jane Doe", "message": "hello private words"},
}
CREATED: dict[str, Any] = {"event_id": "e2", "event_type": "task_created", "task_detail": {"task_id": "T1"}}


@pytest.fixture
def account(settings: Any) -> ManusAccount:
    """An account at a provider that nobody can reach."""
    settings.MANUS_BASE_URL, settings.MANUS_API_KEY = "http://127.0.0.1:9", KEY
    (row,) = accounts.usable()
    return row


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What the house announces; nobody acts on it here."""
    heard: list[Any] = []
    for kind in (WebhookStored, ManusTaskStopped, ManusTaskCreated):
        monkeypatch.setitem(events._on_commit, kind, [heard.append])
    return heard


@pytest.fixture
def key() -> RSAPrivateKey:
    return new_key()


def new_key() -> RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def pem(key: RSAPrivateKey) -> str:
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def know(account: ManusAccount, key: RSAPrivateKey) -> None:
    """The key is at hand, as if it had been fetched."""
    shared = SharedCache(str(account.uid), patience=1)
    shared.get("webhook.publicKey", "", PublicKey, lambda: PublicKey(ok=True, public_key=pem(key)), fresh=True)


def provider(*keys: RSAPrivateKey) -> Any:
    """A Manus that tells these keys, one after the other and then the last one again."""
    left = [pem(key) for key in keys]
    return scripted(lambda _: ok(public_key=left.pop(0) if len(left) > 1 else left[0], algorithm="RSA-SHA256"))


@pytest.fixture
def moment() -> int:
    return int(time.time())


def deliver(
    account: UUID, key: RSAPrivateKey, body: bytes, *, at: float | None = None, signature: str | None = None
) -> Any:
    stamp = int(time.time() if at is None else at)
    made = sign(key, stamp, callback_url(account), body) if signature is None else signature
    headers = {SIGNATURE_HEADER: made, TIMESTAMP_HEADER: str(stamp)}
    return post(account, body, headers)


def post(account: UUID, body: bytes, headers: dict[str, str]) -> Any:
    with TestCase.captureOnCommitCallbacks(execute=True):
        return Client().post(f"/hooks/manus/{account}/", body, content_type="application/json", headers=headers)


def handle(delivery: int) -> bool:
    with TestCase.captureOnCommitCallbacks(execute=True):
        return handle_delivery(delivery)


def body_of(payload: dict[str, Any]) -> bytes:
    return json.dumps(payload).encode()


def code(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


# Stored, then acted on


def test_a_genuine_delivery_is_stored_once_and_acted_on_behind(
    account: ManusAccount, key: RSAPrivateKey, told: list[Any], moment: int
) -> None:
    know(account, key)
    assert deliver(account.uid, key, body_of(STOPPED), at=moment).json() == {"ok": True, "new": True}
    assert deliver(account.uid, key, body_of(STOPPED), at=moment).json() == {"ok": True, "new": False}
    row = WebhookDelivery.objects.get()
    assert told == [WebhookStored(row.pk)]
    assert (row.account_id, row.task_id, row.event_type) == (account.pk, "T1", "task_stopped")
    assert row.verified_at
    assert handle(row.pk) is True
    assert handle(row.pk) is False
    assert told[1:] == [ManusTaskStopped("T1")]


def test_nothing_that_was_said_is_stored(account: ManusAccount, key: RSAPrivateKey, told: list[Any]) -> None:
    know(account, key)
    deliver(account.uid, key, body_of(STOPPED))
    kept = str(WebhookDelivery.objects.values().get())
    assert "private" not in kept
    assert "Jane" not in kept


@pytest.mark.parametrize(
    ("title", "reference"),
    [
        ("TimeTravelers 0192f0c1d2e37abc8def0123456789ab 2", "TimeTravelers 0192f0c1d2e37abc8def0123456789ab 2"),
        ("Jane Doe's CV", ""),
        ("TimeTravelers <Jane>", ""),
        (None, ""),
    ],
)
def test_a_task_that_was_created_is_told_under_our_own_name_for_it(
    account: ManusAccount, key: RSAPrivateKey, told: list[Any], title: str | None, reference: str
) -> None:
    know(account, key)
    deliver(account.uid, key, body_of({**CREATED, "task_detail": {"task_id": "T7", "task_title": title}}))
    handle(WebhookDelivery.objects.get().pk)
    assert told[1:] == [ManusTaskCreated(account.pk, "T7", reference)]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        b"[]",
        b"\xff\xfe",
        b'{"event_type": 5}',
        b'{"event_type":"new_kind","task_detail":{"task_id":"T1"}}',
        b'{"task_detail":null}',
        b"[" * 5000,
        b'{"event_type":"task_stopped"}',
    ],
)
def test_a_genuine_delivery_of_unknown_shape_is_accepted_and_starts_nothing(
    body: bytes, account: ManusAccount, key: RSAPrivateKey, told: list[Any]
) -> None:
    know(account, key)
    assert deliver(account.uid, key, body).status_code == 200
    handle(WebhookDelivery.objects.get().pk)
    assert [type(one) for one in told] == [WebhookStored]


def test_a_delivery_whose_work_was_lost_is_found(
    account: ManusAccount, key: RSAPrivateKey, told: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    know(account, key)
    deliver(account.uid, key, body_of(STOPPED))
    row = WebhookDelivery.objects.get()
    assert overdue_deliveries() == []
    monkeypatch.setattr(webhooks, "now", lambda: now() + timedelta(seconds=16))
    assert overdue_deliveries() == [row.pk]
    handle(row.pk)
    assert overdue_deliveries() == []


# Believed only when proven


def test_nothing_is_believed_without_a_signature_that_holds(
    account: ManusAccount, key: RSAPrivateKey, told: list[Any]
) -> None:
    know(account, new_key())
    cache.set(f"manus-doubt:hook:{account.uid}", 1)  # somebody doubted the key a moment ago
    body = body_of(STOPPED)
    answers = [
        deliver(account.uid, key, body),
        deliver(account.uid, key, body, signature="not base64!"),
        deliver(account.uid, key, body, signature=""),
        post(account.uid, body, {}),
        post(account.uid, body, {SIGNATURE_HEADER: "eA==", TIMESTAMP_HEADER: "soon"}),
        deliver(uuid7(), key, body),
    ]
    assert {code(answer) for answer in answers} == {(403, "webhook_refused")}
    assert told == []
    assert not WebhookDelivery.objects.exists()


@pytest.mark.parametrize(("age", "status"), [(301, 403), (290, 200), (-290, 200), (-310, 403)])
def test_an_old_delivery_is_refused_even_with_a_good_signature(
    account: ManusAccount, key: RSAPrivateKey, told: list[Any], age: int, status: int
) -> None:
    know(account, key)
    assert deliver(account.uid, key, body_of(STOPPED), at=time.time() - age).status_code == status
    assert len(told) == (status == 200)


def test_what_was_signed_for_one_account_is_worth_nothing_at_another(
    account: ManusAccount, key: RSAPrivateKey, told: list[Any]
) -> None:
    other = add_account(name="other", key=KEY + "2")
    know(other, key)
    cache.set(f"manus-doubt:hook:{other.uid}", 1)
    stamp, body = int(time.time()), body_of(STOPPED)
    headers = {SIGNATURE_HEADER: sign(key, stamp, callback_url(account.uid), body), TIMESTAMP_HEADER: str(stamp)}
    assert post(other.uid, body, headers).status_code == 403


def test_without_the_key_a_delivery_is_stored_and_proven_later(
    account: ManusAccount, key: RSAPrivateKey, told: list[Any], settings: Any
) -> None:
    assert deliver(account.uid, key, body_of(STOPPED)).status_code == 200
    row = WebhookDelivery.objects.get()
    assert row.verified_at is None
    with pytest.raises(ManusError):
        handle(row.pk)
    assert told == [WebhookStored(row.pk)]
    with provider(key) as manus:
        settings.MANUS_BASE_URL = manus.url
        assert handle(row.pk) is True
    proven = WebhookDelivery.objects.get()
    assert proven.verified_at
    assert proven.signature == b""
    assert told[1:] == [ManusTaskStopped("T1")]


def test_a_forged_one_is_found_out_later_and_deleted(
    account: ManusAccount, key: RSAPrivateKey, told: list[Any], settings: Any
) -> None:
    deliver(account.uid, new_key(), body_of(STOPPED))
    with provider(key) as manus:
        settings.MANUS_BASE_URL = manus.url
        assert handle(WebhookDelivery.objects.get().pk) is False
    assert not WebhookDelivery.objects.exists()
    assert [type(one) for one in told] == [WebhookStored]


def test_a_key_that_was_changed_is_fetched_anew(
    account: ManusAccount, key: RSAPrivateKey, told: list[Any], settings: Any
) -> None:
    know(account, new_key())
    assert deliver(account.uid, key, body_of(STOPPED)).status_code == 200
    with provider(key) as manus:
        settings.MANUS_BASE_URL = manus.url
        assert handle(WebhookDelivery.objects.get().pk) is True
    other = {**STOPPED, "event_id": "e9"}
    assert deliver(account.uid, key, body_of(other)).status_code == 200
    assert WebhookDelivery.objects.filter(verified_at__isnull=False).count() == 2


def test_forged_deliveries_cause_few_questions(
    account: ManusAccount, key: RSAPrivateKey, told: list[Any], settings: Any
) -> None:
    with provider(key) as manus:
        settings.MANUS_BASE_URL = manus.url
        for number in range(20):
            deliver(account.uid, new_key(), body_of({**STOPPED, "event_id": str(number)}))
            for row in WebhookDelivery.objects.values_list("pk", flat=True):
                handle(row)
        assert len(manus.requests) <= 2
    assert ManusTaskStopped("T1") not in told


def test_a_provider_whose_key_is_no_key_leaves_the_delivery_waiting(
    account: ManusAccount, key: RSAPrivateKey, told: list[Any], settings: Any
) -> None:
    deliver(account.uid, key, body_of(STOPPED))
    row = WebhookDelivery.objects.get()
    with scripted(lambda _: ok(public_key="rubbish")) as manus:
        settings.MANUS_BASE_URL = manus.url
        assert handle(row.pk) is False
    assert WebhookDelivery.objects.filter(pk=row.pk, handled_at__isnull=True).exists()


def test_a_flood_that_waits_for_the_key_is_stopped(
    account: ManusAccount, key: RSAPrivateKey, told: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhooks, "MOST_UNVERIFIED", 3)
    answers = [deliver(account.uid, key, body_of({**STOPPED, "event_id": str(number)})) for number in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 503]
    assert code(answers[3]) == (503, "webhook_unverifiable")
    assert answers[3]["Retry-After"] == "30"


def test_the_answer_waits_for_nobody(account: ManusAccount, key: RSAPrivateKey, told: list[Any], settings: Any) -> None:
    """Neither Manus nor Valkey is asked before the delivery is safe."""
    with scripted(lambda _: refused(500, "internal")) as manus, valkey_gone():
        settings.MANUS_BASE_URL = manus.url
        assert deliver(account.uid, key, body_of(STOPPED)).status_code == 200
        assert manus.requests == []
    assert WebhookDelivery.objects.count() == 1


# The trial, and what is not a delivery


def test_the_unsigned_trial_is_let_pass_only_while_we_register(
    account: ManusAccount, key: RSAPrivateKey, told: list[Any]
) -> None:
    assert post(account.uid, b'{"test": true}', {}).status_code == 403
    cache.set(registering_key(account), 1)
    assert post(account.uid, b'{"test": true}', {}).json() == {"ok": True, "new": False}
    assert deliver(account.uid, key, body_of(STOPPED), signature="eA==").status_code == 200
    assert WebhookDelivery.objects.get().verified_at is None
    assert [type(one) for one in told] == [WebhookStored]


def test_only_posts_are_taken(account: ManusAccount) -> None:
    assert Client().get(f"/hooks/manus/{account.uid}/").status_code == requests.codes.method_not_allowed
    assert Client().post("/hooks/manus/").status_code == 404


def test_old_deliveries_go(account: ManusAccount, monkeypatch: pytest.MonkeyPatch) -> None:
    for number, verified in enumerate((now(), None)):
        WebhookDelivery.objects.create(
            account=account, digest=bytes([number]) * 32, event_type="x", verified_at=verified, handled_at=verified
        )
    assert forget_old_deliveries() == 0
    monkeypatch.setattr(webhooks, "now", lambda: now() + timedelta(days=2))
    assert forget_old_deliveries() == 1
    monkeypatch.setattr(webhooks, "now", lambda: now() + timedelta(days=31))
    assert forget_old_deliveries() == 1
