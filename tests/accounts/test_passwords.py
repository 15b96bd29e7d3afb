"""Passwords: how they are kept, changed and set anew, and what their routes do not give away."""

from typing import Any

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher, PBKDF2PasswordHasher, identify_hasher
from django.core.mail import EmailMessage

from accounts.authentication import accounts
from accounts.models import SignIn, User
from tests.clean import clear_valkey
from tests.factories.accounts import PASSWORD, make_user
from tests.phones import OTHER_PASSWORD, Phone, code_in, pending, signed_in

pytestmark = pytest.mark.django_db
CHANGE = "/account/password/change"


def test_a_new_password_is_kept_as_bcrypt_over_sha256_at_the_configured_cost() -> None:
    Phone().sign_up()
    kept = User.objects.get(email="dora@example.org").password
    assert kept.startswith("bcrypt_sha256$$2b$04$")


@pytest.mark.parametrize("hasher", [PBKDF2PasswordHasher(), Argon2PasswordHasher()])
def test_an_older_hash_is_replaced_at_sign_in(hasher: Any) -> None:
    user = make_user("old@example.org")
    User.objects.filter(pk=user.pk).update(password=hasher.encode(PASSWORD, "some-salt-of-old"))
    assert Phone().sign_in("old@example.org", "not this one").status_code == 400
    user.refresh_from_db()
    assert identify_hasher(user.password).algorithm == hasher.algorithm
    assert signed_in("old@example.org").can_use_the_house()
    user.refresh_from_db()
    assert identify_hasher(user.password).algorithm == "bcrypt_sha256"
    assert user.check_password(PASSWORD)


def test_a_change_keeps_this_phone_in_and_puts_the_others_out(alice: User) -> None:
    here, there = signed_in("alice@example.org"), signed_in("alice@example.org")
    old = here.access
    answer = here.post(CHANGE, {"current_password": PASSWORD, "new_password": OTHER_PASSWORD})
    assert answer.status_code == 200, answer.content
    accounts.clear()  # what a second does elsewhere
    assert here.access != old
    assert here.can_use_the_house()
    assert here.renew().status_code == 200
    assert not there.can_use_the_house()
    assert there.renew().status_code == 400
    assert Phone().sign_in("alice@example.org", PASSWORD).status_code == 400
    assert signed_in("alice@example.org", OTHER_PASSWORD).can_use_the_house()


def test_a_change_needs_the_present_password(alice: User) -> None:
    phone = signed_in("alice@example.org")
    answer = phone.post(CHANGE, {"current_password": "guessed it", "new_password": OTHER_PASSWORD})
    assert answer.status_code == 400
    assert phone.can_use_the_house()
    assert SignIn.objects.live().count() == 1


@pytest.mark.parametrize("weak", ["short", "password123", "1234567890123", "alice@example.org"])
def test_a_change_refuses_a_weak_password(alice: User, weak: str) -> None:
    phone = signed_in("alice@example.org")
    assert phone.post(CHANGE, {"current_password": PASSWORD, "new_password": weak}).status_code == 400


def test_a_change_is_for_who_is_signed_in() -> None:
    answer = Phone().post(CHANGE, {"current_password": PASSWORD, "new_password": OTHER_PASSWORD})
    assert answer.status_code == 401


def test_a_reset_by_code_signs_out_everywhere(alice: User, mailoutbox: list[EmailMessage]) -> None:
    before, phone = signed_in("alice@example.org"), Phone()
    asked = phone.post("/auth/password/request", {"email": "Alice@Example.org"})
    assert pending(asked) == {"password_reset_by_code"}
    code = code_in(mailoutbox[0])
    assert phone.get("/auth/password/reset", X_Password_Reset_Key=code).status_code == 200
    done = phone.post("/auth/password/reset", {"key": code, "password": OTHER_PASSWORD})
    assert done.status_code == 401  # it is set, and nobody is signed in yet
    accounts.clear()
    assert not before.can_use_the_house()
    assert before.renew().status_code == 400
    assert "set anew" in mailoutbox[1].body
    assert signed_in("alice@example.org", OTHER_PASSWORD).can_use_the_house()
    assert Phone().sign_in("alice@example.org", PASSWORD).status_code == 400


def test_a_reset_code_works_once(alice: User, mailoutbox: list[EmailMessage]) -> None:
    phone = Phone()
    phone.post("/auth/password/request", {"email": "alice@example.org"})
    body = {"key": code_in(mailoutbox[0]), "password": OTHER_PASSWORD}
    phone.post("/auth/password/reset", body)
    assert phone.post("/auth/password/reset", body).status_code == 409


def test_a_reset_verifies_the_address_it_was_mailed_to(mailoutbox: list[EmailMessage]) -> None:
    Phone().sign_up()
    phone = Phone()
    phone.post("/auth/password/request", {"email": "dora@example.org"})
    phone.post("/auth/password/reset", {"key": code_in(mailoutbox[-1]), "password": OTHER_PASSWORD})
    assert signed_in("dora@example.org", OTHER_PASSWORD).can_use_the_house()


def scrubbed(answer: Any) -> tuple[int, Any]:
    body = answer.json()
    body.get("meta", {}).pop("session_token", None)
    return answer.status_code, body


def both(path: str, **bodies: dict[str, Any]) -> list[tuple[int, Any]]:
    """The answers to the same request about an address that has an account, and about one that has none."""
    return [scrubbed(Phone().post(path, bodies[who])) for who in ("known", "unknown")]


def test_sign_in_answers_alike(alice: User) -> None:
    known, unknown = both(
        "/auth/login",
        known={"email": "alice@example.org", "password": "not this one"},
        unknown={"email": "nobody@example.org", "password": "not this one"},
    )
    assert known == unknown


def test_sign_up_answers_alike(alice: User) -> None:
    known, unknown = both(
        "/auth/signup",
        known={"email": "alice@example.org", "password": OTHER_PASSWORD},
        unknown={"email": "nobody@example.org", "password": OTHER_PASSWORD},
    )
    assert known == unknown


@pytest.mark.parametrize("path", ["/auth/password/request", "/auth/code/request"])
def test_asking_for_a_code_answers_alike(alice: User, path: str) -> None:
    known, unknown = both(path, known={"email": "alice@example.org"}, unknown={"email": "nobody@example.org"})
    assert known == unknown


@pytest.mark.parametrize("password", ["short", OTHER_PASSWORD, "someone-example"])
def test_guessing_at_a_reset_answers_alike(password: str, mailoutbox: list[EmailMessage]) -> None:
    make_user("someone@example.org")
    told: list[list[tuple[int, Any]]] = []
    for email in ("someone@example.org", "someone@example.net"):
        phone = Phone()
        phone.post("/auth/password/request", {"email": email})
        guesses = [phone.post("/auth/password/reset", {"key": "BBBB-BBBB", "password": password}) for _ in range(4)]
        told.append([scrubbed(answer) for answer in guesses])
        clear_valkey()
    assert told[0] == told[1]
    assert [status for status, _ in told[0]] == [400, 400, 400, 409]


def test_looking_at_a_reset_code_answers_alike(alice: User, mailoutbox: list[EmailMessage]) -> None:
    told: list[list[int]] = []
    for email in ("alice@example.org", "nobody@example.org"):
        phone = Phone()
        phone.post("/auth/password/request", {"email": email})
        guesses = [phone.get("/auth/password/reset", X_Password_Reset_Key="BBBB-BBBB") for _ in range(4)]
        told.append([answer.status_code for answer in guesses])
    assert told == [[400, 400, 400, 409]] * 2
