"""Where one is signed in: seen, and ended from anywhere."""

import re
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.sessions.models import Session
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts import authentication
from accounts.authentication import accounts
from accounts.events import SignInEnded, TokensRevoked
from accounts.models import SecurityEvent, SignIn, User
from accounts.services import begin_sign_in, revoke_tokens
from accounts.services.sign_ins import Device
from tests.accounts.doors import AUTH, phone, refresh, sign_in, works
from tests.actors import ApiClient
from tests.factories.accounts import PASSWORD, make_sign_in
from timetravelers.kit import events
from timetravelers.kit.clock import now

pytestmark = pytest.mark.django_db

LIST = "/me/sign-ins/"


def listed(access_token: str) -> list[dict[str, Any]]:
    return list(phone(access_token).get(LIST).json()["results"])


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What was published about tokens."""
    said: list[Any] = []
    for kind in (SignInEnded, TokensRevoked):
        monkeypatch.setitem(events._in_transaction, kind, [said.append])
    return said


def test_each_device_is_listed_with_what_tells_it_apart(alice: User) -> None:
    sign_in("alice@example.org", User_Agent="TimeTravelers/1 (iOS)", X_Device_Name="Alice's phone")
    here = sign_in("alice@example.org", User_Agent="TimeTravelers/1 (iPadOS)")
    newest, oldest = listed(here["access_token"])
    assert (oldest["device"], oldest["user_agent"], oldest["current"]) == (
        "Alice's phone",
        "TimeTravelers/1 (iOS)",
        False,
    )
    assert (newest["device"], newest["current"]) == ("", True)
    assert newest["network"] == "127.0.0.0/24"
    assert newest["created_at"] == newest["last_seen_at"]
    assert set(newest) == {"uid", "device", "user_agent", "network", "created_at", "last_seen_at", "current"}


def test_neither_list_nor_tokens_give_a_session_away(alice: User) -> None:
    meta = sign_in("alice@example.org")
    key = Session.objects.get().session_key
    assert key not in phone(meta["access_token"]).get(LIST).content.decode()
    assert key not in meta["access_token"] + meta["refresh_token"]


@pytest.mark.parametrize(
    ("name", "kept"),
    [("Z\u00fcrich phone", "Z\u00fcrich phone"), ("x" * 300, "x" * 80), ("a\x07b", ""), ("  spaced  ", "spaced")],
)
def test_a_devices_name_is_text_like_any_other(alice: User, name: str, kept: str) -> None:
    sent = name.encode().decode("latin-1")  # as a server reads what a phone writes
    sign_in("alice@example.org", X_Device_Name=sent)
    assert SignIn.objects.get().device == kept


def test_refreshing_is_being_seen(alice: User) -> None:
    meta = sign_in("alice@example.org")
    long_ago = now().replace(year=2020)
    SignIn.objects.update(last_seen_at=long_ago)
    refresh(meta["refresh_token"])
    assert SignIn.objects.get().last_seen_at > long_ago


def test_ending_another_device_ends_all_of_it(alice: User, heard: list[Any]) -> None:
    there, here = sign_in("alice@example.org"), sign_in("alice@example.org")
    uid = next(row["uid"] for row in listed(here["access_token"]) if not row["current"])
    assert phone(here["access_token"]).delete(f"{LIST}{uid}/").status_code == 204
    accounts.clear()
    assert not works(there["access_token"])
    assert refresh(there["refresh_token"]).status_code == 400
    assert phone().get(f"{AUTH}/session", X_Session_Token=there["session_token"]).status_code == 410
    assert works(here["access_token"])
    assert [row["current"] for row in listed(here["access_token"])] == [True]
    assert [(type(event), str(event.sign_in)) for event in heard] == [(SignInEnded, uid)]


def test_ending_this_device_is_signing_out(alice: User) -> None:
    meta = sign_in("alice@example.org")
    uid = listed(meta["access_token"])[0]["uid"]
    assert phone(meta["access_token"]).delete(f"{LIST}{uid}/").status_code == 204
    accounts.clear()
    assert not works(meta["access_token"])
    assert not Session.objects.exists()


def test_ending_all_others_keeps_this_one(alice: User, bob: User) -> None:
    others = [sign_in("alice@example.org") for _ in range(3)]
    here, bobs = sign_in("alice@example.org"), sign_in("bob@example.org")
    answer = phone(here["access_token"]).post(f"{LIST}revoke-others/")
    assert (answer.status_code, answer.json()) == (200, {"ended": 3})
    accounts.clear()
    assert not any(works(meta["access_token"]) for meta in others)
    assert works(here["access_token"])
    assert works(bobs["access_token"])
    assert phone(here["access_token"]).post(f"{LIST}revoke-others/").json() == {"ended": 0}


def test_somebody_elses_sign_in_is_as_good_as_none(alice: User, bob: User) -> None:
    bobs = make_sign_in(bob)
    mine = ApiClient(alice)
    for uid in (bobs.uid, uuid4()):
        answer = mine.delete(f"{LIST}{uid}/")
        assert (answer.status_code, answer.json()["code"]) == (404, "sign_in_not_found")
    bobs.refresh_from_db()
    assert bobs.ended_at is None
    assert str(bobs.uid) not in mine.get(LIST).content.decode()


def test_an_ended_sign_in_cannot_be_ended_again(alice: User) -> None:
    mine, other = ApiClient(alice), make_sign_in(alice)
    assert mine.delete(f"{LIST}{other.uid}/").status_code == 204
    assert mine.delete(f"{LIST}{other.uid}/").status_code == 404


@pytest.mark.parametrize(("method", "path"), [("GET", LIST), ("POST", f"{LIST}revoke-others/")])
def test_nobody_known_sees_and_ends_nothing(method: str, path: str) -> None:
    assert phone().send(method, path).status_code == 401


def test_signing_out_through_allauth_ends_the_sign_in(alice: User, heard: list[Any]) -> None:
    meta = sign_in("alice@example.org")
    phone().delete(f"{AUTH}/session", X_Session_Token=meta["session_token"])
    accounts.clear()
    assert not works(meta["access_token"])
    assert SignIn.objects.get().ended_at is not None
    assert [type(event) for event in heard] == [SignInEnded]


def test_revoking_ends_everything_and_keeps_a_record(alice: User, heard: list[Any]) -> None:
    metas = [sign_in("alice@example.org") for _ in range(2)]
    assert revoke_tokens(alice, "test") == 1
    assert alice.epoch == 1
    accounts.clear()
    assert not any(works(meta["access_token"]) for meta in metas)
    assert not Session.objects.exists()
    assert not SignIn.objects.live().exists()
    event = SecurityEvent.objects.get()
    assert (event.kind, event.reason, event.user) == ("tokens_revoked", "test", alice)
    assert heard == [TokensRevoked(alice.pk, 1)]


def test_changing_the_password_signs_out_everywhere_else(alice: User) -> None:
    there, here = sign_in("alice@example.org"), sign_in("alice@example.org")
    answer = phone().post(
        "/_allauth/app/v1/account/password/change",
        {"current_password": PASSWORD, "new_password": "eleven otters on ice"},
        X_Session_Token=here["session_token"],
    )
    assert answer.status_code == 200, answer.content
    accounts.clear()
    assert not works(there["access_token"])
    assert not works(here["access_token"])
    assert refresh(there["refresh_token"]).status_code == 400
    fresh = answer.json()["meta"]
    assert works(fresh["access_token"])
    assert refresh(fresh["refresh_token"]).status_code == 200
    assert SignIn.objects.live().count() == 1


def test_a_session_never_has_two_families(alice: User) -> None:
    first = begin_sign_in(user=alice, session_key="k" * 32, device=Device())
    second = begin_sign_in(user=alice, session_key="k" * 32, device=Device())
    assert list(SignIn.objects.live()) == [second]
    first.refresh_from_db()
    assert first.ended_at is not None


def test_a_request_costs_no_query_for_its_sign_in(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(authentication, "FRESH_SECONDS", 60)  # however slow this machine is
    mine = ApiClient(alice)
    mine.get("/me/")
    with CaptureQueriesContext(connection) as queries:
        assert mine.get("/me/").status_code == 200
    assert len(queries) == 1


def test_the_table_keeps_no_session_of_an_ended_sign_in(alice: User) -> None:
    make_sign_in(alice)
    with pytest.raises(IntegrityError), transaction.atomic():
        SignIn.objects.update(ended_at=now())


@pytest.mark.parametrize("model", [SignIn, SecurityEvent])
def test_staff_see_where_people_are_signed_in_but_no_session(staff: User, alice: User, model: Any) -> None:
    kept = make_sign_in(alice)
    revoke_tokens(alice, "test")
    other = make_sign_in(alice)
    desk = Client()
    desk.force_login(staff)
    for path in ("", f"{model.objects.latest('pk').pk}/change/"):
        page = desk.get(f"/admin/accounts/{model._meta.model_name}/{path}", follow=True)
        assert page.status_code == 200
        shown = page.content.decode()
        assert str((other if model is SignIn else alice).uid) in shown
        assert not {kept.session_key, other.session_key} & set(re.findall(r"session-\d+", shown))
