"""What Manus delivers: proven before it is believed, stored before it is acted on, harmless when repeated."""

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.core.cache import cache
from django.test import Client

from mentors.events import ManusTaskStopped
from mentors.manus import engine
from mentors.manus.signature import SIGNATURE_HEADER, TIMESTAMP_HEADER, sign
from mentors.manus.simulator.server import Settings, SimulatorServer
from mentors.models import WebhookDelivery
from mentors.services.webhooks import callback_url, register_webhook
from timetravelers.kit import events

KEY = "key-of-the-webhook-tests-000000"
STOPPED = {"event_id": "e1", "event_type": "task_stopped", "task_detail": {"task_id": "T1", "message": "hello"}}


@pytest.fixture
def simulator(settings: Any) -> Iterator[SimulatorServer]:
    with SimulatorServer(Settings(api_keys=[KEY], think_seconds=0.01)) as server:
        settings.MANUS_BASE_URL, settings.MANUS_API_KEY = server.url, KEY
        engine.client.cache_clear()
        cache.clear()
        yield server
    engine.client.cache_clear()


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[ManusTaskStopped]:
    """What the house announces; nobody acts on it here."""
    told: list[ManusTaskStopped] = []
    monkeypatch.setitem(events._on_commit, ManusTaskStopped, [told.append])
    return told


@pytest.fixture
def key() -> RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def deliver(key: RSAPrivateKey, body: bytes, *, age: int = 0, signature: str | None = None) -> Any:
    stamp = int(time.time()) - age
    headers = {
        SIGNATURE_HEADER: sign(key, stamp, callback_url(), body) if signature is None else signature,
        TIMESTAMP_HEADER: str(stamp),
    }
    return Client().post("/hooks/manus/", body, content_type="application/json", headers=headers)


def trust(key: RSAPrivateKey, monkeypatch: pytest.MonkeyPatch) -> None:
    pem = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    monkeypatch.setattr("mentors.services.webhooks._public_key", lambda: pem)


@pytest.mark.django_db(transaction=True)
def test_a_genuine_delivery_is_stored_once_and_announced_once(
    key: RSAPrivateKey, monkeypatch: pytest.MonkeyPatch, heard: list[ManusTaskStopped]
) -> None:
    trust(key, monkeypatch)
    body = json.dumps(STOPPED).encode()
    assert deliver(key, body).json() == {"ok": True, "new": True}
    assert deliver(key, body).json() == {"ok": True, "new": False}
    assert heard == [ManusTaskStopped("T1")]
    assert WebhookDelivery.objects.get().task_id == "T1"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "body",
    [b"", b"{}", b"[]", b"\xff\xfe", b'{"event_type": 5}', b'{"event_type":"new_kind"}', b'{"task_detail":null}'],
)
def test_a_genuine_delivery_of_unknown_shape_is_accepted_and_starts_nothing(
    body: bytes, key: RSAPrivateKey, monkeypatch: pytest.MonkeyPatch, heard: list[ManusTaskStopped]
) -> None:
    trust(key, monkeypatch)
    assert deliver(key, body).status_code == 200
    assert heard == []


@pytest.mark.django_db(transaction=True)
def test_nothing_is_believed_without_a_signature_that_holds(
    key: RSAPrivateKey, monkeypatch: pytest.MonkeyPatch, heard: list[ManusTaskStopped]
) -> None:
    trust(rsa.generate_private_key(public_exponent=65537, key_size=2048), monkeypatch)
    body = json.dumps(STOPPED).encode()
    answers = [
        deliver(key, body),
        deliver(key, body, signature="not base64!"),
        deliver(key, body, signature=""),
        Client().post("/hooks/manus/", body, content_type="application/json"),
    ]
    assert {(answer.status_code, answer.json()["code"]) for answer in answers} == {(403, "webhook_refused")}
    assert heard == []
    assert not WebhookDelivery.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_an_old_delivery_is_refused_even_with_a_good_signature(
    key: RSAPrivateKey, monkeypatch: pytest.MonkeyPatch, heard: list[ManusTaskStopped]
) -> None:
    trust(key, monkeypatch)
    assert deliver(key, json.dumps(STOPPED).encode(), age=301).status_code == 403
    assert deliver(key, json.dumps(STOPPED).encode(), age=290).status_code == 200
    assert len(heard) == 1


@pytest.mark.django_db(transaction=True)
def test_a_provider_that_does_not_tell_its_key_is_an_outage_and_not_a_forgery(
    simulator: SimulatorServer, key: RSAPrivateKey
) -> None:
    simulator.stop()
    answer = deliver(key, json.dumps(STOPPED).encode())
    assert (answer.status_code, answer.json()["code"]) == (503, "webhook_unverifiable")
    assert answer["Retry-After"] == "30"


@pytest.mark.django_db(transaction=True)
def test_forged_deliveries_cause_one_look_at_the_key_a_minute(simulator: SimulatorServer, key: RSAPrivateKey) -> None:
    for number in range(5):
        body = json.dumps({**STOPPED, "event_id": str(number)}).encode()
        assert deliver(key, body).status_code == 403
    assert simulator.calls.summary()["webhook.publicKey"]["received"] == 2


@pytest.mark.django_db(transaction=True)
def test_our_address_is_registered_once(simulator: SimulatorServer, live_server: Any, settings: Any) -> None:
    settings.PUBLIC_BASE_URL = live_server.url
    assert register_webhook() is True
    assert register_webhook() is False


@pytest.mark.django_db
def test_a_loopback_address_is_not_told_to_a_provider_that_cannot_reach_it(settings: Any) -> None:
    settings.PUBLIC_BASE_URL, settings.MANUS_BASE_URL = "http://127.0.0.1:8000", "https://manus.example"
    assert register_webhook() is False


@pytest.mark.django_db
def test_only_posts_are_taken() -> None:
    assert Client().get("/hooks/manus/").status_code == requests.codes.method_not_allowed
