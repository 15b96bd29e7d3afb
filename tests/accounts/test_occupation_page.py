"""`/taxonomy/occupations/{code}/`: what an occupation is, what it asks for, and how people come to it."""

from datetime import UTC, datetime
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from accounts.api.occupation_shapes import OccupationDetail
from accounts.job_zones import is_stepping_stone, preparation_for, preparations
from accounts.models import (
    Occupation,
    OccupationInterest,
    OccupationSkill,
    OccupationTask,
    OccupationTechnology,
    OccupationWorkStyle,
    RelatedOccupation,
    User,
    WorkStyle,
)
from accounts.selectors.occupation_page import MOST_TASKS, MOST_TECHNOLOGIES, occupation_page
from tests.actors import Api, ApiClient
from tests.factories.accounts import make_occupation, make_skill

pytestmark = pytest.mark.django_db

SCIENTISTS, STATISTICIANS, ASSISTANTS = "15-2051.00", "15-2041.00", "43-9111.00"
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.fixture
def phone(charlie: User, api: Api) -> ApiClient:
    """The phone of somebody who has only just signed up."""
    return api(charlie)


def make_page() -> Occupation:
    """An occupation with a little of everything on its page."""
    row = make_occupation(SCIENTISTS, "Data Scientists", alternate_titles=["Data Analyst"])
    for code, title, zone, tier in (
        (STATISTICIANS, "Statisticians", 5, "primary-short"),
        (ASSISTANTS, "Statistical Assistants", 4, "supplemental"),
    ):
        near = make_occupation(code, title, job_zone=zone)
        rank = RelatedOccupation.objects.filter(occupation=row).count() + 1
        RelatedOccupation.objects.create(occupation=row, related=near, tier=tier, rank=rank)
    mathematics = make_skill("mathematics", kind="knowledge", onet_id="2.C.4.a")
    OccupationSkill.objects.create(occupation=row, skill=make_skill("sql"), importance=3.5)
    OccupationSkill.objects.create(occupation=row, skill=mathematics, importance=4.25, level=5)
    for name, hot, in_demand in (("perl", False, False), ("r", True, False), ("tableau", False, True)):
        skill = make_skill(name, name=name, hot=hot)
        OccupationTechnology.objects.create(occupation=row, skill=skill, in_demand=in_demand)
    for number, kind in enumerate(("", "supplemental", "core"), start=1):
        OccupationTask.objects.create(occupation=row, onet_id=number, statement=f"Do {number}.", kind=kind)
    OccupationInterest.objects.create(occupation=row, area="artistic", score=2.5)
    OccupationInterest.objects.create(occupation=row, area="investigative", score=6.5, high_point=1)
    style = WorkStyle.objects.create(onet_id="1.C.5.b", name="Attention to Detail", description="Be careful.")
    OccupationWorkStyle.objects.create(occupation=row, style=style, importance=4.5)
    return row


def test_the_whole_page(phone: ApiClient, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    make_page()
    phone.get("/me/")
    with django_assert_num_queries(8):
        answer = phone.get(f"/taxonomy/occupations/{SCIENTISTS}/")
    page = answer.json()
    preparation = page.pop("preparation")
    assert page == {
        "code": SCIENTISTS,
        "title": "Data Scientists",
        "field": {"code": "15-0000", "name": "Field 15"},
        "minor_group": {"code": "15-2000", "name": "Group 15-2000"},
        "job_zone": 4,
        "description": "Finds out from data.",
        "retired": False,
        "nearest": None,
        "alternate_titles": ["Data Analyst"],
        "figures_estimated": False,
        "skills": [
            {
                "key": "mathematics",
                "name": "Mathematics",
                "kind": "knowledge",
                "importance": 4.25,
                "level": 5.0,
                "estimated": False,
            },
            {
                "key": "sql",
                "name": "Sql",
                "kind": "technology",
                "importance": 3.5,
                "level": None,
                "estimated": True,
            },
        ],
        "technologies": [
            {"key": "r", "name": "r", "hot": True, "in_demand": False},
            {"key": "tableau", "name": "tableau", "hot": False, "in_demand": True},
            {"key": "perl", "name": "perl", "hot": False, "in_demand": False},
        ],
        "tasks": [
            {"statement": "Do 3.", "kind": "core"},
            {"statement": "Do 2.", "kind": "supplemental"},
            {"statement": "Do 1.", "kind": ""},
        ],
        "interests": [
            {"area": "investigative", "score": 6.5, "high_point": 1},
            {"area": "artistic", "score": 2.5, "high_point": None},
        ],
        "work_styles": [{"name": "Attention to Detail", "description": "Be careful.", "importance": 4.5}],
        "related": [
            {
                "code": STATISTICIANS,
                "title": "Statisticians",
                "tier": "primary-short",
                "job_zone": 5,
                "stepping_stone": False,
            },
            {
                "code": ASSISTANTS,
                "title": "Statistical Assistants",
                "tier": "supplemental",
                "job_zone": 4,
                "stepping_stone": True,
            },
        ],
    }
    assert (preparation["job_zone"], preparation["usual_levels"]) == (4, ["bachelor"])
    assert (preparation["months_least"], preparation["months_most"]) == (24, 48)
    assert "bachelor" in preparation["education"].lower()


def test_the_shape_is_the_documented_one(phone: ApiClient) -> None:
    make_page()
    page = phone.get(f"/taxonomy/occupations/{SCIENTISTS}/").json()
    assert OccupationDetail(occupation_page(SCIENTISTS)).data == page


def test_more_neighbours_and_skills_take_no_more_queries(
    phone: ApiClient, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    row = make_page()
    for number in range(20):
        near = make_occupation(f"29-10{number:02}.00", f"Occupation {number}")
        RelatedOccupation.objects.create(occupation=row, related=near, tier="supplemental", rank=number + 3)
        OccupationSkill.objects.create(occupation=row, skill=make_skill(f"skill-{number}"), importance=2)
    phone.get("/me/")
    with django_assert_num_queries(8):
        assert len(phone.get(f"/taxonomy/occupations/{SCIENTISTS}/").json()["related"]) == 22


def test_tasks_and_technologies_end_somewhere(phone: ApiClient) -> None:
    row = make_occupation()
    for number in range(1, 60):
        OccupationTask.objects.create(occupation=row, onet_id=number, statement="Do.", kind="core")
        OccupationTechnology.objects.create(occupation=row, skill=make_skill(f"t-{number}"), in_demand=False)
    page = phone.get(f"/taxonomy/occupations/{row.code}/").json()
    assert (len(page["tasks"]), len(page["technologies"])) == (MOST_TASKS, MOST_TECHNOLOGIES)


def test_estimates_are_called_so(phone: ApiClient) -> None:
    make_page()
    Occupation.objects.filter(code=SCIENTISTS).update(figures_estimated=True)
    page = phone.get(f"/taxonomy/occupations/{SCIENTISTS}/").json()
    assert page["figures_estimated"]
    assert all(skill["estimated"] for skill in page["skills"])


def test_the_contents_own_estimates_are_called_so(content: None, phone: ApiClient) -> None:
    marked = Occupation.objects.filter(figures_estimated=True).values_list("code", flat=True)
    page = phone.get(f"/taxonomy/occupations/{marked[0]}/").json()
    assert page["figures_estimated"]
    assert any(skill["level"] is not None and skill["estimated"] for skill in page["skills"])
    others = Occupation.objects.filter(figures_estimated=False)[0].code
    assert any(not skill["estimated"] for skill in phone.get(f"/taxonomy/occupations/{others}/").json()["skills"])


def test_without_a_job_zone_nothing_is_said_of_preparation(phone: ApiClient) -> None:
    make_page()
    Occupation.objects.filter(code=SCIENTISTS).update(job_zone=None)
    page = phone.get(f"/taxonomy/occupations/{SCIENTISTS}/").json()
    assert (page["job_zone"], page["preparation"]) == (None, None)
    assert not any(near["stepping_stone"] for near in page["related"])


def test_retired_neighbours_and_skills_are_not_on_the_page(phone: ApiClient) -> None:
    make_page()
    Occupation.objects.filter(code=STATISTICIANS).update(retired_at=LONG_AGO)
    for key in ("sql", "r"):
        skill = make_skill(key)
        skill.retired_at = LONG_AGO
        skill.save()
    page = phone.get(f"/taxonomy/occupations/{SCIENTISTS}/").json()
    assert [near["code"] for near in page["related"]] == [ASSISTANTS]
    assert [skill["key"] for skill in page["skills"]] == ["mathematics"]
    assert [skill["key"] for skill in page["technologies"]] == ["tableau", "perl"]


@pytest.mark.parametrize(("gone", "nearest"), [([], STATISTICIANS), ([STATISTICIANS], ASSISTANTS)])
def test_a_retired_occupation_says_where_to_look_instead(phone: ApiClient, gone: list[str], nearest: str) -> None:
    make_page()
    Occupation.objects.filter(code__in=[SCIENTISTS, *gone]).update(retired_at=LONG_AGO)
    page = phone.get(f"/taxonomy/occupations/{SCIENTISTS}/").json()
    assert (page["retired"], page["nearest"]["code"]) == (True, nearest)


def test_a_retired_occupation_without_neighbours_knows_no_other(phone: ApiClient) -> None:
    make_occupation(retired_at=LONG_AGO)
    page = phone.get("/taxonomy/occupations/15-2051.00/").json()
    assert (page["retired"], page["nearest"]) == (True, None)


@pytest.mark.parametrize("zone", [1, 2, 3, 4, 5])
def test_every_job_zone_is_explained(zone: int) -> None:
    preparation = preparation_for(zone)
    assert preparation is not None
    assert preparation is preparations()[zone]
    assert preparation.job_zone == zone
    assert preparation.usual_levels
    assert preparation.months_most is None or preparation.months_least < preparation.months_most


@pytest.mark.parametrize(
    ("zone", "target", "is_one"), [(3, 4, True), (4, 4, True), (5, 4, False), (None, 4, False), (3, None, False)]
)
def test_a_stepping_stone_asks_for_no_more_preparation(zone: Any, target: Any, *, is_one: bool) -> None:
    assert is_stepping_stone(zone, target) is is_one
