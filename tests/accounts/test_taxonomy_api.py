"""`/taxonomy/…` and `/learning-preferences/`: the catalogues."""

from typing import Any
from urllib.parse import urlsplit

import pytest
from pytest_django import DjangoAssertNumQueries

from accounts.models import AXES, User
from tests.actors import Api, ApiClient
from tests.factories.accounts import make_field, make_occupation

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
    assert set(fields[0]) == {"code", "name", "description", "groups"}
    computing = next(field for field in fields if field["code"] == "15-0000")
    assert computing["groups"] == [
        {"code": "15-1200", "name": "Computer Occupations"},
        {"code": "15-2000", "name": "Mathematical Science Occupations"},
    ]


def test_fields_and_their_groups_take_two_queries(
    content: None, reader: ApiClient, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    reader.get("/taxonomy/fields/")
    with django_assert_num_queries(2):
        reader.get("/taxonomy/fields/")


def test_occupations_narrow_by_field(reader: ApiClient) -> None:
    make_occupation("15-2051.00", "Data Scientists")
    make_occupation("29-1141.00", "Registered Nurses")
    codes = [row["code"] for row in reader.get("/taxonomy/occupations/", {"field": "29-0000"}).json()["results"]]
    assert codes == ["29-1141.00"]
    assert reader.get("/taxonomy/occupations/", {"field": "99-0000"}).json()["results"] == []


def test_occupations_narrow_by_minor_group(reader: ApiClient) -> None:
    make_occupation("15-1252.00", "Software Developers")
    make_occupation("15-2051.00", "Data Scientists")

    def found(**query: str) -> list[str]:
        return [row["code"] for row in reader.get("/taxonomy/occupations/", query).json()["results"]]

    assert found(minor_group="15-1200") == ["15-1252.00"]
    assert found(minor_group="15-1200", field="15-0000") == ["15-1252.00"]
    assert found(minor_group="15-1200", field="29-0000") == []
    assert found(minor_group="99-9900") == []


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


@pytest.mark.parametrize("code", ["15-9999.00", "%00", "x" * 300, "15-2051.00%20", "..", "%F0%9F%A6%A6"])
def test_an_unknown_occupation_is_404(content: None, reader: ApiClient, code: str) -> None:
    answer = reader.get(f"/taxonomy/occupations/{code}/")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_learning_preferences_have_both_poles_of_every_axis(reader: ApiClient) -> None:
    wording = reader.get("/learning-preferences/").json()
    assert [axis["key"] for axis in wording["axes"]] == list(AXES)
    assert all(axis["first"]["label"] != axis["second"]["label"] for axis in wording["axes"])
    assert "not how well you can" in wording["intro"]


def test_a_field_of_ones_own_is_shown(reader: ApiClient) -> None:
    make_field("55-0000", "Military")
    assert reader.get("/taxonomy/fields/").json()["results"][0]["name"] == "Military"
