"""Leaving: what is shut at once, what is erased, what is owed elsewhere, and the receipt that tells."""

from datetime import timedelta
from time import monotonic
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.core.files.storage import storages
from pytest_django import DjangoAssertNumQueries

from accounts.authentication import accounts
from accounts.models import Deletion, ErasureDuty, RoleChange, SecurityEvent, SignIn, User
from accounts.services import duties as duties_service
from accounts.services.duties import NotYet, _performers, add_duties, due_duties, perform_duty, performs
from accounts.services.erasure import advance_deletion, request_deletion, unfinished_deletions
from accounts.services.exports import request_export
from accounts.tasks import advance_account_deletion, perform_erasure_duty, sweep_deletions
from consciousness.models import Turn
from consciousness.services.messages import say
from tests.accounts.leaving import duties, leave, places_holding
from tests.actors import Api
from tests.factories.accounts import PASSWORD, give_consent
from tests.factories.everything import make_everything
from tests.factories.mentors import make_account
from tests.factories.sessions import make_session
from tests.threads import at_once
from timetravelers.kit import personal
from timetravelers.kit.catalogue import Fate
from timetravelers.kit.clock import now
from timetravelers.kit.errors import NotFound

pytestmark = pytest.mark.django_db

WORD = "zanzibarquokka"


@pytest.fixture(autouse=True)
def _performers_as_they_were(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a test has performed by its own means is performed by the house's in the next."""
    monkeypatch.setattr("accounts.services.duties._performers", dict(_performers))


@pytest.fixture
def quokka() -> User:
    """Somebody with rows everywhere."""
    return make_everything(WORD)


# Through the front door -----------------------------------------------------------------------------------


def test_a_person_leaves_by_phone(quokka: User, api: Api) -> None:
    phone = api(quokka)
    asked = phone.post("/me/deletion/", {})
    assert (asked.status_code, asked.json()["state"]) == (202, "requested")
    accounts.clear()
    assert phone.get("/me/").status_code == 401
    receipt = asked.json()["receipt"]
    assert receipt not in str(Deletion.objects.values_list())
    advance_account_deletion(str(Deletion.objects.get().uid))
    shown = api(None).get(f"/deletions/{receipt}/")
    assert (shown.status_code, shown.json()["state"]) == (200, "erased")
    assert shown.json()["rows"]["delete"]["consciousness.message"] == 1
    assert shown.json()["elsewhere"] == [{"kind": "manus_task", "state": "queued", "number": 2}]
    assert WORD not in shown.content.decode()


def test_it_wants_a_person_who_has_just_signed_in(alice: User, api: Api) -> None:
    phone = api(alice)
    SignIn.objects.update(authenticated_at=now() - timedelta(minutes=6))
    refused = phone.post("/me/deletion/", {})
    assert (refused.status_code, refused.json()["code"]) == (403, "step_up_required")
    assert not Deletion.objects.exists()
    assert phone.get("/me/").status_code == 200


def test_a_request_sent_twice_deletes_once(alice: User, api: Api) -> None:
    phone = api(alice)
    first, second = (phone.post("/me/deletion/", {}, Idempotency_Key="k") for _ in range(2))
    assert (first.status_code, first.json()) == (202, second.json())
    accounts.clear()
    assert phone.post("/me/deletion/", {}, Idempotency_Key="k").status_code == 401
    assert Deletion.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_phones_that_ask_at_once_one_deletes(alice: User) -> None:
    asked = at_once(2, lambda _: request_deletion(user=alice))
    assert sorted(isinstance(answer, NotFound) for answer in asked) == [False, True]
    assert Deletion.objects.count() == 1
    assert SecurityEvent.objects.filter(reason="deletion").count() == 1


def test_a_phone_that_has_not_noticed_yet_changes_nothing(alice: User, api: Api) -> None:
    phone = api(alice)
    assert phone.get("/me/").status_code == 200
    held = dict(accounts._rows)
    leave(alice)
    accounts._rows.update({uid: (monotonic(), user) for uid, (_, user) in held.items()})
    answers = [
        phone.patch("/me/", {"headline": "still here"}),
        phone.post("/me/education/", {"institution": "Night School", "level": "master"}),
        phone.post("/me/learning-assessments/"),
        phone.post("/consents/", {"purpose": "ai_provider", "version": 1}),
    ]
    assert {answer.status_code for answer in answers} <= {401, 404}, [answer.content for answer in answers]


@pytest.mark.parametrize("receipt", ["x", "A" * 43, "%00", "..", "x" * 3000])
def test_a_receipt_nobody_was_given_shows_nothing(receipt: str, alice: User, api: Api) -> None:
    leave(alice)
    assert api(None).get(f"/deletions/{receipt}/").status_code == 404


@pytest.mark.parametrize("body", [{"apple_authorization_code": 5}, {"apple_authorization_code": "x" * 1001}, {"a": 1}])
def test_a_wrong_body_deletes_nobody(alice: User, api: Api, body: Any) -> None:
    assert api(alice).post("/me/deletion/", body).status_code == 422
    assert not Deletion.objects.exists()


def test_the_address_is_free_again_and_the_password_is_worth_nothing(quokka: User, api: Api) -> None:
    login = {"email": f"{WORD}@example.org", "password": PASSWORD}
    request_deletion(user=quokka)
    assert api(None).post("/_allauth/app/v1/auth/login", login).status_code in (400, 401, 403)
    advance_deletion(Deletion.objects.get().uid)
    assert api(None).post("/_allauth/app/v1/auth/login", login).status_code == 400
    again = api(None).post("/_allauth/app/v1/auth/signup", {"email": login["email"], "password": "other otters 77"})
    assert again.status_code == 401  # an address to be verified, as for everybody new
    assert User.objects.get(email=login["email"]).pk != quokka.pk


# What is gone ---------------------------------------------------------------------------------------------


def test_no_row_holds_a_word_of_theirs(quokka: User) -> None:
    before = places_holding(WORD)
    assert {"accounts_user", "consciousness_message", "consciousness_sessionevent", "missions_evidence"} <= {*before}
    assert "kit_idempotentanswer" in before
    deletion = leave(quokka)
    assert places_holding(WORD) == []
    assert places_holding(str(quokka.uid)) == []
    for rule in personal.rules():
        assert not rule.rows(quokka.pk).exists(), rule.label
    assert deletion.user_id is None


def test_what_is_owed_elsewhere_is_sealed_until_it_is_done(quokka: User) -> None:
    leave(quokka)
    assert ErasureDuty.objects.filter(state="queued").count() == 2
    assert places_holding(f"task-of-{WORD}") == []


def test_others_lose_nothing(quokka: User) -> None:
    other = make_everything("otherperson")
    mine = {rule.label + rule.path: rule.rows(other.pk).count() for rule in personal.rules()}
    leave(quokka)
    assert {rule.label + rule.path: rule.rows(other.pk).count() for rule in personal.rules()} == mine


def test_the_receipt_counts_what_was_there(quokka: User) -> None:
    expected = {rule.label: 0 for rule in personal.rules() if rule.fate is Fate.DELETE}
    for rule in personal.rules():
        if rule.fate is Fate.DELETE:
            expected[rule.label] += rule.rows(quokka.pk).count()
    # These end at once, with the sign-ins; what is left of them is gone with the rest.
    counts = leave(quokka).counts["delete"]
    expected["sessions.session"] -= 1
    # This becomes a duty when the account is shut.
    expected["consciousness.filecopy"] -= 1
    assert counts == expected


def test_files_are_gone_too(quokka: User) -> None:
    request_export(user=quokka)
    stored = list(personal.stored_files(quokka.pk))
    assert len(stored) == 6
    assert sum(storages[file.storage].exists(file.name) for file in stored) == 5
    deletion = leave(quokka)
    assert not any(storages[file.storage].exists(file.name) for file in stored)
    assert (deletion.files, deletion.files_deleted) == ([], 6)


def test_what_is_kept_names_nobody(quokka: User) -> None:
    leave(quokka)
    assert SecurityEvent.objects.filter(user__isnull=False).count() == 0
    assert SecurityEvent.objects.filter(reason="deletion").count() == 1
    assert RoleChange.objects.get().actor is None
    quoted, acted = LogEntry.objects.order_by("id")
    assert (quoted.object_repr, quoted.change_message) == ("", "")
    assert (acted.object_repr, acted.user.email, acted.user.is_active) == (
        "somebody",
        "former-staff@deleted.invalid",
        False,
    )


# Workers that die -----------------------------------------------------------------------------------------


def test_the_sweep_finds_what_nobody_moved_on(alice: User) -> None:
    deletion = request_deletion(user=alice).deletion
    assert unfinished_deletions() == [deletion.uid]
    assert sweep_deletions() == 1
    advance_account_deletion(str(deletion.uid))
    deletion.refresh_from_db()
    assert deletion.state == Deletion.State.COMPLETED
    assert unfinished_deletions() == []


def test_an_erasure_that_fails_half_way_changes_nothing_and_is_done_later(
    quokka: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    deletion = request_deletion(user=quokka).deletion
    with monkeypatch.context() as patch:
        patch.setattr(Deletion, "save", _killed)
        with pytest.raises(KeyboardInterrupt):
            advance_deletion(deletion.uid)
    assert User.objects.filter(pk=quokka.pk).exists()
    assert "missions_evidence" in places_holding(WORD)
    advance_deletion(deletion.uid)
    assert places_holding(WORD) == []


def test_files_that_were_not_deleted_in_time_are_deleted_later(quokka: User, monkeypatch: pytest.MonkeyPatch) -> None:
    deletion = request_deletion(user=quokka).deletion
    with monkeypatch.context() as patch:
        patch.setattr("accounts.services.erasure._finish", _killed)
        with pytest.raises(KeyboardInterrupt):
            advance_deletion(deletion.uid)
    deletion.refresh_from_db()
    assert (deletion.state, len(deletion.files)) == (Deletion.State.ERASED, 5)
    ErasureDuty.objects.update(state="done", reference="")
    assert unfinished_deletions() == [deletion.uid]
    advance_deletion(deletion.uid)
    deletion.refresh_from_db()
    assert (deletion.state, deletion.files, deletion.files_deleted) == (Deletion.State.COMPLETED, [], 5)


def _killed(*_: Any, **__: Any) -> None:
    raise KeyboardInterrupt


@pytest.mark.django_db(transaction=True)
def test_many_workers_at_once_erase_once() -> None:
    user = make_everything(WORD)
    deletion = request_deletion(user=user).deletion
    at_once(4, lambda _: advance_deletion(deletion.uid))
    advance_deletion(deletion.uid)
    deletion.refresh_from_db()
    assert deletion.state == Deletion.State.ERASED
    assert deletion.counts["delete"]["missions.evidence"] == 1
    assert places_holding(WORD) == []


# What is owed elsewhere -----------------------------------------------------------------------------------


def test_nothing_more_is_sent_and_everything_sent_is_taken_back(alice: User) -> None:
    give_consent(alice)
    told = make_session(alice, provider_account=make_account(), provider_task="t1", former_tasks=["t0"])
    say(session=told.uid, actor=alice, text="hello", client_id="c1")
    unsure = make_session(alice)
    say(session=unsure.uid, actor=alice, text="hello", client_id="c1")
    Turn.objects.filter(session=unsure).update(state="sent", sent_at=now(), sends=1)
    request_deletion(user=alice)
    assert set(Turn.objects.values_list("state", flat=True)) == {"cancelled"}
    assert [kind for kind, _, _ in duties()] == ["manus_task", "manus_task", "manus_title"]
    advance_deletion(Deletion.objects.get().uid)
    assert len(duties()) == 3


def test_duties_are_queued_together_and_each_once(
    alice: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    deletion = request_deletion(user=alice).deletion.uid
    with django_assert_num_queries(3):
        add_duties(deletion, "manus_file", ["1/b"])
    with django_assert_num_queries(3):
        add_duties(deletion, "manus_file", ["1/c", "1/b", "1/a"])
    told: list[str] = []
    performs("manus_file", told.append)
    for uid in due_duties():
        perform_duty(uid)
    assert sorted(told) == ["1/a", "1/b", "1/c"]


def test_a_duty_is_tried_until_it_succeeds_and_completes_the_deletion(quokka: User) -> None:
    told: list[str] = []
    manus_is_down = True

    def perform(reference: str) -> None:
        if manus_is_down:
            raise NotYet("Manus: Unavailable")
        told.append(reference)

    performs("manus_task", perform)
    account = quokka.sessions.get().provider_account_id
    deletion = leave(quokka)
    for uid in due_duties():
        perform_duty(uid)
    assert {(state, note) for _, state, note in duties()} == {("queued", "Manus: Unavailable")}
    assert due_duties() == []
    manus_is_down = False
    ErasureDuty.objects.update(due_at=now())
    for uid in due_duties():
        perform_erasure_duty(str(uid))
    assert sorted(told) == [f"{account}/former-task-of-{WORD}", f"{account}/task-of-{WORD}"]
    assert {state for _, state, _ in duties()} == {"done"}
    assert set(ErasureDuty.objects.values_list("reference", flat=True)) == {""}
    advance_deletion(deletion.uid)
    deletion.refresh_from_db()
    assert deletion.state == Deletion.State.COMPLETED


def test_pauses_grow_and_end_in_giving_up(quokka: User, monkeypatch: pytest.MonkeyPatch) -> None:
    def perform(_reference: str) -> None:
        raise NotYet("Manus: Unavailable")

    performs("manus_task", perform)
    leave(quokka)
    uid = ErasureDuty.objects.values_list("uid", flat=True)[0]
    moment, pauses = now(), []
    monkeypatch.setattr(duties_service, "now", lambda: moment)
    for _ in range(12):
        ErasureDuty.objects.update(due_at=moment)
        perform_duty(uid)
        pauses.append((ErasureDuty.objects.get(uid=uid).due_at - moment).total_seconds())
    assert pauses == sorted(pauses)
    assert (pauses[0], pauses[-1]) == (30, 6 * 3600)
    ErasureDuty.objects.update(due_at=moment, created_at=moment - timedelta(days=8))
    perform_duty(uid)
    given_up = ErasureDuty.objects.get(uid=uid)
    assert (given_up.state, given_up.reference) == ("given_up", "")


def test_a_fault_of_ours_is_raised_and_given_up_in_the_end(quokka: User) -> None:
    def perform(_reference: str) -> None:
        raise RuntimeError("a secret")

    performs("manus_task", perform)
    leave(quokka)
    uid = ErasureDuty.objects.values_list("uid", flat=True)[0]
    with pytest.raises(RuntimeError):
        perform_duty(uid)
    postponed = ErasureDuty.objects.get(uid=uid)
    assert (postponed.state, postponed.note, postponed.attempts) == ("queued", "RuntimeError", 1)
    ErasureDuty.objects.update(due_at=now(), created_at=now() - timedelta(days=8))
    with pytest.raises(RuntimeError):
        perform_duty(uid)
    assert ErasureDuty.objects.get(uid=uid).state == "given_up"


def test_a_reference_that_cannot_be_read_any_more_is_given_up(quokka: User) -> None:
    leave(quokka)
    ErasureDuty.objects.update(reference="not sealed by us")
    for uid in due_duties():
        perform_duty(uid)
    assert {(state, note) for _, state, note in duties()} == {("given_up", "the reference cannot be read")}


@pytest.mark.django_db(transaction=True)
def test_two_workers_do_a_duty_once() -> None:
    told: list[str] = []
    performs("manus_task", told.append)
    leave(make_everything(WORD))
    uid = due_duties()[0]
    at_once(4, lambda _: perform_duty(uid))
    assert len(told) == 1
