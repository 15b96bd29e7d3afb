"""Sign-up, sign-in, tokens and sign-out through allauth's own layout, as a phone does it."""

import base64
import json
import re
from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.db.models import F

from accounts.authentication import accounts
from accounts.models import Profile, User
from tests.actors import Api, ApiClient
from tests.clean import clear_valkey
from tests.factories.accounts import PASSWORD

pytestmark = pytest.mark.django_db

AUTH = "/_allauth/app/v1/auth"
REFRESH = "/_allauth/app/v1/tokens/refresh"
GOOD_PASSWORD = "seven otters on ice"


def code_of(mail: Any) -> str:
    """The code in a mail, found as a person would: on a line of its own."""
    found = re.search(r"^\s*([A-Z0-9]{3,4}-?[A-Z0-9]{3,4})\s*$", mail.body, re.MULTILINE)
    assert found, mail.body
    return found[1]


def phone(token: str | None = None) -> ApiClient:
    """A phone that holds an access token, or none."""
    client = ApiClient()
    client.token = token
    return client


def sign_up(email: str = "dora@example.org") -> tuple[Any, str]:
    """The answer to a sign-up, and the session token of the unfinished sign-in."""
    answer = phone().post(f"{AUTH}/signup", {"email": email, "password": GOOD_PASSWORD})
    return answer, answer.json().get("meta", {}).get("session_token", "")


def sign_in(email: str) -> dict[str, Any]:
    """What allauth says of a person who has signed in: `access_token`, `refresh_token`, `session_token`."""
    answer = phone().post(f"{AUTH}/login", {"email": email, "password": PASSWORD})
    assert answer.status_code == 200, answer.content
    return dict(answer.json()["meta"])


def test_sign_up_verify_and_use_the_house(mailoutbox: list[EmailMessage]) -> None:
    answer, session = sign_up()
    assert answer.status_code == 401, answer.content
    assert {"id": "verify_email", "is_pending": True} in answer.json()["data"]["flows"]
    assert "access_token" not in answer.json()["meta"]

    verified = phone().post(f"{AUTH}/email/verify", {"key": code_of(mailoutbox[0])}, X_Session_Token=session)
    assert verified.status_code == 200, verified.content
    meta = verified.json()["meta"]
    assert meta["is_authenticated"] is True
    me = phone(meta["access_token"]).get("/me/")
    assert (me.status_code, me.json()["email"], me.json()["version"]) == (200, "dora@example.org", 0)


def test_a_wrong_code_verifies_nobody(mailoutbox: list[EmailMessage]) -> None:
    _, session = sign_up()
    answer = phone().post(f"{AUTH}/email/verify", {"key": "WRONG-CODE"}, X_Session_Token=session)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["param"] == "key"
    assert "access_token" not in answer.json().get("meta", {})


def test_an_unverified_person_cannot_sign_in_and_gets_another_code(mailoutbox: list[EmailMessage]) -> None:
    sign_up()
    clear_valkey()  # ten seconds later: allauth sends no second code before
    answer = phone().post(f"{AUTH}/login", {"email": "dora@example.org", "password": GOOD_PASSWORD})
    assert answer.status_code == 401
    assert "access_token" not in answer.json()["meta"]
    assert code_of(mailoutbox[1]) != code_of(mailoutbox[0])


def test_signing_up_with_a_known_address_tells_nothing(alice: User, mailoutbox: list[EmailMessage]) -> None:
    answer, _ = sign_up("ALICE@example.org")
    assert answer.status_code == 401
    assert {"id": "verify_email", "is_pending": True} in answer.json()["data"]["flows"]
    assert User.objects.filter(email__iexact="alice@example.org").count() == 1
    assert "has an account already" in mailoutbox[0].body
    assert "code in the app:" not in mailoutbox[0].body


def test_the_mail_is_in_our_own_words_and_holds_the_code_only_once(mailoutbox: list[EmailMessage]) -> None:
    sign_up()
    mail = mailoutbox[0]
    assert (mail.subject, mail.to) == ("Your code for TimeTravelers", ["dora@example.org"])
    assert mail.body.count(code_of(mail)) == 1
    assert "testserver" not in mail.body


@pytest.mark.parametrize(
    "body",
    [
        {"email": "dora@example.org", "password": "short"},
        {"email": "dora@example.org", "password": "password123"},
        {"email": "not an address", "password": GOOD_PASSWORD},
        {"email": "dora@example.org"},
        {},
    ],
)
def test_a_bad_sign_up_is_refused_in_allauths_own_shape(body: Any) -> None:
    answer = phone().post(f"{AUTH}/signup", body)
    assert answer.status_code == 400
    assert set(answer.json()) == {"status", "errors"}
    assert User.objects.count() == 0


def test_sign_in_gives_tokens_and_a_session(alice: User) -> None:
    meta = sign_in("alice@example.org")
    assert {"access_token", "refresh_token", "session_token"} <= set(meta)
    assert meta["expires_in"] == 600
    assert phone(meta["access_token"]).get("/me/").json()["display_name"] == "Alice"


def test_a_wrong_password_signs_nobody_in(alice: User) -> None:
    answer = phone().post(f"{AUTH}/login", {"email": "alice@example.org", "password": "not this one"})
    assert answer.status_code == 400
    assert "meta" not in answer.json() or "access_token" not in answer.json()["meta"]


def test_refresh_gives_a_pair_that_works(alice: User) -> None:
    meta = sign_in("alice@example.org")
    answer = phone().post(REFRESH, {"refresh_token": meta["refresh_token"]})
    assert answer.status_code == 200, answer.content
    pair = answer.json()["data"]
    assert phone(pair["access_token"]).get("/me/").status_code == 200
    assert phone().post(REFRESH, {"refresh_token": pair["refresh_token"]}).status_code == 200


@pytest.mark.parametrize("token", ["", "rubbish", "a.b.c", "x" * 10_000, None, 7, ["x"]])
def test_a_false_refresh_token_is_refused(token: Any) -> None:
    assert phone().post(REFRESH, {"refresh_token": token}).status_code == 400


def test_an_access_token_is_no_refresh_token_nor_the_other_way_round(alice: User) -> None:
    meta = sign_in("alice@example.org")
    assert phone().post(REFRESH, {"refresh_token": meta["access_token"]}).status_code == 400
    assert phone(meta["refresh_token"]).get("/me/").status_code == 401


@pytest.mark.parametrize("kind", ["access_token", "refresh_token"])
def test_a_token_that_leaks_gives_away_no_session(alice: User, kind: str) -> None:
    meta = sign_in("alice@example.org")
    payload = meta[kind].split(".")[1]
    claims = json.loads(base64.urlsafe_b64decode(payload + "=="))
    assert claims["sub"] == str(alice.uid)
    assert meta["session_token"] not in json.dumps(claims)
    assert "alice" not in json.dumps(claims)


def test_signing_out_ends_the_refresh_token(alice: User) -> None:
    meta = sign_in("alice@example.org")
    gone = phone().delete(f"{AUTH}/session", X_Session_Token=meta["session_token"])
    assert gone.status_code == 401  # allauth's way of saying that nobody is signed in any more
    assert phone().post(REFRESH, {"refresh_token": meta["refresh_token"]}).status_code == 400


def test_signing_out_here_leaves_the_other_phone_signed_in(alice: User) -> None:
    here, there = sign_in("alice@example.org"), sign_in("alice@example.org")
    phone().delete(f"{AUTH}/session", X_Session_Token=here["session_token"])
    assert phone().post(REFRESH, {"refresh_token": there["refresh_token"]}).status_code == 200


def test_raising_the_epoch_refuses_both_tokens(alice: User) -> None:
    meta = sign_in("alice@example.org")
    User.objects.filter(pk=alice.pk).update(epoch=F("epoch") + 1)
    accounts.clear()  # what a second does elsewhere
    assert phone(meta["access_token"]).get("/me/").status_code == 401
    assert phone().post(REFRESH, {"refresh_token": meta["refresh_token"]}).status_code == 400


def test_a_banned_person_is_refused_everywhere(alice: User) -> None:
    meta = sign_in("alice@example.org")
    User.objects.filter(pk=alice.pk).update(is_active=False)
    accounts.clear()
    assert phone(meta["access_token"]).get("/me/").status_code == 401
    assert phone().post(REFRESH, {"refresh_token": meta["refresh_token"]}).status_code == 400


def test_a_deleted_account_is_refused(charlie: User, api: Api) -> None:
    client = api(charlie)
    charlie.delete()
    assert client.get("/me/").status_code == 401


@pytest.mark.parametrize("raw", [b'{"email": ', b"[]", b"\xff\xfe", b'"text"', b"null", b"[" * 5000])
def test_what_is_no_object_is_refused_without_a_trace(raw: bytes) -> None:
    answer = phone().post(f"{AUTH}/login", raw=raw)
    assert answer.status_code == 400
    assert b"Traceback" not in answer.content


def test_nothing_is_made_before_it_is_needed(mailoutbox: list[EmailMessage]) -> None:
    sign_up()
    assert Profile.objects.count() == 0
