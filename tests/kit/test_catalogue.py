"""Tags, what may leave, and messages that can only take up what may: flipping a tag is all it takes."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import FieldDoesNotExist
from django.db import connection
from django.db.models import Q, QuerySet
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Experience, Profile, User, UserSkill
from consciousness.models import Session
from missions.models import Mission
from tests.factories.accounts import give_skill, make_experience, make_profile, make_user
from timetravelers.kit import catalogue, disclosure
from timetravelers.kit.catalogue import Table, may_leave, table_of
from timetravelers.kit.disclosure import Disclosure, Telling
from timetravelers.kit.retention import WITH_ACCOUNT, Settled, after, past, spoken
from timetravelers.kit.tags import AI_PROVIDER, NEVER, Category, Purpose, held, secret, stamped, tag, technical

CONSENTED = {AI_PROVIDER}
Flip = Callable[..., None]


@pytest.fixture
def flip(monkeypatch: pytest.MonkeyPatch) -> Flip:
    """Say something else of one column, for one test."""

    def flipped(model: type, column: str, **said: object) -> None:
        table = table_of(model)
        assert table is not None
        changed: Any = said
        columns = [replace(one, **changed) if one.name == column else one for one in table.columns]
        monkeypatch.setitem(catalogue._tables, model, replace(table, columns=columns))

    return flipped


# Tags ------------------------------------------------------------------------------------------------------


def test_a_tag_says_what_the_copy_reads() -> None:
    assert tag("bio", Category.PROFILE, Purpose.ACCOUNT).copy == (("bio", "bio"),)
    assert tag("skill", Category.CAREER, Purpose.MATCHING, copy="skill__key").copy == (("skill", "skill__key"),)
    several = tag("template", Category.PROGRESS, Purpose.PROGRESS, copy={"slug": "template__slug", "v": "template__v"})
    assert several.copy == (("slug", "template__slug"), ("v", "template__v"))
    assert [one.copy for one in stamped("uid", turn="turn__uid")] == [(("uid", "uid"),), (("turn", "turn__uid"),)]


def test_what_is_held_secret_or_technical_is_in_no_copy_and_never_leaves() -> None:
    for one in (held("x", Category.CAREER, Purpose.MATCHING), secret("x"), *technical("x", "y")):
        assert (one.copied, one.leaves) == (False, NEVER)


def test_keys_are_stable_words_and_unique() -> None:
    for kind in (Category, Purpose):
        keys = [one.key for one in kind]
        assert len(set(keys)) == len(keys)
        assert all(key == one.name.lower() for key, one in zip(keys, kind, strict=True))


# May it leave? --------------------------------------------------------------------------------------------


def test_a_column_leaves_only_with_its_consent() -> None:
    assert may_leave(Profile, "weekly_hours", CONSENTED)
    assert may_leave(Profile, "weekly_hours", {"analytics", AI_PROVIDER})
    for none in (set(), {"analytics"}, {NEVER}, {"ai"}):
        assert not may_leave(Profile, "weekly_hours", none)


def test_what_is_never_to_leave_does_not_whatever_is_consented_to() -> None:
    for column in ("bio", "display_name", "picture", "user", "user_id"):
        assert not may_leave(Profile, column, {AI_PROVIDER, "analytics", "push", NEVER})


def test_a_lookup_is_as_private_as_its_most_private_step() -> None:
    assert may_leave(Profile, "target_occupation__title", CONSENTED)
    assert may_leave(UserSkill, "skill__name", CONSENTED)
    assert not may_leave(UserSkill, "user__email", CONSENTED)
    assert not may_leave(Session, "traveler__name", CONSENTED)
    assert may_leave(Mission, "template__title", CONSENTED)


def test_what_leaves_as_a_figure_does_not_leave_itself() -> None:
    assert not may_leave(Experience, "started", CONSENTED)
    assert may_leave(Experience, "started", CONSENTED, worked_out=True)
    assert not may_leave(Experience, "started", set(), worked_out=True)
    assert not may_leave(Experience, "employer", CONSENTED, worked_out=True)


def test_a_column_that_is_not_there_is_an_error() -> None:
    with pytest.raises(FieldDoesNotExist):
        may_leave(Profile, "shoe_size", CONSENTED)


@pytest.mark.parametrize("said", [{"leaves": NEVER}, {"special": True}, {"secret": True}, {"leaves": "analytics"}])
def test_a_flipped_tag_keeps_it_in(flip: Flip, said: dict[str, object]) -> None:
    flip(Profile, "weekly_hours", **said)
    assert not may_leave(Profile, "weekly_hours", CONSENTED)


def test_what_nobody_tagged_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    others = {model: table for model, table in catalogue._tables.items() if model is not Profile}
    monkeypatch.setattr(catalogue, "_tables", others)
    assert not may_leave(Profile, "weekly_hours", CONSENTED)


# Telling --------------------------------------------------------------------------------------------------

HOURS = Disclosure(Profile, ("weekly_hours", "target_occupation__title"), worked_out=False)
STARTED = Disclosure(Experience, ("started",), worked_out=True)


@pytest.fixture
def person() -> User:
    user = make_user("someone@example.org")
    make_profile(user, weekly_hours=6, target_occupation=None)
    return user


def profile_of(user: User) -> "QuerySet[Profile]":
    return Profile.objects.filter(user=user)


@pytest.mark.django_db
def test_a_telling_reads_what_may_leave_and_notes_what_kind_it_was(person: User) -> None:
    telling = Telling(CONSENTED)
    assert telling.read(HOURS, profile_of(person)) == [{"weekly_hours": 6, "target_occupation__title": None}]
    assert telling.categories == {Category.PROFILE}
    assert telling.take(lambda: "three years", STARTED) == "three years"
    assert telling.categories == {Category.PROFILE, Category.CAREER}


@pytest.mark.django_db
def test_without_consent_not_even_a_query_is_made(person: User) -> None:
    telling = Telling(())
    with CaptureQueriesContext(connection) as queries:
        assert telling.read(HOURS, profile_of(person)) == []
        assert telling.take(lambda: pytest.fail("it was worked out"), STARTED) is None
    assert (len(queries), telling.categories) == (0, set())


@pytest.mark.django_db
def test_a_column_that_may_not_leave_is_not_read(person: User, flip: Flip) -> None:
    flip(Profile, "weekly_hours", leaves=NEVER)
    telling = Telling(CONSENTED)
    with CaptureQueriesContext(connection) as queries:
        told = telling.read(HOURS, profile_of(person))
    assert told == [{"weekly_hours": None, "target_occupation__title": None}]
    assert not any("weekly_hours" in query["sql"] for query in queries)
    assert telling.categories == set()


@pytest.mark.django_db
def test_rows_stay_in_their_order_and_nothing_else_comes_along(person: User) -> None:
    for key, level in (("python", 2), ("sql", 5), ("statistics", 3)):
        give_skill(person, key, level)
    make_experience(person, employer="a secret employer")
    skills = Disclosure(UserSkill, ("level",), worked_out=False)
    told = Telling(CONSENTED).read(skills, UserSkill.objects.filter(user=person).order_by("-level"))
    assert told == [{"level": 5}, {"level": 3}, {"level": 2}]


def test_what_is_told_is_declared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disclosure, "_disclosures", [])
    made = disclosure.discloses(Profile, "weekly_hours")
    assert disclosure.disclosures() == [made]
    assert made.category("weekly_hours") is Category.PROFILE


# Retention ------------------------------------------------------------------------------------------------

moments = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis adds the zone


@given(moments, st.timedeltas(timedelta(), timedelta(days=4000)))
def test_the_moment_of_an_end_is_exact(moment: datetime, age: timedelta) -> None:
    over = after(age, "ended_at", "created_at", since="then").over(moment)
    ended, created = Q(ended_at__lt=moment - age), Q(created_at__lt=moment - age)
    assert over == (Q(pk__in=[]) | ended | created) & Q()


def test_periods_say_themselves_in_words() -> None:
    day = timedelta(days=1)
    assert after(90 * day, "x", since="it happened").words == "for 90 days after it happened"
    assert past("x", "until then").words == "until then"
    said = [spoken(one) for one in (day / 24, day, 2 * day, 90 * day, 365 * day, 1095 * day)]
    assert said == ["1 hour", "24 hours", "2 days", "90 days", "1 year", "3 years"]


def test_only_clocks_and_settlements_need_a_job() -> None:
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    assert WITH_ACCOUNT.over(moment) is None
    assert Settled(words="until then", done=Q(state="done")).over(moment) == Q(state="done")


def test_a_table_knows_its_columns() -> None:
    table = table_of(Profile)
    assert isinstance(table, Table)
    assert table.tag("no_such") is None
    assert dict(table.copy)["target_occupation"] == "target_occupation__code"
