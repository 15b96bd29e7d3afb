"""`/me/completion/`: what is there, what is missing, and what to tell next."""

from datetime import date
from itertools import permutations
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import AXES, Education, EducationLevel, Experience, Goal, GoalStatus, Profile, User, UserSkill
from accounts.selectors import completion_of
from tests.actors import Api, ApiClient
from tests.factories.accounts import give_consent, give_skill, make_field, make_occupation, make_user

pytestmark = pytest.mark.django_db

PATH = "/me/completion/"
EDITS: list[dict[str, Any]] = [
    {"display_name": "Cy", "goal": "Lead"},
    {"weekly_hours": 5, "goal_horizon_months": 12},
    {"learning_preferences": {AXES[0]: 0.5}},
    {"learning_preferences": {AXES[1]: 0, AXES[2]: -1}},
]


@pytest.fixture
def phone(charlie: User, api: Api) -> ApiClient:
    """Charlie's phone; Charlie has told nothing yet."""
    return api(charlie)


def section(body: Any, name: str) -> Any:
    return next(each for each in body["sections"] if each["section"] == name)


def names(parts: Any) -> list[str]:
    return [part["field"] for part in parts]


def fill(user: User) -> None:
    """Everything there is to tell."""
    Profile.objects.create(
        user=user,
        display_name="Cy",
        headline="Nurse",
        picture="p",
        languages=["en"],
        time_zone="Europe/Berlin",
        goal="Lead",
        goal_horizon_months=12,
        weekly_hours=5,
        availability=[{"day": "monday", "from": "18:00", "to": "20:00"}],
        target_occupation=make_occupation(),
        **dict.fromkeys(AXES, 0.0),
    )
    Experience.objects.create(user=user, title="Nurse", started=date(2020, 1, 1))
    Education.objects.create(user=user, institution="A school", level=EducationLevel.OTHER)
    for key in ("python", "sql", "writing", "speaking"):
        give_skill(user, key)
    give_consent(user)


def test_who_told_nothing_is_at_0_and_asked_for_a_target(phone: ApiClient) -> None:
    body = phone.get(PATH).json()
    assert body["percent"] == 0
    assert (body["next"]["field"], body["next"]["section"]) == ("target_occupation", "goals")
    assert body["next"]["improves"] == "expertise"
    assert body["next"]["reason"].endswith(".")
    assert [part for each in body["sections"] for part in each["present"]] == []
    assert sum(each["weight"] for each in body["sections"]) == 100


def test_who_told_everything_is_at_100_and_asked_for_nothing(phone: ApiClient, charlie: User) -> None:
    fill(charlie)
    body = phone.get(PATH).json()
    assert [part for each in body["sections"] for part in each["missing"]] == []
    assert (body["percent"], body["next"]) == (100, None)


def test_a_section_says_what_is_there_and_what_is_missing(phone: ApiClient, charlie: User) -> None:
    phone.patch("/me/", {"display_name": "Cy"})
    give_skill(charlie)
    body = phone.get(PATH).json()
    identity = section(body, "identity")
    assert names(identity["present"]) == ["display_name"]
    assert names(identity["missing"]) == ["headline", "picture", "languages", "time_zone"]
    assert identity["percent"] == 33
    [skills] = section(body, "skills")["missing"]
    assert (skills["there"], skills["wanted"]) == (1, 4)


def test_goals_of_the_list_count_like_those_of_the_profile(phone: ApiClient, charlie: User) -> None:
    goal = Goal.objects.create(user=charlie, field=make_field(), horizon_months=6, motivation="To help")
    assert section(phone.get(PATH).json(), "goals")["percent"] == 100
    Goal.objects.filter(pk=goal.pk).update(status=GoalStatus.DROPPED)
    assert section(phone.get(PATH).json(), "goals")["percent"] == 0


def test_a_consent_that_was_taken_back_is_missing(phone: ApiClient, charlie: User) -> None:
    give_consent(charlie)
    assert section(phone.get(PATH).json(), "consent")["percent"] == 100
    phone.post("/consents/ai_provider/withdraw/")
    assert section(phone.get(PATH).json(), "consent")["percent"] == 0


def test_a_figure_of_zero_is_an_answer(phone: ApiClient) -> None:
    phone.patch("/me/", {"years_experience": 0, "learning_preferences": dict.fromkeys(AXES, 0)})
    body = phone.get(PATH).json()
    assert names(section(body, "experience")["present"]) == ["years_experience"]
    assert section(body, "learning_preferences")["percent"] == 100


def test_clearing_something_makes_it_missing_again(phone: ApiClient) -> None:
    phone.patch("/me/", {"display_name": "Cy"})
    phone.patch("/me/", {"display_name": ""})
    assert phone.get(PATH).json()["percent"] == 0


def test_the_order_of_edits_changes_nothing(api: Api, db: None) -> None:
    found = []
    for order in permutations(EDITS):
        phone = api(make_user())
        for edit in order:
            assert phone.patch("/me/", edit).status_code == 200
        found.append(phone.get(PATH).json())
    assert all(each == found[0] for each in found)
    assert found[0]["percent"] > 0


def test_what_others_told_does_not_count(alice: User, bob: User, api: Api) -> None:
    before = api(bob).get(PATH).json()
    give_skill(alice)
    Goal.objects.create(user=alice, field=make_field())
    Experience.objects.create(user=alice, title="Nurse", started=date(2020, 1, 1))
    give_consent(alice)
    assert api(bob).get(PATH).json() == before


def test_many_rows_take_as_many_queries_as_none(charlie: User) -> None:
    with CaptureQueriesContext(connection) as few:
        completion_of(charlie.pk)
    fill(charlie)
    for number in range(20):
        UserSkill.objects.create(user=charlie, name=f"skill {number}", level=1)
        Goal.objects.create(user=charlie, field=make_field())
    with CaptureQueriesContext(connection) as many:
        assert completion_of(charlie.pk).percent == 100
    assert len(many) == len(few) == 3


def test_nobody_gets_401(api: Api, db: None) -> None:
    assert api(None).get(PATH).status_code == 401


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_it_cannot_be_written(phone: ApiClient, method: str) -> None:
    assert phone.send(method, PATH, {"percent": 100}).status_code == 405
