"""Showing that an address is one's own: by code, by link, and not by guessing."""

import pytest
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from django.core.mail import EmailMessage

from accounts.models import User
from tests.clean import clear_valkey
from tests.phones import Phone, code_in, link_key_in, pending, signed_in

pytestmark = pytest.mark.django_db


def is_verified(email: str) -> bool:
    return bool(EmailAddress.objects.get(email=email).verified)


def test_the_code_signs_in(mailoutbox: list[EmailMessage]) -> None:
    phone = Phone()
    assert pending(phone.sign_up()) == {"verify_email"}
    answer = phone.post("/auth/email/verify", {"key": code_in(mailoutbox[0])})
    assert answer.status_code == 200, answer.content
    assert phone.can_use_the_house()


def test_the_link_signs_in_where_the_sign_up_was(mailoutbox: list[EmailMessage]) -> None:
    phone = Phone()
    phone.sign_up()
    answer = phone.post("/auth/email/verify", {"key": link_key_in(mailoutbox[0])})
    assert answer.status_code == 200, answer.content
    assert phone.can_use_the_house()
    shown = phone.get("/account/email").json()["data"]
    assert [(row["email"], row["verified"]) for row in shown] == [("dora@example.org", True)]


def test_the_link_verifies_on_another_phone_and_signs_in_nobody(mailoutbox: list[EmailMessage]) -> None:
    Phone().sign_up()
    other = Phone()
    answer = other.post("/auth/email/verify", {"key": link_key_in(mailoutbox[0])})
    assert answer.status_code == 401
    assert not other.access
    assert is_verified("dora@example.org")
    assert signed_in("dora@example.org", "seven otters on ice").can_use_the_house()


def test_the_link_can_be_looked_at_first(mailoutbox: list[EmailMessage]) -> None:
    phone = Phone()
    phone.sign_up()
    answer = phone.get("/auth/email/verify", X_Email_Verification_Key=link_key_in(mailoutbox[0]))
    assert answer.status_code == 200, answer.content
    assert answer.json()["data"]["email"] == "dora@example.org"
    assert not is_verified("dora@example.org")


def test_a_link_works_once(mailoutbox: list[EmailMessage]) -> None:
    Phone().sign_up()
    key = link_key_in(mailoutbox[0])
    Phone().post("/auth/email/verify", {"key": key})
    assert Phone().post("/auth/email/verify", {"key": key}).status_code == 400


@pytest.mark.parametrize("key", ["a:b:c", "::", "1:1vN0:forged-signature", "\x00:", "é:ü", ":" * 5000])
def test_a_forged_link_verifies_nobody(key: str, mailoutbox: list[EmailMessage]) -> None:
    Phone().sign_up()
    assert Phone().post("/auth/email/verify", {"key": key}).status_code == 400
    assert not is_verified("dora@example.org")


def test_the_link_of_one_account_verifies_no_other(mailoutbox: list[EmailMessage]) -> None:
    dora, emil = Phone(), Phone()
    dora.sign_up("dora@example.org")
    emil.sign_up("emil@example.org")
    answer = emil.post("/auth/email/verify", {"key": link_key_in(mailoutbox[0])})
    assert answer.status_code == 401
    assert not emil.access
    assert (is_verified("dora@example.org"), is_verified("emil@example.org")) == (True, False)


def test_an_old_link_is_refused(mailoutbox: list[EmailMessage], monkeypatch: pytest.MonkeyPatch) -> None:
    Phone().sign_up()
    address = EmailAddress.objects.get(email="dora@example.org")
    with monkeypatch.context() as past:
        past.setattr("django.core.signing.time.time", lambda: 1_000_000_000)
        key = EmailConfirmationHMAC(address).key
    assert Phone().post("/auth/email/verify", {"key": key}).status_code == 400


def test_three_wrong_codes_end_the_attempt(mailoutbox: list[EmailMessage]) -> None:
    phone = Phone()
    phone.sign_up()
    for _ in range(3):
        assert phone.post("/auth/email/verify", {"key": "BBBB-BBBB"}).status_code == 400
    assert phone.post("/auth/email/verify", {"key": code_in(mailoutbox[0])}).status_code == 409
    assert not is_verified("dora@example.org")


def test_a_code_is_worth_nothing_outside_its_sign_up(mailoutbox: list[EmailMessage]) -> None:
    Phone().sign_up()
    assert Phone().post("/auth/email/verify", {"key": code_in(mailoutbox[0])}).status_code == 409


def test_another_code_can_be_asked_for(mailoutbox: list[EmailMessage]) -> None:
    phone = Phone()
    phone.sign_up()
    clear_valkey()  # ten seconds later
    assert phone.post("/auth/email/verify/resend").status_code == 200
    assert phone.post("/auth/email/verify", {"key": code_in(mailoutbox[0])}).status_code == 400
    assert phone.post("/auth/email/verify", {"key": code_in(mailoutbox[1])}).status_code == 200


def test_asking_again_answers_the_same_for_an_account_that_exists(alice: User, mailoutbox: list[EmailMessage]) -> None:
    known, unknown = Phone(), Phone()
    known.sign_up("alice@example.org")
    unknown.sign_up("dora@example.org")
    clear_valkey()
    answers = [phone.post("/auth/email/verify/resend") for phone in (known, unknown)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].json() == answers[1].json()
