"""Signing in with Google and Apple by ID token: what proves a person, and what does not."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Iterator
from typing import Any

import jwt
import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.core.mail import EmailMessage
from pytest_django import Settings

from accounts.identity import idtokens
from accounts.models import User
from tests.clean import clear_valkey
from tests.factories.accounts import PASSWORD, make_user
from tests.issuer import NONCE, Issuer, ec_key, public_pem, rsa_key, serving
from tests.phones import Phone, pending, signed_in

pytestmark = pytest.mark.django_db

AUDIENCES = {"google": "google-app", "apple": "org.example.timetravelers"}
NAMES = {"google": "https://accounts.google.com", "apple": "https://appleid.apple.com"}


@pytest.fixture
def issuers(settings: Settings) -> Iterator[dict[str, Issuer]]:
    """Google and Apple as they are, but with their keys on this machine."""
    idtokens.key_set.cache_clear()
    google, apple = (Issuer(NAMES[name], AUDIENCES[name]) for name in ("google", "apple"))
    with serving(google), serving(apple):
        settings.SOCIAL_ISSUERS = {
            "google": {"names": (NAMES["google"], "accounts.google.com"), "keys_url": google.url},
            "apple": {"names": (NAMES["apple"],), "keys_url": apple.url},
        }
        yield {"google": google, "apple": apple}
    idtokens.key_set.cache_clear()


@pytest.fixture
def google(issuers: dict[str, Issuer]) -> Issuer:
    return issuers["google"]


def body(token: object, provider: str = "google", **changed: Any) -> dict[str, Any]:
    """What a phone posts; None takes a part of the token away."""
    parts = {"client_id": AUDIENCES[provider], "id_token": token, "nonce": NONCE, **changed}
    given = {name: value for name, value in parts.items() if value is not None}
    return {"provider": provider, "process": "login", "token": given}


def present(token: object, provider: str = "google", phone: Phone | None = None, **changed: Any) -> Any:
    return (phone or Phone()).post("/auth/provider/token", body(token, provider, **changed))


def refused(answer: Any) -> bool:
    return bool(answer.status_code == 400) and not User.objects.exists() and not SocialAccount.objects.exists()


@pytest.mark.parametrize("provider", ["google", "apple"])
@pytest.mark.parametrize("key", ["rsa-1", "ec-1"])
def test_a_right_token_signs_up_and_later_in(issuers: dict[str, Issuer], provider: str, key: str) -> None:
    first, second = Phone(), Phone()
    assert present(issuers[provider].token(key), provider, first).status_code == 200
    assert first.can_use_the_house()
    again = issuers[provider].token(key, iat=int(time.time()) - 1)
    assert present(again, provider, second).status_code == 200
    assert first.api().get("/me/").json()["email"] == second.api().get("/me/").json()["email"] == "dora@gmail.com"
    assert User.objects.count() == 1
    assert EmailAddress.objects.get().verified


def test_no_more_is_kept_than_is_needed(google: Issuer) -> None:
    present(google.token(picture="https://example.org/face.png", locale="en"))
    assert set(SocialAccount.objects.get().extra_data) == {"sub", "email", "email_verified", "authoritative"}
    assert not User.objects.get().has_usable_password()


def test_any_of_our_apps_may_ask(google: Issuer) -> None:
    token = google.token(aud="google-other-app")
    assert present(token, client_id="google-other-app").status_code == 200


WRONG: dict[str, dict[str, Any]] = {
    "for another app": {"aud": "somebody-elses-app"},
    "for our other app": {"aud": "google-other-app"},
    "for many apps": {"aud": ["google-app", "somebody-elses-app"]},
    "for no app": {"aud": None},
    "from another issuer": {"iss": "https://accounts.example.org"},
    "from Apple": {"iss": "https://appleid.apple.com"},
    "from nobody": {"iss": None},
    "expired": {"exp": 1_700_000_000},
    "that never ends": {"exp": None},
    "that ends at a word": {"exp": "tomorrow"},
    "not yet valid": {"nbf": 4_000_000_000},
    "from the future": {"iat": 4_000_000_000},
    "without a time": {"iat": None},
    "about nobody": {"sub": None},
    "about a number": {"sub": 7},
    "with another nonce": {"nonce": hashlib.sha256(b"another").hexdigest()},
    "with the nonce itself": {"nonce": NONCE},
    "with a list for a nonce": {"nonce": [NONCE]},
    "without a nonce": {"nonce": None},
}


@pytest.mark.parametrize("changed", WRONG.values(), ids=WRONG)
def test_a_token_is_refused(google: Issuer, changed: dict[str, Any]) -> None:
    assert refused(present(google.token(**changed)))


@pytest.mark.parametrize("nonce", [None, "", "another", "é", "\ud800", 7, [NONCE], {"nonce": NONCE}])
def test_without_its_nonce_a_stolen_token_is_worth_nothing(google: Issuer, nonce: Any) -> None:
    assert refused(present(google.token(), nonce=nonce))


def test_a_token_works_once(google: Issuer) -> None:
    token = google.token()
    assert present(token).status_code == 200
    assert present(token).status_code == 400


def forged(header: dict[str, Any], claims: dict[str, Any], secret: bytes) -> str:
    """A token put together by hand: libraries refuse to sign with a public key."""
    parts = [base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=") for part in (header, claims)]
    signature = hmac.new(secret, b".".join(parts), hashlib.sha256).digest() if secret else b""
    return b".".join([*parts, base64.urlsafe_b64encode(signature).rstrip(b"=")]).decode()


@pytest.mark.parametrize("key_id", ["rsa-1", "ec-1"])
def test_a_public_key_is_no_secret(google: Issuer, key_id: str) -> None:
    header = {"alg": "HS256", "typ": "JWT", "kid": key_id}
    assert refused(present(forged(header, google.claims(), public_pem(google.keys[key_id]))))


@pytest.mark.parametrize("algorithm", ["none", "None", "NONE", "", "RS1", None])
def test_unsigned_is_refused(google: Issuer, algorithm: Any) -> None:
    assert refused(present(forged({"alg": algorithm, "kid": "rsa-1"}, google.claims(), b"")))


def test_a_key_serves_its_own_algorithm_only(google: Issuer) -> None:
    token = jwt.encode(google.claims(), rsa_key("first"), algorithm="RS512", headers={"kid": "rsa-1"})
    assert refused(present(token))


@pytest.mark.parametrize("header", [{"kid": "unknown"}, {}, {"kid": "ec-1"}])
def test_an_unknown_or_another_key_is_refused(google: Issuer, header: dict[str, Any]) -> None:
    token = jwt.encode(google.claims(), rsa_key("strangers"), algorithm="RS256", headers=header)
    assert refused(present(token))


def test_a_strangers_signature_under_a_known_key_is_refused(google: Issuer) -> None:
    token = jwt.encode(google.claims(), rsa_key("strangers"), algorithm="RS256", headers={"kid": "rsa-1"})
    assert refused(present(token))


def test_a_token_cannot_bring_its_own_key(google: Issuer) -> None:
    headers = {"kid": "rsa-1", "jku": "http://127.0.0.1:9/keys", "jwk": {"kty": "oct", "k": "c2VjcmV0"}}
    token = jwt.encode(google.claims(), rsa_key("strangers"), algorithm="RS256", headers=headers)
    assert refused(present(token))


@pytest.mark.parametrize("raw", ["", "rubbish", "a.b.c", "." * 9000, "e30.e30.", "é.ü.ö", "\ud800", 7, None, ["x"]])
def test_what_is_no_token_is_refused(google: Issuer, raw: Any) -> None:
    assert refused(present(raw))


@pytest.mark.parametrize("client", ["somebody-elses-app", 7, None, ["google-app"]])
def test_an_unknown_app_is_refused(google: Issuer, client: Any) -> None:
    assert refused(present(google.token(), client_id=client))


def test_an_unknown_provider_is_refused(google: Issuer) -> None:
    answer = Phone().post("/auth/provider/token", {**body(google.token()), "provider": "facebook"})
    assert refused(answer)


def test_the_keys_are_asked_for_once(google: Issuer) -> None:
    for number in range(4):
        present(google.token(sub=f"person-{number}", email=f"p{number}@gmail.com"))
    assert google.asked == 1


def test_a_rotated_key_is_found_and_the_old_one_is_not(google: Issuer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(idtokens, "REFETCH_SECONDS", 0.0)
    old = google.token()
    present(google.token(sub="person-0", email="zero@gmail.com"))
    google.keys = {"rsa-2": rsa_key("second"), "ec-2": ec_key("second")}
    assert present(google.token("rsa-2")).status_code == 200
    assert present(old).status_code == 400


def test_made_up_key_names_do_not_flood_the_issuer(google: Issuer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(idtokens, "REFETCH_SECONDS", 600.0)  # however slow this machine is
    for number in range(5):
        headers = {"kid": f"made-up-{number}"}
        present(jwt.encode(google.claims(), rsa_key("strangers"), algorithm="RS256", headers=headers))
        clear_valkey()
    assert google.asked == 1


@pytest.mark.parametrize("fault", ["broken", "hangs_up"])
def test_when_the_keys_cannot_be_had_nobody_gets_in(
    google: Issuer, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    setattr(google, fault, True)
    answer = present(google.token())
    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
    assert answer.headers["Retry-After"] == "5"
    assert not User.objects.exists()
    setattr(google, fault, False)
    monkeypatch.setattr(idtokens, "RETRY_SECONDS", 0.0)
    assert present(google.token()).status_code == 200


def test_while_the_issuer_is_down_only_the_first_waits_for_it(google: Issuer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(idtokens, "RETRY_SECONDS", 600.0)
    google.broken = True
    assert [present(google.token()).status_code for _ in range(3)] == [503] * 3
    assert google.asked == 1


def test_an_address_that_the_provider_has_not_verified_is_verified_by_us(
    google: Issuer, mailoutbox: list[EmailMessage]
) -> None:
    answer = present(google.token(email_verified=False))
    assert answer.status_code == 401
    assert pending(answer) == {"verify_email"}
    assert mailoutbox[0].to == ["dora@gmail.com"]


def test_a_token_without_an_address_leaves_the_sign_up_to_be_finished(google: Issuer) -> None:
    answer = present(google.token(email=None, email_verified=None))
    assert (answer.status_code, pending(answer)) == (401, {"provider_signup"})
    assert not User.objects.exists()


def sign_in_to(email: str, issuer: Issuer, **changed: Any) -> tuple[Phone, Any]:
    phone = Phone()
    return phone, present(issuer.token(email=email, **changed), phone=phone)


def test_a_verified_account_and_a_verified_mailbox_are_one_person(
    google: Issuer, mailoutbox: list[EmailMessage]
) -> None:
    emil = make_user("emil@gmail.com")
    phone, answer = sign_in_to("Emil@gmail.com", google)
    assert answer.status_code == 200, answer.content
    assert phone.can_use_the_house()
    assert SocialAccount.objects.get().user == emil
    assert "Google" in mailoutbox[0].body
    assert signed_in("emil@gmail.com", PASSWORD).can_use_the_house()


def test_an_unverified_account_is_never_entered(google: Issuer, mailoutbox: list[EmailMessage]) -> None:
    emil = make_user("emil@gmail.com")
    EmailAddress.objects.update(verified=False)
    phone, answer = sign_in_to("emil@gmail.com", google)
    assert (answer.status_code, pending(answer)) == (401, {"verify_email"})
    assert not phone.access
    assert not SocialAccount.objects.exists()
    emil.refresh_from_db()
    assert emil.has_usable_password()
    assert "has an account already" in mailoutbox[0].body


@pytest.mark.parametrize(
    ("email", "changed"),
    [
        ("emil@gmail.com", {"email_verified": False}),
        ("emil@gmail.com", {"email_verified": "false"}),
        ("emil@gmail.com", {"email_verified": None}),
        ("emil@example.org", {}),  # Google has seen this mailbox once, and does not run it
    ],
)
def test_a_mailbox_the_provider_does_not_vouch_for_enters_no_account(
    google: Issuer, email: str, changed: dict[str, Any]
) -> None:
    make_user(email)
    phone, answer = sign_in_to(email, google, **changed)
    assert answer.status_code == 401
    assert not phone.access
    assert not SocialAccount.objects.exists()


def test_a_workspace_mailbox_is_vouched_for(google: Issuer) -> None:
    make_user("emil@example.org")
    assert sign_in_to("emil@example.org", google, hd="example.org")[1].status_code == 200


def test_a_banned_person_does_not_come_back_in_by_another_door(google: Issuer) -> None:
    present(google.token())
    User.objects.update(is_active=False)
    phone = Phone()
    assert present(google.token(iat=int(time.time()) - 1), phone=phone).status_code == 401
    assert not phone.access


def test_connecting_needs_a_fresh_proof(google: Issuer, alice: User) -> None:
    phone = signed_in("alice@example.org")
    connect = {**body(google.token()), "process": "connect"}
    assert phone.post("/auth/provider/token", connect).status_code == 401
    phone.reauthenticate()
    clear_valkey()
    assert phone.post("/auth/provider/token", connect).status_code == 200
    assert SocialAccount.objects.get().user == alice


def test_somebody_elses_social_account_cannot_be_connected(google: Issuer, alice: User) -> None:
    present(google.token())
    phone = signed_in("alice@example.org")
    phone.reauthenticate()
    again = {**body(google.token(iat=int(time.time()) - 1)), "process": "connect"}
    assert phone.post("/auth/provider/token", again).status_code == 400
    assert SocialAccount.objects.get().user != alice


def test_the_last_way_in_stays(google: Issuer) -> None:
    phone = Phone()
    present(google.token(), phone=phone)
    answer = phone.delete("/account/providers", {"provider": "google", "account": "person-1"})
    assert answer.status_code == 400
    assert SocialAccount.objects.exists()
