"""Passkeys: adding one, signing in with one, and the ones that must not work."""

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core.mail import EmailMessage
from pytest_django import Settings

from accounts.models import User
from tests.factories.accounts import PASSWORD
from tests.passkey_device import PasskeyDevice
from tests.phones import Phone, pending, signed_in

pytestmark = pytest.mark.django_db
MANAGE = "/account/authenticators/webauthn"
ANDROID = "android:apk-key-hash:kYtAQmJzFyNsxdcQSLw0vCAGmgt0nXCbcZhaFFUwZ1E"


def added(phone: Phone, device: PasskeyDevice) -> Any:
    """The answer to adding the device as a passkey."""
    options = phone.get(MANAGE, {"passwordless": ""})
    assert options.status_code == 200, options.content
    credential = device.create(options.json()["data"]["creation_options"])
    return phone.post(MANAGE, {"name": "My phone", "credential": credential})


def with_passkey(email: str, device: PasskeyDevice) -> Phone:
    phone = signed_in(email)
    phone.reauthenticate()
    answer = added(phone, device)
    assert answer.status_code == 200, answer.content
    return phone


def enter(phone: Phone, device: PasskeyDevice, **changed: Any) -> Any:
    """The answer to signing in with nothing but the device."""
    options = phone.get("/auth/webauthn/login").json()["data"]["request_options"]
    return phone.post("/auth/webauthn/login", {"credential": {**device.get(options), **changed}})


def test_a_passkey_signs_in_without_a_password(alice: User, mailoutbox: list[EmailMessage]) -> None:
    device, phone = PasskeyDevice(), Phone()
    with_passkey("alice@example.org", device)
    assert "passkey" in mailoutbox[0].body
    assert enter(phone, device).status_code == 200
    assert phone.can_use_the_house()


def test_a_passkey_is_a_second_factor_as_well(alice: User) -> None:
    device, phone = PasskeyDevice(), Phone()
    with_passkey("alice@example.org", device)
    asked = phone.sign_in("alice@example.org", PASSWORD)
    assert (asked.status_code, pending(asked)) == (401, {"mfa_authenticate"})
    assert not phone.access
    options = phone.get("/auth/webauthn/authenticate").json()["data"]["request_options"]
    answer = phone.post("/auth/webauthn/authenticate", {"credential": device.get(options)})
    assert answer.status_code == 200, answer.content
    assert phone.can_use_the_house()


def test_a_passkey_proves_again_who_one_is(alice: User) -> None:
    device = PasskeyDevice()
    phone = with_passkey("alice@example.org", device)
    options = phone.get("/auth/webauthn/reauthenticate").json()["data"]["request_options"]
    answer = phone.post("/auth/webauthn/reauthenticate", {"credential": device.get(options)})
    assert answer.status_code == 200, answer.content


def test_adding_a_passkey_needs_a_fresh_proof(alice: User) -> None:
    assert signed_in("alice@example.org").get(MANAGE).status_code == 401


def test_an_android_app_may_use_passkeys_when_it_is_named(alice: User, settings: Settings) -> None:
    settings.PASSKEY_ORIGINS = frozenset({ANDROID})
    device, phone = PasskeyDevice(origin=ANDROID), Phone()
    with_passkey("alice@example.org", device)
    assert enter(phone, device).status_code == 200


@pytest.mark.parametrize(
    "device",
    [
        PasskeyDevice(origin="https://evil.example.org"),
        PasskeyDevice(origin="http://127.0.0.1:8000.evil.example"),
        PasskeyDevice(origin=ANDROID),
        PasskeyDevice(party="evil.example.org"),
        PasskeyDevice(verifies=False),
    ],
    ids=["origin", "origin that starts like ours", "unnamed app", "party", "no finger"],
)
def test_a_device_that_is_not_what_it_should_be_is_not_added(alice: User, device: PasskeyDevice) -> None:
    phone = signed_in("alice@example.org")
    phone.reauthenticate()
    assert added(phone, device).status_code == 400
    assert not Authenticator.objects.exists()


def test_another_key_with_the_same_name_does_not_sign_in(alice: User) -> None:
    device, phone = PasskeyDevice(), Phone()
    with_passkey("alice@example.org", device)
    thief = PasskeyDevice(identifier=device.identifier, user=device.user)
    assert enter(phone, thief).status_code == 400
    assert not phone.access


def test_a_passkey_does_not_sign_in_as_somebody_else(alice: User, bob: User) -> None:
    mine, theirs, phone = PasskeyDevice(), PasskeyDevice(), Phone()
    with_passkey("alice@example.org", mine)
    with_passkey("bob@example.org", theirs)
    mine.user = theirs.user
    assert enter(phone, mine).status_code == 400
    assert not phone.access


def test_an_answer_counts_for_its_own_challenge(alice: User) -> None:
    device, phone = PasskeyDevice(), Phone()
    with_passkey("alice@example.org", device)
    old = Phone().get("/auth/webauthn/login").json()["data"]["request_options"]
    phone.get("/auth/webauthn/login")
    assert phone.post("/auth/webauthn/login", {"credential": device.get(old)}).status_code == 400


def test_an_answer_counts_once(alice: User) -> None:
    device, phone = PasskeyDevice(), Phone()
    with_passkey("alice@example.org", device)
    answer = {"credential": device.get(phone.get("/auth/webauthn/login").json()["data"]["request_options"])}
    assert phone.post("/auth/webauthn/login", answer).status_code == 200
    assert phone.post("/auth/webauthn/login", answer).status_code == 400


HOSTILE: list[Any] = [
    {},
    [],
    7,
    "text",
    None,
    {"id": "x"},
    {"id": "x", "rawId": "x", "type": "public-key", "response": {}},
    {"id": 7, "rawId": 7, "type": 7, "response": 7},
    {"id": "AA", "rawId": "AA", "type": "public-key", "response": {"clientDataJSON": "!", "userHandle": "!"}},
    {
        "id": "AA",
        "rawId": "AA",
        "type": "public-key",
        "response": {"clientDataJSON": "e30", "attestationObject": "oA", "authenticatorData": "oA", "signature": "oA"},
    },
]


@pytest.mark.parametrize("credential", HOSTILE, ids=range(len(HOSTILE)))
def test_a_made_up_answer_is_refused(alice: User, credential: Any) -> None:
    stranger = Phone()
    stranger.get("/auth/webauthn/login")
    assert stranger.post("/auth/webauthn/login", {"credential": credential}).status_code == 400
    phone = signed_in("alice@example.org")
    phone.reauthenticate()
    phone.get(MANAGE)
    assert phone.post(MANAGE, {"name": "x", "credential": credential}).status_code == 400


def test_a_removed_passkey_no_longer_signs_in(alice: User) -> None:
    device, stranger = PasskeyDevice(), Phone()
    phone = with_passkey("alice@example.org", device)
    (listed,) = [row for row in phone.get("/account/authenticators").json()["data"] if row["type"] == "webauthn"]
    assert listed["name"] == "My phone"
    assert phone.delete(MANAGE, {"authenticators": [listed["id"]]}).status_code == 200
    assert enter(stranger, device).status_code == 400
    assert signed_in("alice@example.org").can_use_the_house()


def test_nobody_removes_somebody_elses_passkey(alice: User, bob: User) -> None:
    with_passkey("alice@example.org", PasskeyDevice())
    bobs = with_passkey("bob@example.org", PasskeyDevice())
    other = Authenticator.objects.get(user=alice, type="webauthn")
    assert bobs.delete(MANAGE, {"authenticators": [other.pk]}).status_code == 400
    assert Authenticator.objects.filter(pk=other.pk).exists()
