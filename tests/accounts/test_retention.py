"""What was kept long enough goes, to the second, piece by piece, and nothing else does."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session as BrowserSession
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import transaction
from django.db.models import QuerySet
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Deletion, Export, SecurityEvent, SignIn, User
from accounts.services.exports import KEPT, export_file
from accounts.services.revocation import revoke_tokens
from consciousness.models import Message
from tests.factories.accounts import make_sign_in, make_user
from tests.factories.everything import make_everything
from tests.threads import at_once
from timetravelers.kit import expiry
from timetravelers.kit.catalogue import table_of, tables
from timetravelers.kit.clock import now
from timetravelers.kit.expiry import jobs, run_job
from timetravelers.kit.models import IdempotentAnswer
from timetravelers.kit.retention import After
from timetravelers.kit.tasks import apply_retention, expire

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)
YEAR = 365 * DAY
BY_THE_CLOCK = {
    job.name: table.model
    for table in tables()
    for job in jobs().values()
    if isinstance(job.retention, After) and job.name == table.label
}


@pytest.fixture
def noon(monkeypatch: pytest.MonkeyPatch) -> datetime:
    """The moment at which jobs run; it stands still."""
    moment = now()
    monkeypatch.setattr(expiry, "now", lambda: moment)
    return moment


@pytest.fixture
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(expiry, "PIECE", 2)


def events(*ages: timedelta, at: datetime) -> list[int]:
    """Security events of that age, newest key last."""
    made = SecurityEvent.objects.bulk_create(
        SecurityEvent(kind="tokens_revoked", reason="test", address_hash="aa", happened_at=at - age) for age in ages
    )
    return [event.pk for event in made]


def left() -> set[int]:
    return set(SecurityEvent.objects.values_list("pk", flat=True))


# Exactly what is past its time ----------------------------------------------------------------------------


@pytest.mark.django_db
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(-5, 5).map(lambda seconds: YEAR + seconds * SECOND) | st.timedeltas(timedelta(), 2 * YEAR)))
def test_what_is_past_its_time_goes_and_the_rest_stays(
    noon: datetime, small_pieces: None, ages: list[timedelta]
) -> None:
    keys = events(*ages, at=noon)
    young = {key for key, age in zip(keys, ages, strict=True) if age <= YEAR}
    assert run_job("accounts.securityevent") == len(keys) - len(young)
    assert left() == young
    assert run_job("accounts.securityevent") == 0
    assert left() == young
    SecurityEvent.objects.all().delete()


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(BY_THE_CLOCK))
def test_each_period_of_the_catalogue_is_kept_to_the_second(name: str, noon: datetime) -> None:
    make_everything("quokka")
    model, retention = BY_THE_CLOCK[name], jobs()[name].retention
    assert isinstance(retention, After)
    before = model._default_manager.count()
    _age(model, retention, noon - retention.age)
    assert run_job(name) == 0
    aged = _age(model, retention, noon - retention.age - _step(model, retention))
    assert (run_job(name), model._default_manager.count()) == (aged, before - aged)
    # Receipts come to be when somebody leaves, and have a test of their own.
    assert aged or name == "accounts.deletion"


def _step(model: Any, retention: After) -> timedelta:
    """The smallest time that can be told apart: a day where only days are kept."""
    kinds = {model._meta.get_field(column).get_internal_type() for column in retention.columns}
    return DAY if "DateField" in kinds else SECOND


def _age(model: Any, retention: After, moment: datetime) -> int:
    """Give every row that has a moment this one; how many rows that were."""
    rows = model._default_manager.filter(retention.only)
    there = {column: rows.filter(**{f"{column}__isnull": False}) for column in retention.columns}
    keys = {key for found in there.values() for key in found.values_list("pk", flat=True)}
    for column, found in there.items():
        found.update(**{column: moment})
    return len(keys)


@pytest.mark.django_db
def test_a_column_is_emptied_before_its_row_goes(noon: datetime) -> None:
    old, young = events(91 * DAY, 89 * DAY, at=noon)
    assert run_job("accounts.securityevent.address_hash") == 1
    assert dict(SecurityEvent.objects.values_list("pk", "address_hash")) == {old: "", young: "aa"}
    assert run_job("accounts.securityevent.address_hash") == 0


@pytest.mark.django_db
def test_sign_ins_that_nothing_can_come_of_are_forgotten(alice: User) -> None:
    ancient = now().replace(year=2020)
    make_sign_in(alice, created_at=ancient, last_seen_at=ancient)
    make_sign_in(alice, created_at=ancient, ended_at=ancient, session_key="")
    kept = {make_sign_in(alice), make_sign_in(alice, ended_at=now(), session_key="")}
    assert run_job("accounts.signin") == 2
    assert set(SignIn.objects.all()) == kept


@pytest.mark.django_db
def test_the_record_of_a_theft_stays_for_a_year(alice: User) -> None:
    revoke_tokens(alice, "old")
    SecurityEvent.objects.update(happened_at=now() - YEAR - DAY)
    revoke_tokens(alice, "new")
    assert run_job("accounts.securityevent") == 1
    assert SecurityEvent.objects.get().reason == "new"


@pytest.mark.django_db
def test_browsers_sessions_end_with_their_time(noon: datetime) -> None:
    for number, seconds in enumerate((-1, 0, 1)):
        BrowserSession.objects.create(session_key=f"k{number}", expire_date=noon + seconds * SECOND)
    assert run_job("sessions.session") == 1
    assert set(BrowserSession.objects.values_list("session_key", flat=True)) == {"k1", "k2"}


@pytest.mark.django_db
def test_what_is_settled_is_emptied_and_what_is_not_stays() -> None:
    files = [{"storage": "default", "name": "x", "label": ""}]
    done = _deletion(state="completed", files=files, erased_at=now(), completed_at=now(), receipt="a")
    under_way = _deletion(state="erased", files=files, erased_at=now(), receipt="b")
    assert run_job("accounts.deletion.files") == 1
    assert [Deletion.objects.get(pk=one.pk).files for one in (done, under_way)] == [[], files]


def _deletion(**facts: Any) -> Deletion:
    return Deletion.objects.create(requested_at=now(), **facts)


@pytest.mark.django_db
def test_a_receipt_goes_with_what_hangs_on_it(noon: datetime) -> None:
    old, young = (
        _deletion(state="completed", erased_at=noon, completed_at=noon - 3 * YEAR - age, receipt=str(age))
        for age in (SECOND, -SECOND)
    )
    for one in (old, young):
        one.duties.create(kind="manus_task", digest="d", state="done", due_at=noon)
    unfinished = _deletion(state="requested", receipt="c")
    assert run_job("accounts.deletion") == 1
    assert set(Deletion.objects.all()) == {young, unfinished}
    assert young.duties.count() == 1


@pytest.mark.django_db
def test_files_of_copies_go_after_their_week(alice: User) -> None:
    export = Export.objects.create(
        user=alice, state="ready", due_at=now(), bytes=3, ready_at=now() - KEPT, expires_at=now() - SECOND
    )
    storages["exports"].save(export_file(export.uid), ContentFile(b"zip"))
    assert run_job("accounts.export:files") == 1
    assert not storages["exports"].exists(export_file(export.uid))
    assert Export.objects.get().state == "expired"


@pytest.mark.django_db
def test_accounts_that_nobody_confirmed_go(alice: User) -> None:
    assert run_job("accounts.user:unverified") == 0
    user = make_user("dora@example.org")
    EmailAddress.objects.filter(user=user).update(verified=False)
    User.objects.filter(pk=user.pk).update(created_at=now() - 400 * DAY)
    assert run_job("accounts.user:unverified") == 1
    assert User.objects.filter(pk=alice.pk).exists()


# Nothing is lost ------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_person_who_uses_the_app_loses_nothing_to_the_clock() -> None:
    user = make_everything("quokka")
    kept = {table.label: table.model._default_manager.count() for table in tables()}
    for name in jobs():
        run_job(name)
    assert {table.label: table.model._default_manager.count() for table in tables()} == kept
    assert Message.objects.get(session__user=user).text == "I am quokka."


@pytest.mark.django_db
def test_what_lasts_with_the_account_is_no_business_of_the_clock() -> None:
    table = table_of(Message)
    assert table is not None
    assert not any(name.startswith(table.label) for name in jobs())


@pytest.mark.django_db
def test_a_job_that_is_killed_has_done_whole_pieces_and_the_next_goes_on(
    noon: datetime, small_pieces: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = events(*[YEAR + DAY] * 7, timedelta(), at=noon)
    delete, calls = QuerySet.delete, iter(range(10))

    def killed_in_the_second_piece(rows: Any) -> Any:
        done = delete(rows)
        if next(calls) == 1:
            raise KeyboardInterrupt
        return done

    with monkeypatch.context() as patch:
        patch.setattr(QuerySet, "delete", killed_in_the_second_piece)
        with pytest.raises(KeyboardInterrupt):
            run_job("accounts.securityevent")
    assert left() == set(keys[2:])
    assert run_job("accounts.securityevent") == 5
    assert left() == {keys[-1]}


@pytest.mark.django_db
def test_one_run_does_so_much_and_the_next_the_rest(
    noon: datetime, small_pieces: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(expiry, "MOST_PIECES", 2)
    events(*[YEAR + DAY] * 5, at=noon)
    assert [run_job("accounts.securityevent") for _ in range(3)] == [4, 1, 0]


@pytest.mark.django_db(transaction=True)
def test_a_row_that_somebody_holds_is_left_for_the_next_run() -> None:
    held, free = events(YEAR + DAY, YEAR + DAY, at=now())
    with transaction.atomic():
        SecurityEvent.objects.select_for_update().get(pk=held)
        assert at_once(1, lambda _: run_job("accounts.securityevent")) == [1]
    assert left() == {held}
    assert free not in left()
    assert run_job("accounts.securityevent") == 1


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_do_the_work_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(expiry, "PIECE", 5)
    events(*[YEAR + DAY] * 60, DAY, at=now())
    done = at_once(3, lambda _: run_job("accounts.securityevent"))
    assert sum(number for number in done if isinstance(number, int)) == 60
    assert SecurityEvent.objects.count() == 1


# The one task ---------------------------------------------------------------------------------------------


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    names: list[str] = []
    monkeypatch.setattr(expire, "apply_async", lambda args, **_: names.extend(args))
    return names


def test_the_one_task_sends_every_job_on_its_way(sent: list[str]) -> None:
    assert apply_retention() == len(jobs())
    assert sent == list(jobs())


@pytest.mark.django_db
def test_a_job_of_another_version_does_nothing() -> None:
    assert expire("accounts.no_such_table") == 0


@pytest.mark.django_db
def test_answers_are_forgotten_after_a_day_and_the_admins_log_after_two_years(noon: datetime) -> None:
    make_everything("quokka")
    IdempotentAnswer.objects.update(created_at=noon - DAY - SECOND)
    LogEntry.objects.update(action_time=noon - 2 * YEAR - SECOND)
    assert (run_job("kit.idempotentanswer"), IdempotentAnswer.objects.count()) == (1, 0)
    assert run_job("admin.logentry") == 2
