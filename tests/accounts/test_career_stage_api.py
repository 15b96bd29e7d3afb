"""`/me/career-stage/`: derived from the rows, corrected by the person, and never from age."""

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.apps import apps
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.events import CareerStageCorrected
from accounts.models import CareerStageCorrection, Experience, Goal, GoalStatus, Profile, RelatedOccupation, User
from accounts.selectors import career_stage_of
from accounts.services import correct_career_stage, take_back_career_stage
from tests.actors import Api, ApiClient
from tests.factories.accounts import make_field, make_occupation
from tests.threads import at_once
from timetravelers.kit.clock import now
from timetravelers.kit.events import DomainEvent

pytestmark = pytest.mark.django_db

PATH = "/me/career-stage/"
AGE = re.compile(r"(^|_)(age|ages|aged|dob|birth\w*|born|birthday|year_of_birth|age_group)($|_)")


@pytest.fixture
def phone(charlie: User, api: Api) -> ApiClient:
    """Charlie's phone; Charlie has told nothing yet."""
    return api(charlie)


def work(user: User, years: int, code: str = "29-1141.00", **facts: Any) -> Experience:
    """A role that began so many years ago and goes on."""
    started = date(now().year - years, now().month, 1)
    return Experience.objects.create(user=user, occupation=make_occupation(code, code), started=started, **facts)


def test_who_told_nothing_is_at_the_beginning(phone: ApiClient) -> None:
    body = phone.get(PATH).json()
    assert (body["stage"], body["recycling"], body["source"], body["stated_at"]) == ("growth", False, "derived", None)
    assert body["derived"]["confidence"] == 0.0
    assert [reason["code"] for reason in body["derived"]["reasons"]] == ["open"]


def test_the_stage_follows_experience_and_goals(phone: ApiClient, charlie: User) -> None:
    work(charlie, 12)
    assert phone.get(PATH).json()["stage"] == "maintenance"
    goal = Goal.objects.create(user=charlie, occupation=make_occupation("15-2051.00"))
    body = phone.get(PATH).json()
    assert (body["stage"], body["recycling"]) == ("exploration", True)
    assert body["derived"]["confidence"] == 0.9
    Goal.objects.filter(pk=goal.pk).update(status=GoalStatus.DROPPED)
    assert phone.get(PATH).json()["stage"] == "maintenance"


def test_the_target_of_the_profile_is_a_goal_too(phone: ApiClient, charlie: User) -> None:
    work(charlie, 12)
    make_occupation("15-2051.00")
    phone.patch("/me/", {"target_occupation": "15-2051.00"})
    assert phone.get(PATH).json()["stage"] == "exploration"


def test_a_goal_that_is_only_a_field_counts(phone: ApiClient, charlie: User) -> None:
    work(charlie, 12)
    Goal.objects.create(user=charlie, field=make_field("15-0000"))
    assert phone.get(PATH).json()["stage"] == "exploration"


def test_neighbours_in_the_taxonomy_are_one_line_in_either_direction(phone: ApiClient, charlie: User) -> None:
    work(charlie, 12, "15-1252.00")
    Goal.objects.create(user=charlie, occupation=make_occupation("11-3021.00"))
    assert phone.get(PATH).json()["stage"] == "exploration"
    RelatedOccupation.objects.create(
        occupation=make_occupation("11-3021.00"), related=make_occupation("15-1252.00"), tier="primary-long"
    )
    assert phone.get(PATH).json()["stage"] == "maintenance"


def test_the_month_a_role_ended_in_was_worked(phone: ApiClient, charlie: User) -> None:
    role = work(charlie, 5)
    Experience.objects.filter(pk=role.pk).update(
        ended=date(role.started.year + 1, 12, 1), started=date(role.started.year, 1, 1)
    )
    assert phone.get(PATH).json()["stage"] == "establishment"


def test_stated_years_and_the_headline_count(phone: ApiClient, charlie: User) -> None:
    Profile.objects.create(user=charlie, years_experience=5)
    assert phone.get(PATH).json()["stage"] == "establishment"
    Profile.objects.filter(user=charlie).update(headline="Retired teacher")
    assert phone.get(PATH).json()["stage"] == "disengagement"


def test_the_persons_own_word_wins_and_is_shown_as_such(phone: ApiClient, charlie: User) -> None:
    work(charlie, 12)
    answer = phone.put(PATH, {"stage": "establishment", "recycling": True})
    assert answer.status_code == 200
    body = phone.get(PATH).json()
    assert body == answer.json()
    assert (body["stage"], body["recycling"], body["source"]) == ("establishment", True, "stated")
    assert body["stated_at"] is not None
    assert body["derived"]["stage"] == "maintenance"


def test_new_evidence_leaves_a_correction_standing(phone: ApiClient, charlie: User) -> None:
    phone.put(PATH, {"stage": "growth"})
    work(charlie, 12)
    body = phone.get(PATH).json()
    assert (body["stage"], body["derived"]["stage"]) == ("growth", "maintenance")


def test_a_correction_can_be_corrected_and_taken_back(phone: ApiClient) -> None:
    phone.put(PATH, {"stage": "establishment", "recycling": True})
    assert phone.put(PATH, {"stage": "maintenance"}).json()["recycling"] is False
    for _ in range(2):
        assert phone.delete(PATH).status_code == 204
    body = phone.get(PATH).json()
    assert (body["stage"], body["source"]) == ("growth", "derived")


def test_corrections_are_told(charlie: User, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[DomainEvent] = []
    monkeypatch.setattr("accounts.services.career_stage.publish", told.append)
    correct_career_stage(user=charlie, stage="growth", recycling=False)
    for _ in range(2):
        take_back_career_stage(user=charlie)
    assert told == [CareerStageCorrected(charlie.pk, "growth"), CareerStageCorrected(charlie.pk, "")]


def test_what_one_person_says_changes_nothing_for_another(alice: User, bob: User, api: Api) -> None:
    before = api(bob).get(PATH).json()
    api(alice).put(PATH, {"stage": "growth"})
    work(alice, 20)
    assert api(bob).get(PATH).json() == before
    api(bob).delete(PATH)
    assert api(alice).get(PATH).json()["source"] == "stated"


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_nobody_gets_401(api: Api, db: None, method: str) -> None:
    assert api(None).send(method, PATH, {"stage": "growth"}).status_code == 401
    assert not CareerStageCorrection.objects.exists()


@pytest.mark.parametrize(
    ("body", "pointer", "code"),
    [
        ({}, "/stage", "required"),
        ({"stage": None}, "/stage", "null"),
        ({"stage": ""}, "/stage", "invalid_choice"),
        ({"stage": "Growth"}, "/stage", "invalid_choice"),
        ({"stage": ["growth"]}, "/stage", "invalid_choice"),
        ({"stage": {"growth": 1}}, "/stage", "invalid_choice"),
        ({"stage": 1}, "/stage", "invalid_choice"),
        ({"stage": "growth", "recycling": "yes"}, "/recycling", "invalid"),
        ({"stage": "growth", "recycling": 1}, "/recycling", "invalid"),
        ({"stage": "growth", "recycling": {}}, "/recycling", "invalid"),
        ({"stage": "growth", "recycling": None}, "/recycling", "null"),
        ({"stage": "growth", "age": 30}, "/age", "unknown"),
        ({"stage": "growth", "source": "derived"}, "/source", "unknown"),
    ],
)
def test_a_wrong_correction_is_refused(phone: ApiClient, body: Any, pointer: str, code: str) -> None:
    refused = phone.put(PATH, body)
    assert refused.status_code == 422
    assert (pointer, code) in [(error["pointer"], error["code"]) for error in refused.json()["errors"]]
    assert not CareerStageCorrection.objects.exists()


def test_the_table_refuses_a_stage_that_is_none(charlie: User) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        CareerStageCorrection.objects.create(user=charlie, stage="retirement", recycling=False, stated_at=now())


@pytest.mark.django_db(transaction=True)
def test_corrections_at_once_leave_one(charlie: User) -> None:
    stages = ["growth", "exploration", "establishment", "maintenance"]
    answers = at_once(4, lambda number: ApiClient(charlie).put(PATH, {"stage": stages[number]}).status_code)
    assert answers == [200] * 4
    assert CareerStageCorrection.objects.filter(user=charlie).count() == 1


def test_much_evidence_takes_as_many_queries_as_little(charlie: User) -> None:
    work(charlie, 3)
    Goal.objects.create(user=charlie, occupation=make_occupation("15-2051.00"))
    with CaptureQueriesContext(connection) as few:
        career_stage_of(charlie.pk)
    for number in range(20):
        work(charlie, number, f"{11 + 2 * number}-1000.00")
        Goal.objects.create(user=charlie, occupation=make_occupation(f"{11 + 2 * number}-2000.00"))
    with CaptureQueriesContext(connection) as many:
        career_stage_of(charlie.pk)
    assert len(many) == len(few) == 5


def test_no_age_or_date_of_birth_is_stored_anywhere() -> None:
    rooms = [app for app in apps.get_app_configs() if Path(app.path).parent == settings.BASE_DIR]
    assert "accounts" in {app.label for app in rooms}
    names = [field.name for app in rooms for model in app.get_models() for field in model._meta.get_fields()]
    assert "years_experience" in names
    assert [name for name in names if AGE.search(name)] == []


def test_no_age_or_date_of_birth_is_asked_anywhere() -> None:
    described = yaml.safe_load((settings.BASE_DIR / "docs" / "openapi.yaml").read_text(encoding="utf-8"))
    names = sorted(property_names(described))
    assert "years_experience" in names
    assert [name for name in names if AGE.search(name)] == []


def property_names(described: Any) -> set[str]:
    """The names of all properties in all schemas, and of all parameters."""
    if isinstance(described, list):
        return {name for each in described for name in property_names(each)}
    if not isinstance(described, dict):
        return set()
    own = set(described["properties"]) if isinstance(described.get("properties"), dict) else set()
    if isinstance(described.get("name"), str):
        own.add(described["name"])
    return own | {name for each in described.values() for name in property_names(each)}


@pytest.mark.parametrize("name", ["age", "birth_date", "date_of_birth", "birthday", "dob", "birthdate"])
def test_the_names_that_give_an_age_away_are_found(name: str) -> None:
    assert AGE.search(name)
    assert not AGE.search("language")
