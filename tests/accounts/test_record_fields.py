"""Goals, experience, education and skills: what each of them takes, and what it does not."""

from datetime import date
from typing import Any

import pytest
from django.db import DataError, IntegrityError, transaction

from accounts.models import (
    Education,
    EvidenceGrade,
    Experience,
    Goal,
    OccupationSkill,
    Profile,
    Record,
    User,
    UserSkill,
)
from accounts.services.skills import vouch_for_skill
from accounts.spans import latest_day
from consciousness.disclosure import person_told
from matching.people import person_of
from tests.actors import Api, ApiClient
from tests.factories.accounts import (
    give_skill,
    make_education,
    make_experience,
    make_field,
    make_goal,
    make_occupation,
    make_skill,
)
from timetravelers.kit.disclosure import Telling
from timetravelers.kit.errors import NotFound

pytestmark = pytest.mark.django_db

GOAL = {"occupation": "15-2051.00"}
WORK = {"title": "Analyst", "started": "2020-01"}
SCHOOL = {"institution": "Night School", "level": "certificate"}
SKILL = {"name": "Beekeeping", "level": 3}
NEXT_MONTH = f"{latest_day().year + (latest_day().month == 12)}-{latest_day().month % 12 + 1:02}"


@pytest.fixture(autouse=True)
def _taxonomy(db: None) -> None:
    make_occupation("15-2051.00", "Data Scientists")
    make_field("29-0000", "Healthcare")
    make_skill("python")


@pytest.fixture
def mine(alice: User, api: Api) -> ApiClient:
    return api(alice)


def refused(answer: Any) -> tuple[str, str]:
    assert answer.status_code == 422, answer.content
    first = answer.json()["errors"][0]
    return first["pointer"], first["code"]


@pytest.mark.parametrize(
    ("path", "body", "pointer", "code"),
    [
        ("goals", {}, "/occupation", "one_target"),
        ("goals", {"occupation": None, "field": None}, "/occupation", "one_target"),
        ("goals", {**GOAL, "field": "29-0000"}, "/occupation", "one_target"),
        ("goals", {"occupation": "99-9999.99"}, "/occupation", "unknown_occupation"),
        ("goals", {"occupation": "' OR 1=1"}, "/occupation", "unknown_occupation"),
        ("goals", {"field": "99-0000"}, "/field", "unknown_field"),
        ("goals", {"field": 29}, "/field", "invalid"),
        ("goals", {**GOAL, "horizon_months": 0}, "/horizon_months", "min_value"),
        ("goals", {**GOAL, "horizon_months": 241}, "/horizon_months", "max_value"),
        ("goals", {**GOAL, "horizon_months": "12"}, "/horizon_months", "invalid"),
        ("goals", {**GOAL, "motivation": "x" * 501}, "/motivation", "max_length"),
        ("goals", {**GOAL, "status": "won"}, "/status", "invalid_choice"),
        ("goals", {**GOAL, "status": True}, "/status", "invalid_choice"),
        ("goals", {**GOAL, "status": None}, "/status", "null"),
        ("experience", {"title": "Analyst"}, "/started", "required"),
        ("experience", {"started": "2020-01"}, "/title", "required"),
        ("experience", {"started": "2020-01", "title": " "}, "/title", "required"),
        ("experience", {**WORK, "started": "2020-13"}, "/started", "invalid"),
        ("experience", {**WORK, "started": "2020-1"}, "/started", "invalid"),
        ("experience", {**WORK, "started": "2020-01-05"}, "/started", "invalid"),
        ("experience", {**WORK, "started": "\u0662020-01"}, "/started", "invalid"),
        ("experience", {**WORK, "started": 202001}, "/started", "invalid"),
        ("experience", {**WORK, "started": None}, "/started", "null"),
        ("experience", {**WORK, "started": "1899-12"}, "/started", "min_value"),
        ("experience", {**WORK, "started": "0000-01"}, "/started", "min_value"),
        ("experience", {**WORK, "started": "9999-01"}, "/started", "future"),
        ("experience", {**WORK, "started": NEXT_MONTH}, "/started", "future"),
        ("experience", {**WORK, "ended": NEXT_MONTH}, "/ended", "future"),
        ("experience", {**WORK, "ended": "2019-12"}, "/ended", "before_start"),
        ("experience", {**WORK, "occupation": "99-9999.99"}, "/occupation", "unknown_occupation"),
        ("experience", {**WORK, "title": "x" * 151}, "/title", "max_length"),
        ("experience", {**WORK, "employer": "x" * 121}, "/employer", "max_length"),
        ("experience", {**WORK, "description": "x" * 2001}, "/description", "max_length"),
        ("education", {"level": "master"}, "/institution", "required"),
        ("education", {**SCHOOL, "institution": " "}, "/institution", "blank"),
        ("education", {"institution": "Night School"}, "/level", "required"),
        ("education", {**SCHOOL, "level": "guru"}, "/level", "invalid_choice"),
        ("education", {**SCHOOL, "start_year": 1899}, "/start_year", "min_value"),
        ("education", {**SCHOOL, "end_year": 2101}, "/end_year", "max_value"),
        ("education", {**SCHOOL, "end_year": 2020.5}, "/end_year", "invalid"),
        ("education", {**SCHOOL, "start_year": 2020, "end_year": 2019}, "/end_year", "before_start"),
        ("skills", {"level": 3}, "/name", "one_name"),
        ("skills", {"key": "python", "name": "Python", "level": 3}, "/name", "one_name"),
        ("skills", {"key": "alchemy", "level": 3}, "/key", "unknown_skill"),
        ("skills", {"key": None, "name": "x", "level": 3}, "/key", "null"),
        ("skills", {"name": "", "level": 3}, "/name", "blank"),
        ("skills", {**SKILL, "name": "x" * 81}, "/name", "max_length"),
        ("skills", {**SKILL, "level": 0}, "/level", "min_value"),
        ("skills", {**SKILL, "level": 6}, "/level", "max_value"),
        ("skills", {"name": "Beekeeping"}, "/level", "required"),
    ],
)
def test_wrong_input_is_named(mine: ApiClient, path: str, body: Any, pointer: str, code: str) -> None:
    answer = mine.post(f"/me/{path}/", body)
    assert refused(answer) == (pointer, code)
    assert all(not model._default_manager.exists() for model in (Goal, Experience, Education, UserSkill))


def test_a_goal_shows_what_it_is_about(mine: ApiClient) -> None:
    body = mine.post("/me/goals/", GOAL).json()
    assert (body["occupation"]["code"], body["occupation"]["title"]) == ("15-2051.00", "Data Scientists")
    assert (body["field"], body["status"], body["horizon_months"], body["motivation"]) == (None, "active", None, "")
    moved = mine.patch(f"/me/goals/{body['uid']}/", {"occupation": None, "field": "29-0000"}).json()
    assert (moved["occupation"], moved["field"]) == (None, {"code": "29-0000", "name": "Healthcare"})


def test_a_change_is_judged_together_with_what_stays(alice: User, mine: ApiClient) -> None:
    goal, work, school = make_goal(alice), make_experience(alice), make_education(alice, start_year=2010)
    assert refused(mine.patch(f"/me/goals/{goal.uid}/", {"field": "29-0000"})) == ("/occupation", "one_target")
    assert refused(mine.patch(f"/me/experience/{work.uid}/", {"ended": "2019-01"})) == ("/ended", "before_start")
    assert refused(mine.patch(f"/me/experience/{work.uid}/", {"title": ""})) == ("/title", "required")
    assert refused(mine.patch(f"/me/education/{school.uid}/", {"end_year": 2009})) == ("/end_year", "before_start")


def test_overlapping_work_is_taken_and_counted_once(alice: User, mine: ApiClient) -> None:
    mine.post("/me/experience/", {**WORK, "ended": "2021-12"})
    mine.post("/me/experience/", {**WORK, "started": "2021-01", "ended": "2022-12", "title": "On the side"})
    listed = mine.get("/me/experience/").json()
    assert (listed["months"], listed["years"]) == (36, 3)
    profile = mine.get("/me/").json()
    assert (profile["years_experience"], profile["years_experience_from"]) == (3, "experience")


def test_listed_work_counts_before_what_is_stated_everywhere(alice: User, mine: ApiClient) -> None:
    for expected in (3, 5, 3):
        body = mine.get("/me/").json()
        assert body["years_experience"] == expected
        assert person_of(alice.pk).features.years_experience == expected
        assert person_told(alice.pk, Telling({"ai_provider"})).years_experience == expected
        if expected == 3 and not Experience.objects.exists():
            make_experience(alice, "2015-01-01", "2019-12-01")
        else:
            Experience.objects.all().delete()


def test_work_that_goes_on_makes_the_tag_move_with_the_years(alice: User, mine: ApiClient) -> None:
    make_experience(alice, "2020-03-01", None)
    tag = mine.get("/me/").headers["ETag"]
    assert mine.get("/me/", If_None_Match=tag).status_code == 304
    Experience.objects.update(started=date(2010, 3, 1))
    assert mine.get("/me/", If_None_Match=tag).status_code == 200
    assert mine.patch("/me/", {"goal": "Go on"}, If_Match=tag).status_code == 200


def test_a_skill_is_listed_once(alice: User, mine: ApiClient) -> None:
    for body in ({"key": "python", "level": 3}, SKILL):
        assert mine.post("/me/skills/", body).status_code == 201
    for body in ({"key": "python", "level": 1}, SKILL, {**SKILL, "name": "BEEKEEPING"}):
        answer = mine.post("/me/skills/", body)
        assert (answer.status_code, answer.json()["code"]) == (409, "skill_listed_twice")
    assert UserSkill.objects.count() == 2


def test_own_words_can_be_renamed_and_the_taxonomys_not(alice: User, mine: ApiClient) -> None:
    uid = mine.post("/me/skills/", SKILL).json()["uid"]
    assert mine.patch(f"/me/skills/{uid}/", {"name": "Bees"}).json()["name"] == "Bees"
    known = give_skill(alice)
    assert refused(mine.patch(f"/me/skills/{known.uid}/", {"name": "Snakes"})) == ("/name", "one_name")


def test_both_doors_show_the_same_skills(alice: User, mine: ApiClient) -> None:
    mine.patch("/me/", {"skills": [{"key": "python", "level": 2}]})
    mine.post("/me/skills/", SKILL)
    assert [skill["key"] for skill in mine.get("/me/skills/").json()["results"]] == ["python", None]
    shown = {"key": "python", "name": "Python", "level": 2, "retired": False}
    assert mine.get("/me/").json()["skills"] == [shown]
    mine.patch("/me/", {"skills": []})
    assert [skill["name"] for skill in mine.get("/me/skills/").json()["results"]] == ["Beekeeping"]


def test_the_whole_list_has_room_for_both_sorts(alice: User, mine: ApiClient) -> None:
    keys = [make_skill(f"skill-{number}").key for number in range(50)]
    wanted = [{"key": key, "level": 1} for key in keys]
    assert mine.patch("/me/", {"skills": wanted}).status_code == 200
    assert mine.patch("/me/", {"skills": wanted[:49]}).status_code == 200
    mine.post("/me/skills/", SKILL)
    answer = mine.patch("/me/", {"skills": wanted})
    assert (answer.status_code, answer.json()["code"]) == (409, "records_full")
    assert len(mine.get("/me/skills/").json()["results"]) == 50


def test_only_the_house_vouches_and_a_higher_level_is_a_claim_again(alice: User, bob: User, mine: ApiClient) -> None:
    skill = give_skill(alice, level=3)
    at = f"/me/skills/{skill.uid}/"
    assert mine.get(at).json()["grade"] == "claimed"
    vouch_for_skill(user=alice, uid=skill.uid, grade=EvidenceGrade.ATTESTED)
    vouch_for_skill(user=alice, uid=skill.uid, grade=EvidenceGrade.DEMONSTRATED)
    assert mine.get(at).json()["grade"] == "attested"
    assert mine.patch(at, {"level": 2}).json()["grade"] == "attested"
    assert mine.patch("/me/", {"skills": [{"key": "python", "level": 2}]}).status_code == 200
    assert mine.get(at).json()["grade"] == "attested"
    assert mine.patch(at, {"level": 3}).json()["grade"] == "claimed"
    vouch_for_skill(user=alice, uid=skill.uid, grade=EvidenceGrade.DEMONSTRATED)
    mine.patch("/me/", {"skills": [{"key": "python", "level": 5}]})
    assert mine.get(at).json()["grade"] == "claimed"
    with pytest.raises(NotFound):
        vouch_for_skill(user=bob, uid=skill.uid, grade=EvidenceGrade.ATTESTED)


def test_own_words_about_skills_reach_neither_matching_nor_the_provider(alice: User, mine: ApiClient) -> None:
    mine.post("/me/skills/", SKILL)
    known = give_skill(alice)
    assert known.skill is not None
    Profile.objects.filter(user=alice).update(target_occupation=make_occupation())
    OccupationSkill.objects.create(occupation=make_occupation(), skill=known.skill, importance=4, level=5)
    assert [(want.skill, want.own) for want in person_of(alice.pk).features.wants] == [(known.skill_id, 3)]
    assert [name for name, _ in person_told(alice.pk, Telling({"ai_provider"})).skills] == ["Python"]


@pytest.mark.parametrize(
    ("model", "wrong"),
    [
        (Goal, {"occupation": None}),
        (Goal, {"horizon_months": 241}),
        (Goal, {"status": "won"}),
        (Goal, {"motivation": "x" * 501}),
        (Experience, {"title": ""}),
        (Experience, {"ended": date(2019, 12, 1)}),
        (Experience, {"ended": date(2020, 12, 2)}),
        (Experience, {"started": date(2020, 1, 31)}),
        (Experience, {"started": date(1899, 12, 1)}),
        (Experience, {"description": "x" * 2001}),
        (Education, {"institution": ""}),
        (Education, {"level": "guru"}),
        (Education, {"start_year": 1800}),
        (Education, {"start_year": 2000, "end_year": 1999}),
        (Education, {"field_of_study": "x" * 121}),
        (UserSkill, {"level": 6}),
        (UserSkill, {"grade": "divine"}),
        (UserSkill, {"name": "Python"}),
        (UserSkill, {"skill": None}),
        (UserSkill, {"position": -1}),
    ],
)
def test_the_tables_refuse_what_the_door_would(alice: User, model: type[Record], wrong: dict[str, Any]) -> None:
    make_goal(alice), make_experience(alice), make_education(alice), give_skill(alice)
    with pytest.raises((IntegrityError, DataError)), transaction.atomic():
        model._default_manager.update(**wrong)
