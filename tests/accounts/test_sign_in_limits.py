"""Tries at allauth's doors are counted, by address and by account, and over all processes."""

import subprocess
import sys
from collections import Counter
from typing import Any

import pytest
from pytest_django import Settings

from accounts.models import SignIn, User
from tests.accounts.doors import AUTH, REFRESH, phone, refresh, sign_in, try_to_sign_in
from tests.clean import clear_valkey
from tests.factories.accounts import make_user
from tests.threads import at_once
from timetravelers.kit.errors import DomainError

pytestmark = pytest.mark.django_db

NEVER = (10_000, 60.0)


@pytest.fixture(autouse=True)
def _few(settings: Settings) -> None:
    """Three tries an address and two an account, so that a test need not knock thirty times."""
    settings.SIGN_IN_LIMITS = {kind: {"address": (3, 60.0), "account": (2, 120.0)} for kind in settings.SIGN_IN_LIMITS}


def only(settings: Settings, kind: str, by: str) -> None:
    """Lift every other limit."""
    kept = settings.SIGN_IN_LIMITS[kind][by]
    settings.SIGN_IN_LIMITS = {name: {"address": NEVER, "account": NEVER} for name in settings.SIGN_IN_LIMITS}
    settings.SIGN_IN_LIMITS[kind] = {"address": NEVER, "account": NEVER, by: kept}


def assert_refused(answer: Any, at_most: int) -> None:
    assert answer.status_code == 429, answer.content
    assert 0 < int(answer.headers["Retry-After"]) <= at_most
    body = answer.json()
    assert (body["code"], body["status"]) == ("rate_limited", 429)
    assert body["retry_after"] == int(answer.headers["Retry-After"])
    assert answer.headers["Content-Type"] == "application/json"


DOORS = [
    ("auth/login", {"password": "not this one"}),
    ("auth/signup", {"password": "seven otters on ice"}),
    ("auth/password/request", {}),
    ("auth/code/request", {}),
]


@pytest.mark.parametrize(("door", "body"), DOORS)
def test_tries_from_one_address_are_counted_whomever_they_are_about(
    settings: Settings, door: str, body: dict[str, str]
) -> None:
    for number in range(3):
        sent = {**body, "email": f"person{number}@example.org"}
        assert phone().post(f"/_allauth/app/v1/{door}", sent).status_code != 429
    sent = {**body, "email": "yet.another@example.org"}
    assert_refused(phone().post(f"/_allauth/app/v1/{door}", sent), 60)


@pytest.mark.parametrize(("door", "body"), DOORS)
def test_tries_at_one_account_are_counted_wherever_they_come_from(
    settings: Settings, door: str, body: dict[str, str]
) -> None:
    settings.PROXY_COUNT = 1
    for limits in settings.SIGN_IN_LIMITS.values():
        limits["account"] = (1, 120.0)
    sent = {**body, "email": " Dora@example.org "}
    assert phone().post(f"/_allauth/app/v1/{door}", sent, X_Forwarded_For="203.0.113.8").status_code != 429
    sent = {**body, "email": "dora@EXAMPLE.org"}
    assert_refused(phone().post(f"/_allauth/app/v1/{door}", sent, X_Forwarded_For="203.0.113.9"), 120)
    sent = {**body, "email": "emil@example.org"}
    assert phone().post(f"/_allauth/app/v1/{door}", sent, X_Forwarded_For="203.0.113.9").status_code != 429


def test_known_and_unknown_accounts_are_refused_alike(alice: User, settings: Settings) -> None:
    only(settings, "login", "account")
    bodies = []
    for email in ("alice@example.org", "nobody@example.org"):
        for _ in range(2):
            try_to_sign_in(email, "wrong")
        answer = try_to_sign_in(email, "wrong")
        assert_refused(answer, 120)
        bodies.append({name: answer.json()[name] for name in ("title", "detail", "code", "type")})
    assert bodies[0] == bodies[1]


def test_the_right_password_does_not_pass_a_closed_door(alice: User) -> None:
    for _ in range(2):
        try_to_sign_in("alice@example.org", "wrong")
    assert_refused(try_to_sign_in("alice@example.org"), 120)
    assert not SignIn.objects.exists()


def test_codes_cannot_be_tried_without_end(settings: Settings) -> None:
    only(settings, "verify", "account")
    answer = phone().post(f"{AUTH}/signup", {"email": "dora@example.org", "password": "seven otters on ice"})
    token = answer.json()["meta"]["session_token"]
    tries = [
        phone().post(f"{AUTH}/email/verify", {"key": "ABC123"}, X_Session_Token=token).status_code for _ in range(2)
    ]
    assert 429 not in tries
    assert_refused(phone().post(f"{AUTH}/email/verify", {"key": "ABC123"}, X_Session_Token=token), 120)
    reading = {"X_Session_Token": token, "X_Email_Verification_Key": "ABC123"}
    assert_refused(phone().get(f"{AUTH}/email/verify", **reading), 120)


def test_refreshes_are_counted_by_family_and_by_address(alice: User, settings: Settings) -> None:
    settings.SIGN_IN_LIMITS["login"] = {"address": NEVER, "account": NEVER}
    one, other = sign_in("alice@example.org"), sign_in("alice@example.org")
    for _ in range(2):
        assert refresh(one["refresh_token"]).status_code == 200
    assert_refused(refresh(one["refresh_token"]), 120)
    clear_valkey()
    assert refresh(other["refresh_token"]).status_code == 200
    for _ in range(2):
        assert phone().post(REFRESH, {"refresh_token": "rubbish"}).status_code == 400
    assert_refused(phone().post(REFRESH, {"refresh_token": "rubbish"}), 60)


@pytest.mark.parametrize("raw", [b"", b"[", b"[]", b'{"email": 7}', b'{"email": null}', b"\xff", b"[" * 9000])
def test_a_body_that_is_none_counts_for_its_address(raw: bytes) -> None:
    for _ in range(3):
        assert phone().post(f"{AUTH}/login", raw=raw).status_code == 400
    assert_refused(phone().post(f"{AUTH}/login", raw=raw), 60)


def test_too_large_a_body_is_still_413() -> None:
    answer = phone().post(f"{AUTH}/login", raw=b'{"email": "' + b"x" * 1_100_000 + b'"}')
    assert answer.status_code == 413


def test_what_a_caller_claims_of_its_address_counts_for_nothing() -> None:
    for number in range(3):
        try_to_sign_in(f"person{number}@example.org", X_Forwarded_For=f"203.0.113.{number}")
    assert_refused(try_to_sign_in("another@example.org", X_Forwarded_For="203.0.113.77"), 60)


def test_behind_a_proxy_only_its_own_word_counts(settings: Settings) -> None:
    settings.PROXY_COUNT = 1
    for number in range(3):
        try_to_sign_in(f"person{number}@example.org", X_Forwarded_For=f"10.0.0.{number}, 203.0.113.1")
    assert_refused(try_to_sign_in("another@example.org", X_Forwarded_For="10.0.0.99, 203.0.113.1"), 60)
    assert try_to_sign_in("another@example.org", X_Forwarded_For="10.0.0.1, 203.0.113.2").status_code == 400


def test_a_household_of_ipv6_is_one_address(settings: Settings) -> None:
    settings.PROXY_COUNT = 1
    for number in range(3):
        try_to_sign_in(f"person{number}@example.org", X_Forwarded_For=f"2001:db8:1:2::{number}")
    assert_refused(try_to_sign_in("another@example.org", X_Forwarded_For="2001:db8:1:2:ffff::1"), 60)
    assert try_to_sign_in("another@example.org", X_Forwarded_For="2001:db8:1:3::1").status_code == 400


def test_allauths_own_refusals_say_when_to_come_back(alice: User, settings: Settings) -> None:
    settings.SIGN_IN_LIMITS = {kind: {"address": NEVER, "account": NEVER} for kind in settings.SIGN_IN_LIMITS}
    answers = [try_to_sign_in("alice@example.org", "wrong") for _ in range(6)]
    assert [answer.status_code for answer in answers[:5]] == [400] * 5
    assert_refused(answers[5], 300)
    session = phone().post(f"{AUTH}/signup", {"email": "dora@example.org", "password": "seven otters on ice"})
    resend = phone().post(f"{AUTH}/email/verify/resend", X_Session_Token=session.json()["meta"]["session_token"])
    assert_refused(resend, 10)


def test_other_routes_are_not_counted(alice: User) -> None:
    for _ in range(5):
        assert phone().get("/_allauth/app/v1/config").status_code == 200
        assert phone().get(f"{AUTH}/session").status_code == 401


@pytest.mark.django_db(transaction=True)
def test_threads_share_one_count(settings: Settings) -> None:
    only(settings, "login", "address")
    settings.SIGN_IN_LIMITS["login"]["address"] = (5, 60.0)
    for number in range(12):
        make_user(f"racer{number}@example.org")
    answers = at_once(12, lambda number: try_to_sign_in(f"racer{number}@example.org", "wrong").status_code)
    assert Counter(code for code in answers if not isinstance(code, DomainError)) == {400: 5, 429: 7}


ELSEWHERE = """
import django, sys
django.setup()
from django.conf import settings
from django.test import Client
settings.SIGN_IN_LIMITS["refresh"] = {"address": (3, 600.0), "account": (2, 600.0)}
answer = Client().post("/_allauth/app/v1/tokens/refresh", {"refresh_token": "x"}, content_type="application/json")
sys.exit(int(answer.status_code == 429))
"""


def test_processes_share_one_count(settings: Settings) -> None:
    settings.SIGN_IN_LIMITS["refresh"] = {"address": (3, 600.0), "account": (2, 600.0)}  # starting one takes its time

    def elsewhere() -> bool:
        run = subprocess.run([sys.executable, "-c", ELSEWHERE], capture_output=True, check=False, timeout=150)
        assert run.returncode in {0, 1}, run.stderr.decode()[-2000:]
        assert b"Traceback" not in run.stderr, run.stderr.decode()[-2000:]
        return run.returncode == 1

    assert phone().post(REFRESH, {"refresh_token": "x"}).status_code == 400
    assert phone().post(REFRESH, {"refresh_token": "x"}).status_code == 400
    assert not elsewhere()
    assert elsewhere()
    assert_refused(phone().post(REFRESH, {"refresh_token": "x"}), 600)
