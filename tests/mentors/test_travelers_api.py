"""GET /travelers/ and GET /travelers/{uid}/: the published Travelers, and nothing of our insides."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from accounts.models import User
from tests.actors import ApiClient
from tests.factories.accounts import make_occupation
from tests.factories.mentors import make_traveler

Api = Callable[[User | None], ApiClient]

INTERNALS = {"id", "content_hash", "is_published", "state", "capacity", "created_at", "updated_at"}


def slugs(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.content
    return [traveler["slug"] for traveler in answer.json()["results"]]


def test_lists_the_published_by_slug(api: Api, charlie: User) -> None:
    for slug in ("cy", "ada", "bo"):
        make_traveler(slug)
    make_traveler("hidden", is_published=False)
    answer = api(charlie).get("/travelers/")
    assert slugs(answer) == ["ada", "bo", "cy"]
    assert answer.json()["next"] is None


def test_a_summary_says_who_it_is_and_no_internals(api: Api, charlie: User) -> None:
    traveler = make_traveler("ada")
    summary = api(charlie).get("/travelers/").json()["results"][0]
    assert summary == {
        "uid": str(traveler.uid),
        "slug": "ada",
        "name": "Ada",
        "era_years": 10,
        "occupation": {"code": "15-2051.00", "title": "Data Scientists"},
        "field": {"code": "15-0000", "name": "Field 15"},
        "specializations": ["Forecasting"],
        "languages": ["en"],
        "greeting": "Hello, I am an AI Traveler.",
        "portrait": summary["portrait"],
    }
    assert set(summary["portrait"]) == {"id", "images"}


def test_narrows_by_field(api: Api, charlie: User) -> None:
    make_traveler("ada")
    make_traveler("nia", occupation=make_occupation("29-1141.00", "Registered Nurses"))
    assert slugs(api(charlie).get("/travelers/", {"field": "29-0000"})) == ["nia"]
    assert slugs(api(charlie).get("/travelers/", {"field": "99-0000"})) == []


@pytest.mark.parametrize("words", ["NIA", "registered nur", "wound care", "ound c"])
def test_searches_name_occupation_and_specializations(api: Api, charlie: User, words: str) -> None:
    make_traveler("ada")
    nurses = make_occupation("29-1141.00", "Registered Nurses")
    make_traveler("nia", occupation=nurses, specializations=["Triage", "Wound care"])
    assert slugs(api(charlie).get("/travelers/", {"search": words})) == ["nia"]


@pytest.mark.parametrize("words", ["%", "_", "\\", "e\nw", "' OR 1=1 --"])
def test_search_takes_words_literally(api: Api, charlie: User, words: str) -> None:
    make_traveler("ada", specializations=["One", "Two"])
    assert slugs(api(charlie).get("/travelers/", {"search": words})) == []


def test_search_does_not_reach_across_specializations(api: Api, charlie: User) -> None:
    make_traveler("ada", specializations=["Triage", "Wound care"])
    assert slugs(api(charlie).get("/travelers/", {"search": "triage wound"})) == []


def test_pages(api: Api, charlie: User) -> None:
    for slug in ("ada", "bo", "cy"):
        make_traveler(slug)
    first = api(charlie).get("/travelers/", {"limit": 2})
    assert slugs(first) == ["ada", "bo"]
    assert "page=2" in first.json()["next"]
    assert slugs(api(charlie).get("/travelers/", {"limit": 2, "page": 2})) == ["cy"]


@pytest.mark.parametrize(
    "query",
    [
        {"limit": "0"},
        {"limit": "101"},
        {"limit": "many"},
        {"page": "-1"},
        {"search": "x" * 101},
        {"search": "a\x00b"},
        {"field": "15-0000-and-more"},
        {"is_published": "false"},
    ],
)
def test_refuses_a_query_it_does_not_know(api: Api, charlie: User, query: dict[str, str]) -> None:
    answer = api(charlie).get("/travelers/", query)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == f"/{next(iter(query))}"


def test_queries_do_not_grow_with_travelers(api: Api, charlie: User, django_assert_num_queries: Any) -> None:
    client = api(charlie)
    client.get("/travelers/")
    for number in range(5):
        make_traveler(f"t-{number}", occupation=make_occupation(f"15-000{number}.00", f"Job {number}"))
    with django_assert_num_queries(1):
        assert len(slugs(client.get("/travelers/"))) == 5


def test_detail_tells_everything_for_people(api: Api, charlie: User) -> None:
    traveler = make_traveler("ada", skills={"sql": 3, "python": 5}, visual_verbal=-0.5)
    body = api(charlie).get(f"/travelers/{traveler.uid}/").json()
    assert body["skills"] == [
        {"key": "python", "name": "Python", "level": 5},
        {"key": "sql", "name": "Sql", "level": 3},
    ]
    assert body["teaching_style"]["visual_verbal"] == -0.5
    assert body["pace_hours_per_week"] == {"min": 3, "max": 8}
    assert body["horizon_months"] == {"min": 3, "max": 18}
    assert body["suits_years_experience"] == {"min": 0, "max": 8}
    assert body["career_stages"] == {"min": "growth", "max": "establishment"}
    assert body["boundaries"] == [{"refuses": "Writes no coursework for you.", "refers_to": "Ask your instructor."}]
    assert body["version"] == 1
    assert body["story"] == "I counted pallets at night."
    assert not INTERNALS & set(body)


def test_detail_takes_two_queries(api: Api, charlie: User, django_assert_num_queries: Any) -> None:
    traveler = make_traveler("ada", skills={"sql": 3, "python": 5, "excel": 1})
    client = api(charlie)
    client.get("/travelers/")
    with django_assert_num_queries(2):
        client.get(f"/travelers/{traveler.uid}/")


def test_hidden_and_unknown_are_the_same_404(api: Api, charlie: User, staff: User) -> None:
    hidden = make_traveler("hidden", is_published=False)
    for actor in (charlie, staff):
        for uid in (hidden.uid, uuid4()):
            answer = api(actor).get(f"/travelers/{uid}/")
            assert answer.status_code == 404
            assert answer.json()["code"] == "traveler_not_found"


@pytest.mark.parametrize("path", ["/travelers/", "/travelers/01a20459-4bc8-74ee-8b6c-eb0048abb527/"])
def test_strangers_sign_in_first(api: Api, db: None, path: str) -> None:
    assert api(None).get(path).status_code == 401


def test_travelers_are_not_written_here(api: Api, staff: User) -> None:
    traveler = make_traveler("ada")
    assert api(staff).post("/travelers/", {"name": "Eve"}).status_code == 405
    assert api(staff).delete(f"/travelers/{traveler.uid}/").status_code == 405
