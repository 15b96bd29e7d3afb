"""Leaving: what Apple gave out is revoked, at a server that speaks as Apple's does."""

import json

import jwt
import pytest
from allauth.socialaccount.models import SocialAccount, SocialToken
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings

from accounts.models import Deletion, ErasureDuty, User
from accounts.services.duties import due_duties, perform_duty
from accounts.services.erasure import request_deletion
from tests.accounts.apple_server import AppleServer, apple
from tests.accounts.leaving import duties, leave, places_holding
from tests.factories.accounts import make_sign_in, make_user
from timetravelers.kit.clock import now

pytestmark = pytest.mark.django_db


@pytest.fixture
def apple_key(monkeypatch: pytest.MonkeyPatch) -> ec.EllipticCurvePrivateKey:
    key = ec.generate_private_key(ec.SECP256R1())
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()
    known = {"client_id": "org.example.app", "team_id": "TEAM", "key_id": "KEY1", "private_key": pem}
    monkeypatch.setattr(settings, "APPLE", {**settings.APPLE, **known})
    return key


def apple_person(token: str = "") -> User:
    user = make_user("apple@example.org")
    account = SocialAccount.objects.create(user=user, provider="apple", uid="001.abc")
    if token:
        SocialToken.objects.create(account=account, token="access", token_secret=token)
    return user


def try_all(server: AppleServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(settings.APPLE, "base_url", server.url)
    ErasureDuty.objects.filter(state="queued").update(due_at=now())
    for uid in due_duties():
        perform_duty(uid)


def test_a_token_of_apples_is_revoked(monkeypatch: pytest.MonkeyPatch, apple_key: ec.EllipticCurvePrivateKey) -> None:
    leave(apple_person("refresh-me"))
    with apple() as server:
        try_all(server, monkeypatch)
    ((path, form),) = server.asked
    assert (path, form["token"], form["client_id"]) == ("/auth/revoke", "refresh-me", "org.example.app")
    proof = jwt.decode(form["client_secret"], apple_key.public_key(), ["ES256"], audience="https://appleid.apple.com")
    assert (proof["iss"], proof["sub"]) == ("TEAM", "org.example.app")
    assert jwt.get_unverified_header(form["client_secret"])["kid"] == "KEY1"
    assert duties() == [("apple_token", "done", "")]
    assert places_holding("refresh-me") == []


@pytest.mark.usefixtures("apple_key")
def test_a_code_is_traded_for_a_token_which_is_revoked_even_if_apple_fails_in_between(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    request_deletion(user=apple_person(), apple_code="one-time-code")
    body = json.dumps({"refresh_token": "traded", "access_token": "a"}).encode()
    with apple((500, b""), (200, body), (503, b"")) as server:
        try_all(server, monkeypatch)
        assert duties() == [("apple_code", "queued", "Apple gave no token (HTTP 500)")]
        try_all(server, monkeypatch)
        assert duties() == [("apple_token", "queued", "Apple did not revoke (HTTP 503)")]
        try_all(server, monkeypatch)
    asked = [(path, form.get("code") or form["token"]) for path, form in server.asked]
    code, token = ("/auth/token", "one-time-code"), ("/auth/revoke", "traded")
    assert asked == [code, code, token, token]
    assert duties() == [("apple_token", "done", "")]


@pytest.mark.usefixtures("apple_key")
def test_a_code_that_apple_refuses_is_not_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    request_deletion(user=apple_person(), apple_code="stale")
    with apple((400, b'{"error":"invalid_grant"}')) as server:
        try_all(server, monkeypatch)
    assert duties() == [("apple_code", "skipped", "Apple refused the code")]


def test_without_a_token_of_apples_the_receipt_says_so() -> None:
    deletion = leave(apple_person())
    assert duties() == [("apple_token", "skipped", "no token of Apple's was held or given")]
    assert deletion.state == Deletion.State.COMPLETED


def test_without_a_key_nothing_can_be_revoked(monkeypatch: pytest.MonkeyPatch) -> None:
    leave(apple_person("refresh-me"))
    for uid in due_duties():
        perform_duty(uid)
    assert duties() == [("apple_token", "skipped", "no key for Apple's token service is configured")]


def test_who_never_used_apple_owes_it_nothing(alice: User) -> None:
    make_sign_in(alice)
    leave(alice)
    assert duties() == []
