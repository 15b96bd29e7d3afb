"""Step-up: what is hard to undo wants somebody who has just proven who they are."""

from datetime import timedelta
from typing import Any

import pytest

from accounts.errors import StepUpRequired
from accounts.models import SignIn, User
from accounts.services import end_sign_in, require_fresh
from accounts.tokens import issue, read_access
from tests.accounts.doors import AUTH, phone, sign_in
from tests.factories.accounts import PASSWORD, make_sign_in
from timetravelers.kit.clock import now

pytestmark = pytest.mark.django_db


def aged(meta: dict[str, Any], minutes: float) -> None:
    """As if the sign-in were that old."""
    uid = read_access(meta["access_token"]).sign_in
    SignIn.objects.filter(uid=uid).update(authenticated_at=now() - timedelta(minutes=minutes))


def is_fresh(meta: dict[str, Any]) -> bool:
    try:
        require_fresh(read_access(meta["access_token"]))
    except StepUpRequired:
        return False
    return True


def reauthenticate(meta: dict[str, Any], password: str = PASSWORD) -> int:
    answer = phone().post(f"{AUTH}/reauthenticate", {"password": password}, X_Session_Token=meta["session_token"])
    return int(answer.status_code)


@pytest.mark.parametrize("minutes", [0, 4.9])
def test_signing_in_is_proof_for_five_minutes(alice: User, minutes: float) -> None:
    meta = sign_in("alice@example.org")
    aged(meta, minutes)
    assert is_fresh(meta)


@pytest.mark.parametrize("minutes", [5.1, 600])
def test_and_no_longer(alice: User, minutes: float) -> None:
    meta = sign_in("alice@example.org")
    aged(meta, minutes)
    with pytest.raises(StepUpRequired) as refusal:
        require_fresh(read_access(meta["access_token"]))
    assert (refusal.value.status, refusal.value.code, refusal.value.extra) == (
        403,
        "step_up_required",
        {"max_age": 300},
    )


def test_the_password_again_is_proof_again(alice: User) -> None:
    meta = sign_in("alice@example.org")
    aged(meta, 10)
    assert reauthenticate(meta) == 200
    assert is_fresh(meta)


def test_a_wrong_password_is_no_proof(alice: User) -> None:
    meta = sign_in("alice@example.org")
    aged(meta, 10)
    assert reauthenticate(meta, "not this one") == 400
    assert not is_fresh(meta)


def test_proof_on_one_device_opens_nothing_on_another(alice: User) -> None:
    here, there = sign_in("alice@example.org"), sign_in("alice@example.org")
    aged(here, 10)
    aged(there, 10)
    reauthenticate(there)
    assert is_fresh(there)
    assert not is_fresh(here)


def test_refreshing_tokens_proves_nothing(alice: User) -> None:
    meta = sign_in("alice@example.org")
    aged(meta, 10)
    answer = phone().post("/_allauth/app/v1/tokens/refresh", {"refresh_token": meta["refresh_token"]})
    assert not is_fresh(answer.json()["data"])


def test_an_ended_sign_in_is_never_fresh(alice: User) -> None:
    row = make_sign_in(alice)
    claims = read_access(issue(alice, row).access)
    require_fresh(claims)
    end_sign_in(user=alice, sign_in=row.uid)
    with pytest.raises(StepUpRequired):
        require_fresh(claims)
