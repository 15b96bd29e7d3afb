"""All Travelers with one's own score, and two of them side by side."""

from typing import Any

import pytest

from accounts.models import User
from mentors.models import Traveler
from tests.actors import Api, ApiClient
from tests.factories.mentors import make_traveler


@pytest.fixture
def phone(api: Api, dana: User, three: list[Traveler]) -> ApiClient:
    make_traveler("dee", era_years=30, languages=["fi", "sv-SE"], specializations=["Sailing"], pace_hours_min=7)
    return api(dana)


def found(phone: ApiClient, **query: Any) -> list[str]:
    answer = phone.get("/matches/travelers/", query)
    assert answer.status_code == 200, answer.content
    return [one["traveler"]["slug"] for one in answer.json()["results"]]


def test_best_first_with_the_scores_of_the_list(phone: ApiClient) -> None:
    browsed = phone.get("/matches/travelers/").json()["results"]
    scores = [one["score"] for one in browsed]
    assert scores == sorted(scores, reverse=True)
    listed = {one["traveler"]["slug"]: one for one in phone.get("/matches/").json()["results"]}
    for one in browsed:
        for name, value in one.items():
            assert listed[one["traveler"]["slug"]][name] == value


@pytest.mark.parametrize(
    ("query", "slugs"),
    [
        ({"language": "fi"}, {"dee"}),
        ({"language": "sv"}, {"dee"}),
        ({"language": "en-US"}, {"ada", "bo", "cy"}),
        ({"field": "29-0000"}, {"cy"}),
        ({"era_min": 11}, {"dee"}),
        ({"era_max": 10}, {"ada", "bo", "cy"}),
        ({"pace": 3}, {"ada", "bo", "cy"}),
        ({"pace": 7}, {"ada", "bo", "cy", "dee"}),
        ({"pace": 9}, set()),
        ({"q": "SAIL"}, {"dee"}),
        ({"q": "statistic"}, {"bo"}),
        ({"q": ""}, {"ada", "bo", "cy", "dee"}),
        ({"q": "ada", "field": "29-0000"}, set()),
    ],
)
def test_narrowed(phone: ApiClient, query: dict[str, Any], slugs: set[str]) -> None:
    assert set(found(phone, **query)) == slugs


def test_pages_are_one_list(phone: ApiClient) -> None:
    whole = found(phone)
    first = phone.get("/matches/travelers/", {"limit": 3}).json()
    assert first["previous"] is None
    assert "page=2" in first["next"]
    second = phone.get("/matches/travelers/", {"limit": 3, "page": 2}).json()
    assert second["next"] is None
    assert "page" not in second["previous"]
    pages = [*first["results"], *second["results"]]
    assert [one["traveler"]["slug"] for one in pages] == whole
    assert found(phone, limit=3, page=9) == []


@pytest.mark.parametrize(
    "query", [{"era_min": 0}, {"pace": "x"}, {"page": 0}, {"limit": 101}, {"colour": "red"}, {"q": "x" * 101}]
)
def test_refuses_what_it_does_not_know(phone: ApiClient, query: dict[str, Any]) -> None:
    assert phone.get("/matches/travelers/", query).status_code == 422


def test_browsing_leaves_out_nobody(phone: ApiClient, three: list[Traveler]) -> None:
    phone.put(f"/matches/blocks/{three[0].uid}/")
    assert "ada" in found(phone)


def test_two_side_by_side(phone: ApiClient, three: list[Traveler]) -> None:
    query = {"traveler": str(three[2].uid), "other": str(three[0].uid)}
    both = phone.get("/matches/compare/", query).json()
    assert (both["first"]["traveler"]["slug"], both["second"]["traveler"]["slug"]) == ("cy", "ada")
    assert both["better"] == str(three[0].uid)
    gap = both["first"]["score"] - both["second"]["score"]
    assert sum(both["differences"].values()) == pytest.approx(gap, abs=1e-9)
    assert both["differences"]["expertise"] < 0


def test_of_equals_neither_is_better(phone: ApiClient, three: list[Traveler]) -> None:
    same = str(three[0].uid)
    both = phone.get("/matches/compare/", {"traveler": same, "other": same}).json()
    assert both["better"] is None
    assert set(both["differences"].values()) == {0}


def test_comparing_with_somebody_unknown(phone: ApiClient, three: list[Traveler]) -> None:
    hidden = make_traveler("hidden", state="draft")
    query = {"traveler": str(three[0].uid), "other": str(hidden.uid)}
    assert phone.get("/matches/compare/", query).status_code == 404
    assert phone.get("/matches/compare/", {"traveler": str(three[0].uid)}).status_code == 422
