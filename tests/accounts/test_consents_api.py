"""`/consents/`: asking, giving, withdrawing; and the gate that everything leaving the house asks."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts import wording
from accounts.errors import ConsentRequired
from accounts.events import ConsentGranted, ConsentWithdrawn
from accounts.models import Consent, User
from accounts.selectors import live_consent
from accounts.services import grant_consent, require_consent, withdraw_consent
from tests.actors import Api
from tests.factories.accounts import give_consent
from tests.threads import at_once
from timetravelers.kit.errors import NotFound
from timetravelers.kit.events import DomainEvent

pytestmark = pytest.mark.django_db

AI = "ai_provider"
YES = {"purpose": AI, "version": 1, "app_version": "1.0.3"}


@pytest.fixture
def newer_wording(monkeypatch: pytest.MonkeyPatch) -> None:
    """The wording has been changed to version 2 since."""
    current = dict(wording.current_consents())
    old = current[AI]
    current[AI] = wording.ConsentWording(AI, 2, old.provider, old.title, old.text)
    for module in ("accounts.selectors.consents", "accounts.services.consents"):
        monkeypatch.setattr(f"{module}.current_consents", lambda: current)


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[DomainEvent]:
    """The consent events that were published, in order."""
    told: list[DomainEvent] = []
    monkeypatch.setattr("accounts.services.consents.publish", told.append)
    return told


def test_a_purpose_is_shown_in_full_before_it_is_answered(charlie: User, api: Api) -> None:
    shown = api(charlie).get("/consents/").json()["results"]
    assert [state["purpose"] for state in shown] == [AI, "analytics", "push"]
    assert {(state["granted"], state["granted_at"]) for state in shown} == {(False, None)}
    assert "Manus" in shown[0]["provider"]
    assert "AI characters, not people" in shown[0]["text"]


def test_giving_and_withdrawing(charlie: User, api: Api) -> None:
    phone = api(charlie)
    given = phone.post("/consents/", YES)
    assert (given.status_code, given.json()["granted"]) == (201, True)
    assert phone.get("/consents/").json()["results"][0]["granted"] is True
    taken = phone.post(f"/consents/{AI}/withdraw/", {"app_version": "1.1.0"})
    assert (taken.status_code, taken.json()["granted"]) == (200, False)
    row = Consent.objects.get(user=charlie)
    assert (row.version, row.app_version, row.withdrawn_app_version) == (1, "1.0.3", "1.1.0")
    assert row.withdrawn_at is not None
    assert row.withdrawn_at >= row.granted_at


@pytest.mark.parametrize("purpose", ["analytics", "push"])
def test_purposes_are_answered_one_by_one(charlie: User, api: Api, purpose: str) -> None:
    api(charlie).post("/consents/", {"purpose": purpose, "version": 1})
    assert [row.purpose for row in Consent.objects.live().filter(user=charlie)] == [purpose]
    assert live_consent(charlie.pk, AI) is None


def test_giving_again_gives_the_live_one(charlie: User, api: Api) -> None:
    first, second = api(charlie).post("/consents/", YES), api(charlie).post("/consents/", YES)
    assert first.json() == second.json()
    assert Consent.objects.filter(user=charlie).count() == 1


def test_giving_after_withdrawing_is_a_new_act(charlie: User, api: Api) -> None:
    phone = api(charlie)
    for _ in range(2):
        phone.post("/consents/", YES)
        phone.post(f"/consents/{AI}/withdraw/")
    assert Consent.objects.filter(user=charlie, withdrawn_at__isnull=False).count() == 2


def test_withdrawing_what_was_not_given_changes_nothing(charlie: User, api: Api, heard: list[DomainEvent]) -> None:
    assert api(charlie).post(f"/consents/{AI}/withdraw/").status_code == 200
    assert not Consent.objects.exists()
    assert heard == []


def test_the_same_request_sent_twice_happens_once(charlie: User, api: Api) -> None:
    phone = api(charlie)
    first = phone.post("/consents/", YES, Idempotency_Key="k-1")
    phone.post(f"/consents/{AI}/withdraw/")
    replay = phone.post("/consents/", YES, Idempotency_Key="k-1")
    assert (replay.status_code, replay.json()) == (201, first.json())
    assert live_consent(charlie.pk, AI) is None


def test_what_one_person_allows_says_nothing_of_another(alice: User, bob: User, api: Api) -> None:
    api(alice).post("/consents/", YES)
    assert api(bob).get("/consents/").json()["results"][0]["granted"] is False
    api(bob).post(f"/consents/{AI}/withdraw/")
    assert live_consent(alice.pk, AI) is not None
    assert live_consent(bob.pk, AI) is None


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/consents/"), ("POST", "/consents/"), ("POST", f"/consents/{AI}/withdraw/")]
)
def test_nobody_gets_401(api: Api, method: str, path: str) -> None:
    assert api(None).send(method, path, YES if method == "POST" else None).status_code == 401
    assert not Consent.objects.exists()


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"purpose": AI}, "/version"),
        ({"version": 1}, "/purpose"),
        ({"purpose": AI, "version": "1"}, "/version"),
        ({"purpose": AI, "version": True}, "/version"),
        ({"purpose": AI, "version": 0}, "/version"),
        ({"purpose": AI, "version": 10**12}, "/version"),
        ({"purpose": [AI], "version": 1}, "/purpose"),
        ({"purpose": AI, "version": 1, "app_version": "x" * 41}, "/app_version"),
        ({"purpose": AI, "version": 1, "granted_at": "2020-01-01"}, "/granted_at"),
        ({"purpose": AI, "version": 1, "user": 1}, "/user"),
    ],
)
def test_wrong_input_is_named(charlie: User, api: Api, body: Any, pointer: str) -> None:
    answer = api(charlie).post("/consents/", body)
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]
    assert not Consent.objects.exists()


@pytest.mark.parametrize("version", [2, 32_767])
def test_a_wording_that_is_not_the_current_one_is_refused(charlie: User, api: Api, version: int) -> None:
    answer = api(charlie).post("/consents/", {**YES, "version": version})
    assert (answer.status_code, answer.json()["code"]) == (422, "consent_version_stale")
    assert not Consent.objects.exists()


@pytest.mark.parametrize("purpose", ["advertising", "AI_PROVIDER", "x" * 20])
def test_a_purpose_nobody_asks_for_is_404(charlie: User, api: Api, purpose: str) -> None:
    assert api(charlie).post("/consents/", {**YES, "purpose": purpose}).status_code == 404
    assert api(charlie).post(f"/consents/{purpose}/withdraw/").status_code == 404
    with pytest.raises(NotFound):
        withdraw_consent(user=charlie, purpose=purpose)


def test_the_gate_opens_and_closes(charlie: User) -> None:
    with pytest.raises(ConsentRequired) as refusal:
        require_consent(charlie, AI)
    assert (refusal.value.status, refusal.value.code) == (403, "consent_required")
    assert refusal.value.extra == {"purpose": AI, "version": 1}
    given = grant_consent(user=charlie, purpose=AI, version=1)
    assert require_consent(charlie, AI) == given
    withdraw_consent(user=charlie, purpose=AI)
    with pytest.raises(ConsentRequired):
        require_consent(charlie, AI)


@pytest.mark.usefixtures("newer_wording")
def test_consent_to_an_older_wording_is_none(charlie: User, api: Api) -> None:
    give_consent(charlie, version=1)
    assert live_consent(charlie.pk, AI) is None
    with pytest.raises(ConsentRequired):
        require_consent(charlie, AI)
    assert api(charlie).get("/consents/").json()["results"][0]["granted"] is False
    assert api(charlie).post("/consents/", YES).json()["code"] == "consent_version_stale"


@pytest.mark.usefixtures("newer_wording")
def test_consent_to_the_new_wording_closes_the_old_one(charlie: User) -> None:
    old = give_consent(charlie, version=1)
    new = grant_consent(user=charlie, purpose=AI, version=2)
    old.refresh_from_db()
    assert old.withdrawn_at is not None
    assert live_consent(charlie.pk, AI) == new


def test_a_purpose_nobody_asks_for_has_no_live_consent(charlie: User) -> None:
    assert live_consent(charlie.pk, "advertising") is None


def test_it_is_told_once(charlie: User, heard: list[DomainEvent]) -> None:
    grant_consent(user=charlie, purpose=AI, version=1)
    grant_consent(user=charlie, purpose=AI, version=1)
    withdraw_consent(user=charlie, purpose=AI)
    withdraw_consent(user=charlie, purpose=AI)
    assert heard == [ConsentGranted(charlie.pk, AI, 1), ConsentWithdrawn(charlie.pk, AI, 1)]


@pytest.mark.django_db(transaction=True)
def test_giving_many_times_at_once_gives_one(charlie: User) -> None:
    given = set(at_once(6, lambda _: grant_consent(user=charlie, purpose=AI, version=1)))
    assert len(given) == 1
    assert Consent.objects.count() == 1


def test_the_table_refuses_two_live_ones_and_a_withdrawal_before_the_gift(charlie: User) -> None:
    given = give_consent(charlie)
    with pytest.raises(IntegrityError), transaction.atomic():
        give_consent(charlie)
    with pytest.raises(IntegrityError), transaction.atomic():
        Consent.objects.filter(pk=given.pk).update(withdrawn_at="2001-01-01T00:00:00Z")
