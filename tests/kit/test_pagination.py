"""Pages: every row once, in order, whatever is added meanwhile and whatever the query says."""

import base64
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from accounts.models import Skill
from tests.actors import Api, ApiClient

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("probing")]


def add_skills(first: int, last: int) -> None:
    Skill.objects.bulk_create(
        Skill(key=f"skill-{n:04}", name=f"Skill {n}", kind=Skill.Kind.SKILL) for n in range(first, last + 1)
    )


def keys(page: Any) -> list[str]:
    return [row["key"] for row in page["results"]]


def follow(client: ApiClient, url: str) -> Any:
    parts = urlsplit(url)
    return client.get(parts.path, dict(parse_qsl(parts.query))).json()


def walk(client: ApiClient, page: Any) -> list[str]:
    """All keys from this page on, at most a hundred pages."""
    found = keys(page)
    for _ in range(100):
        if page["next"] is None:
            return found
        page = follow(client, page["next"])
        found += keys(page)
    raise AssertionError("The pages do not end.")


@pytest.mark.parametrize("limit", [1, 7, 25, 26, 100])
@pytest.mark.parametrize(("path", "newest_first"), [("newest", True), ("oldest", False), ("catalogue", False)])
def test_every_row_once_and_in_order(api: Api, path: str, limit: int, *, newest_first: bool) -> None:
    add_skills(1, 53)
    client = api(None)
    found = walk(client, client.get(f"/probe/{path}/", {"limit": limit}).json())
    assert found == sorted(found, reverse=newest_first)
    assert len(found) == 53


def test_rows_that_are_added_meanwhile_move_nothing(api: Api) -> None:
    add_skills(1, 40)
    client = api(None)
    first = client.get("/probe/newest/").json()
    add_skills(41, 60)
    assert keys(first) + keys(follow(client, first["next"])) == [f"skill-{n:04}" for n in range(40, 0, -1)]


def test_one_can_go_back(api: Api) -> None:
    add_skills(1, 60)
    client = api(None)
    first = client.get("/probe/newest/").json()
    second = follow(client, first["next"])
    assert keys(follow(client, second["previous"])) == keys(first)
    assert first["previous"] is None


@pytest.mark.parametrize("path", ["newest", "oldest", "catalogue"])
def test_an_empty_list_is_one_empty_page(api: Api, path: str) -> None:
    assert api(None).get(f"/probe/{path}/").json() == {"next": None, "previous": None, "results": []}


def test_a_page_is_25_rows_and_100_at_most(api: Api) -> None:
    add_skills(1, 120)
    client = api(None)
    assert len(keys(client.get("/probe/newest/").json())) == 25
    assert len(keys(client.get("/probe/newest/", {"limit": 5000}).json())) == 100
    assert len(keys(client.get("/probe/catalogue/").json())) == 25
    assert client.get("/probe/catalogue/", {"limit": 101}).status_code == 422


def cursor(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


@pytest.mark.parametrize(
    "tampered",
    [
        "x",
        "\u00e9",
        cursor("p=abc"),
        cursor("p=1e3"),
        cursor("p=-1"),
        cursor("p=" + "9" * 30),
        cursor("p=1&o=abc"),
        cursor("p=1&r=x"),
        cursor("p=1 OR 1=1"),
        cursor("p=\x00"),
        cursor("p=2026-11-22"),
    ],
)
@pytest.mark.parametrize("path", ["newest", "oldest"])
def test_a_cursor_that_is_none_of_ours(api: Api, path: str, tampered: str) -> None:
    add_skills(1, 2)
    response = api(None).get(f"/probe/{path}/", {"cursor": tampered})
    assert (response.status_code, response.json().get("code")) == (404, "not_found"), response.content


@examples(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(st.text(max_size=20) | st.binary(max_size=20).map(lambda b: base64.b64encode(b).decode()), st.text(max_size=8))
def test_no_query_is_a_fault_of_ours(api: Api, position: str, limit: str) -> None:
    response = api(None).get("/probe/newest/", {"cursor": position, "limit": limit})
    assert response.status_code in {200, 404}


@pytest.mark.parametrize("page", ["0", "-1", "1.5", "x", "1001", "9" * 5000, ""])
def test_a_page_number_that_is_none(api: Api, page: str) -> None:
    response = api(None).get("/probe/catalogue/", {"page": page})
    assert (response.status_code, response.json()["errors"][0]["pointer"]) == (422, "/page")


def test_a_page_past_the_end_is_empty(api: Api) -> None:
    add_skills(1, 3)
    page = api(None).get("/probe/catalogue/", {"page": 9}).json()
    assert (page["results"], page["next"]) == ([], None)
