"""Signing in with a code from a mail instead of a password."""

import pytest
from django.core.mail import EmailMessage

from accounts.models import User
from tests.clean import clear_valkey
from tests.phones import Phone, code_in, pending

pytestmark = pytest.mark.django_db


def asked(email: str = "alice@example.org") -> Phone:
    phone = Phone()
    assert pending(phone.post("/auth/code/request", {"email": email})) == {"login_by_code"}
    return phone


def test_the_code_signs_in(alice: User, mailoutbox: list[EmailMessage]) -> None:
    phone = asked()
    assert mailoutbox[0].subject == "Your code to sign in to TimeTravelers"
    assert phone.post("/auth/code/confirm", {"code": code_in(mailoutbox[0])}).status_code == 200
    assert phone.can_use_the_house()


def test_the_code_is_read_as_people_type_it(alice: User, mailoutbox: list[EmailMessage]) -> None:
    phone = asked()
    typed = f" {code_in(mailoutbox[0]).replace('-', ' ').lower()} "
    assert phone.post("/auth/code/confirm", {"code": typed}).status_code == 200


def test_three_wrong_codes_end_the_attempt(alice: User, mailoutbox: list[EmailMessage]) -> None:
    phone = asked()
    told = [phone.post("/auth/code/confirm", {"code": "BBBB-BBBB"}).status_code for _ in range(3)]
    assert told == [400, 400, 400]
    assert phone.post("/auth/code/confirm", {"code": code_in(mailoutbox[0])}).status_code == 409
    assert not phone.access


def test_a_code_is_worth_nothing_on_another_phone(alice: User, mailoutbox: list[EmailMessage]) -> None:
    asked()
    assert Phone().post("/auth/code/confirm", {"code": code_in(mailoutbox[0])}).status_code == 409


def test_a_code_of_an_hour_ago_is_refused(
    alice: User, mailoutbox: list[EmailMessage], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "allauth.account.internal.flows.login_by_code.app_settings.LOGIN_BY_CODE_TIMEOUT", -1, raising=False
    )
    phone = asked()
    assert phone.post("/auth/code/confirm", {"code": code_in(mailoutbox[0])}).status_code == 409


def test_a_second_code_replaces_the_first(alice: User, mailoutbox: list[EmailMessage]) -> None:
    phone = asked()
    clear_valkey()
    assert phone.post("/auth/code/resend").status_code == 200
    assert phone.post("/auth/code/confirm", {"code": code_in(mailoutbox[0])}).status_code == 400
    assert phone.post("/auth/code/confirm", {"code": code_in(mailoutbox[1])}).status_code == 200


def test_an_unknown_address_is_told_so_by_mail_only(mailoutbox: list[EmailMessage]) -> None:
    phone = asked("nobody@example.org")
    assert "no account" in mailoutbox[0].body
    assert phone.post("/auth/code/confirm", {"code": "BBBB-BBBB"}).status_code == 400


def test_the_code_verifies_the_address_it_was_mailed_to(mailoutbox: list[EmailMessage]) -> None:
    Phone().sign_up("dora@example.org")
    phone = asked("dora@example.org")
    assert phone.post("/auth/code/confirm", {"code": code_in(mailoutbox[-1])}).status_code == 200
    assert phone.can_use_the_house()


def test_a_banned_person_does_not_get_in(alice: User, mailoutbox: list[EmailMessage]) -> None:
    phone = asked()
    User.objects.filter(pk=alice.pk).update(is_active=False)
    assert phone.post("/auth/code/confirm", {"code": code_in(mailoutbox[0])}).status_code == 401
    assert not phone.access
