"""`/taxonomy/…` and `/learning-preferences/`: the catalogues."""

from typing import Any
from urllib.parse import urlsplit

import pytest
from pytest_django import DjangoAssertNumQueries

from accounts.models import AXES, OccupationSkill, RelatedOccupation, User
from tests.actors import Api, ApiClient
from tests.factories.accounts import make_field, make_occupation, make_skill

pytestmark = pytest.mark.django_db

CATALOGUES = [
    "/taxonomy/fields/",
    "/taxonomy/occupations/",
    "/taxonomy/occupations/15-2051.00/",
    "/taxonomy/skills/",
    "/taxonomy/attribution/",
    "/learning-preferences/",
]


@pytest.fixture
def reader(charlie: User, api: Api) -> ApiClient:
    """The phone of somebody who has only just signed up."""
    return api(charlie)


@pytest.mark.parametrize("path", CATALOGUES)
def test_anybody_signed_in_may_read_and_nobody_else(content: None, reader: ApiClient, api: Api, path: str) -> None:
    assert reader.get(path).status_code == 200
    assert api(None).get(path).status_code == 401
    assert reader.post(path, {}).status_code == 405


def test_fields_come_in_the_order_of_their_codes(content: None, reader: ApiClient) -> None:
    fields = reader.get("/taxonomy/fields/").json()["results"]
    assert len(fields) == 22
    assert [field["code"] for field in fields] == sorted(field["code"] for field in fields)
    assert set(fields[0]) == {"code", "name", "description"}


@pytest.mark.parametrize("words", ["DATA SCI", "ml engin", "  data scientists "])
def test_occupations_are_found_by_title_and_by_alternate_title_in_any_case(reader: ApiClient, words: str) -> None:
    make_occupation("15-2051.00", "Data Scientists", alternate_titles=["ML Engineer", "Data Analyst"])
    make_occupation("29-1141.00", "Registered Nurses", alternate_titles=["Charge Nurse"])
    found = reader.get("/taxonomy/occupations/", {"search": words}).json()["results"]
    assert found == [
        {
            "code": "15-2051.00",
            "title": "Data Scientists",
            "field": {"code": "15-0000", "name": "Field 15"},
            "job_zone": 4,
        }
    ]


@pytest.mark.parametrize("words", ["%", "_", '","', "{", "\\", "' OR 1=1 --", "no such thing"])
def test_signs_of_the_query_language_are_only_signs(reader: ApiClient, words: str) -> None:
    make_occupation("15-2051.00", "Data Scientists", alternate_titles=["ML Engineer", "Data Analyst"])
    assert reader.get("/taxonomy/occupations/", {"search": words}).json()["results"] == []


def test_occupations_narrow_by_field(reader: ApiClient) -> None:
    make_occupation("15-2051.00", "Data Scientists")
    make_occupation("29-1141.00", "Registered Nurses")
    codes = [row["code"] for row in reader.get("/taxonomy/occupations/", {"field": "29-0000"}).json()["results"]]
    assert codes == ["29-1141.00"]
    assert reader.get("/taxonomy/occupations/", {"field": "99-0000"}).json()["results"] == []


def test_pages_hold_everything_once(reader: ApiClient) -> None:
    for number in range(7):
        make_occupation(f"15-000{number}.00", f"Occupation {number}")
    codes: list[str] = []
    path, query = "/taxonomy/occupations/", {"limit": 3}
    for _ in range(5):
        page = reader.get(path, query).json()
        codes += [row["code"] for row in page["results"]]
        if page["next"] is None:
            break
        after, query = urlsplit(page["next"]), {}
        path = f"{after.path}?{after.query}"
    assert codes == [f"15-000{number}.00" for number in range(7)]
    assert page["previous"].endswith("limit=3&page=2")
    assert reader.get("/taxonomy/occupations/", {"page": 900}).json()["results"] == []


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ({"limit": 101}, "/limit"),
        ({"limit": 0}, "/limit"),
        ({"limit": "x"}, "/limit"),
        ({"page": 0}, "/page"),
        ({"page": 10**30}, "/page"),
        ({"search": "x" * 101}, "/search"),
        ({"search": "a\x00b"}, "/search"),
        ({"sort": "title"}, "/sort"),
    ],
)
@pytest.mark.parametrize("path", ["/taxonomy/occupations/", "/taxonomy/skills/"])
def test_wrong_queries_are_named(reader: ApiClient, path: str, query: Any, pointer: str) -> None:
    answer = reader.get(path, query)
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]


def test_the_list_takes_one_query(reader: ApiClient, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for number in range(30):
        make_occupation(f"15-00{number:02}.00", f"Occupation {number}")
    reader.get("/taxonomy/occupations/")
    with django_assert_num_queries(1):
        assert len(reader.get("/taxonomy/occupations/").json()["results"]) == 25


def test_one_occupation_with_skills_and_neighbours(
    reader: ApiClient, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    scientist = make_occupation("15-2051.00", "Data Scientists", alternate_titles=["Data Analyst"])
    statistician = make_occupation("15-2041.00", "Statisticians")
    for key, importance, level in (("sql", 3.5, None), ("statistics", 4.25, 5.0)):
        OccupationSkill.objects.create(occupation=scientist, skill=make_skill(key), importance=importance, level=level)
    RelatedOccupation.objects.create(occupation=scientist, related=statistician, tier="primary-short")
    reader.get("/me/")
    with django_assert_num_queries(4):
        answer = reader.get("/taxonomy/occupations/15-2051.00/")
    assert answer.json() == {
        "code": "15-2051.00",
        "title": "Data Scientists",
        "field": {"code": "15-0000", "name": "Field 15"},
        "job_zone": 4,
        "description": "Finds out from data.",
        "alternate_titles": ["Data Analyst"],
        "skills": [
            {"key": "statistics", "name": "Statistics", "kind": "technology", "importance": 4.25, "level": 5.0},
            {"key": "sql", "name": "Sql", "kind": "technology", "importance": 3.5, "level": None},
        ],
        "related": [{"code": "15-2041.00", "title": "Statisticians", "tier": "primary-short"}],
    }


@pytest.mark.parametrize("code", ["15-9999.00", "%00", "x" * 300, "15-2051.00%20", "..", "%F0%9F%A6%A6"])
def test_an_unknown_occupation_is_404(content: None, reader: ApiClient, code: str) -> None:
    answer = reader.get(f"/taxonomy/occupations/{code}/")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_skills_are_found_by_name_and_alias(reader: ApiClient) -> None:
    make_skill("javascript", name="JavaScript", aliases=["ECMAScript", "JS"])
    make_skill("writing", name="Writing", kind="skill", description="Putting things on the page.")
    for words in ("ecma", "JAVA"):
        found = reader.get("/taxonomy/skills/", {"search": words}).json()["results"]
        assert [skill["key"] for skill in found] == ["javascript"]
    writing = reader.get("/taxonomy/skills/", {"search": "writing"}).json()["results"][0]
    assert set(writing) == {"key", "name", "kind", "description", "aliases"}


def test_the_attribution_holds_the_line_the_licence_asks_for(reader: ApiClient) -> None:
    source = reader.get("/taxonomy/attribution/").json()["sources"][0]
    assert "O*NET 29.3 Database by the U.S. Department of Labor" in source["attribution"]
    assert source["licence"] == "CC BY 4.0"


def test_learning_preferences_have_both_poles_of_every_axis(reader: ApiClient) -> None:
    wording = reader.get("/learning-preferences/").json()
    assert [axis["key"] for axis in wording["axes"]] == list(AXES)
    assert all(axis["first"]["label"] != axis["second"]["label"] for axis in wording["axes"])
    assert "not how well you can" in wording["intro"]


def test_a_field_of_ones_own_is_shown(reader: ApiClient) -> None:
    make_field("55-0000", "Military")
    assert reader.get("/taxonomy/fields/").json()["results"][0]["name"] == "Military"
