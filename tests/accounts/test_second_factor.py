"""Codes from an authenticator app, and the recovery codes for the day it is gone."""

from typing import Any

import pytest
from allauth.mfa import app_settings
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.conf import settings
from django.core.mail import EmailMessage

from accounts.models import User
from tests.clean import clear_valkey
from tests.factories.accounts import PASSWORD
from tests.phones import Phone, pending, signed_in
from timetravelers.kit.limits import valkey

pytestmark = pytest.mark.django_db
TOTP = "/account/authenticators/totp"
RECOVERY = "/account/authenticators/recovery-codes"


HALF_MINUTE = 1_700_000_000 // 30


@pytest.fixture(autouse=True)
def _time_stands_still(monkeypatch: pytest.MonkeyPatch) -> None:
    """However slow this machine is, a code that was current is so when it arrives."""
    around = range(HALF_MINUTE - app_settings.TOTP_TOLERANCE, HALF_MINUTE + app_settings.TOTP_TOLERANCE + 1)
    monkeypatch.setattr("allauth.mfa.totp.internal.auth.yield_hotp_counters_from_time", lambda: iter(around))


def code_of(secret: str, *, steps: int = 0) -> str:
    """What the app shows, or showed or will show some half-minutes from now."""
    return str(format_hotp_value(hotp_value(secret, HALF_MINUTE + steps)))


def protected(email: str) -> tuple[Phone, str]:
    """A phone whose owner has switched codes on, and the secret of their authenticator app."""
    phone = signed_in(email)
    phone.reauthenticate()
    secret = phone.get(TOTP).json()["meta"]["secret"]
    answer = phone.post(TOTP, {"code": code_of(secret, steps=-1)})
    assert answer.status_code == 200, answer.content
    return phone, secret


def second(phone: Phone, code: str) -> Any:
    return phone.post("/auth/2fa/authenticate", {"code": code})


@pytest.mark.django_db(transaction=True)  # the mail goes out when the change is committed
def test_a_password_alone_is_no_longer_enough(alice: User, mailoutbox: list[EmailMessage]) -> None:
    _, secret = protected("alice@example.org")
    assert "authenticator app" in mailoutbox[0].body
    phone = Phone()
    asked = phone.sign_in("alice@example.org", PASSWORD)
    assert (asked.status_code, pending(asked)) == (401, {"mfa_authenticate"})
    assert not phone.access
    assert second(phone, "000000").status_code == 400
    assert not phone.access
    assert second(phone, code_of(secret)).status_code == 200
    assert phone.can_use_the_house()


def test_a_code_works_once(alice: User) -> None:
    _, secret = protected("alice@example.org")
    code, first, again = code_of(secret), Phone(), Phone()
    for phone in (first, again):
        phone.sign_in("alice@example.org", PASSWORD)
    assert second(first, code).status_code == 200
    assert second(again, code).status_code == 400
    assert not again.access


def test_a_used_code_is_remembered_for_as_long_as_it_would_work(alice: User) -> None:
    _, secret = protected("alice@example.org")
    clear_valkey()
    phone = Phone()
    phone.sign_in("alice@example.org", PASSWORD)
    assert second(phone, code_of(secret, steps=1)).status_code == 200
    (noted,) = valkey().scan_iter(match=f"{settings.REDIS_PREFIX}:*totp.used*", count=1000)
    assert 60 < valkey().ttl(noted) <= 90


def test_a_clock_may_be_half_a_minute_off_but_not_five(alice: User) -> None:
    _, secret = protected("alice@example.org")
    phone = Phone()
    phone.sign_in("alice@example.org", PASSWORD)
    assert second(phone, code_of(secret, steps=10)).status_code == 400
    assert second(phone, code_of(secret, steps=1)).status_code == 200


def test_guessing_codes_is_slowed_down(alice: User) -> None:
    protected("alice@example.org")
    phone = Phone()
    phone.sign_in("alice@example.org", PASSWORD)
    told = [second(phone, f"{number:06}").status_code for number in range(7)]
    assert told == [400] * 5 + [429] * 2


def test_a_recovery_code_gets_in_once(alice: User) -> None:
    phone, _ = protected("alice@example.org")
    (code, *others) = phone.get(RECOVERY).json()["data"]["unused_codes"]
    assert len(others) == 9
    first, again = Phone(), Phone()
    for each in (first, again):
        each.sign_in("alice@example.org", PASSWORD)
    assert second(first, code).status_code == 200
    assert first.can_use_the_house()
    assert second(again, code).status_code == 400
    assert second(again, others[0]).status_code == 200


def test_new_recovery_codes_replace_the_old(alice: User, mailoutbox: list[EmailMessage]) -> None:
    phone, _ = protected("alice@example.org")
    (old, *_) = phone.get(RECOVERY).json()["data"]["unused_codes"]
    new = phone.post(RECOVERY).json()["data"]["unused_codes"]
    assert len(new) == 10
    assert old not in new
    other = Phone()
    other.sign_in("alice@example.org", PASSWORD)
    assert second(other, old).status_code == 400


def test_secrets_are_sealed_in_the_database(alice: User) -> None:
    _, secret = protected("alice@example.org")
    kept = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert secret not in kept


def test_switching_codes_on_or_off_needs_a_fresh_proof(alice: User) -> None:
    fresh = signed_in("alice@example.org")
    assert fresh.post(TOTP, {"code": "000000"}).status_code in {400, 401}
    protected("alice@example.org")
    other = Phone()
    other.sign_in("alice@example.org", PASSWORD)
    assert other.delete(TOTP).status_code == 401
    assert Authenticator.objects.filter(type="totp").exists()


def test_switched_off_a_password_is_enough_again(alice: User) -> None:
    phone, _ = protected("alice@example.org")
    assert phone.delete(TOTP).status_code == 200
    assert signed_in("alice@example.org").can_use_the_house()
    assert not Authenticator.objects.exists()


def test_a_code_proves_again_who_one_is(alice: User) -> None:
    phone, secret = protected("alice@example.org")
    clear_valkey()
    assert phone.post("/auth/2fa/reauthenticate", {"code": code_of(secret)}).status_code == 200


def test_setting_a_new_password_does_not_get_around_the_second_factor(
    alice: User, mailoutbox: list[EmailMessage]
) -> None:
    protected("alice@example.org")
    phone = Phone()
    phone.post("/auth/code/request", {"email": "alice@example.org"})
    found = [line.strip() for line in str(mailoutbox[-1].body).splitlines() if "-" in line and line.isupper()]
    answer = phone.post("/auth/code/confirm", {"code": found[0]})
    assert (answer.status_code, pending(answer)) == (401, {"mfa_authenticate"})
    assert not phone.access
