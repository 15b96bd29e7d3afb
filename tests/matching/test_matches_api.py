"""GET /matches/: somebody's own matches, best first, with their proof."""

from collections.abc import Callable
from typing import Any

import pytest

from accounts.models import User
from tests.actors import ApiClient
from tests.factories.accounts import make_occupation
from tests.factories.mentors import make_traveler

Api = Callable[[User | None], ApiClient]

LETTERS = ["time", "expertise", "learning_style", "longitude"]


def matches(client: ApiClient, **query: Any) -> list[dict[str, Any]]:
    answer = client.get("/matches/", query)
    assert answer.status_code == 200, answer.content
    found: list[dict[str, Any]] = answer.json()["results"]
    return found


def slugs(found: list[dict[str, Any]]) -> list[str]:
    return [match["traveler"]["slug"] for match in found]


def test_ranks_occupation_before_neighbour_before_field_before_others(api: Api, dana: User) -> None:
    make_traveler("a-nurse", occupation=make_occupation("29-1141.00", "Registered Nurses"))
    make_traveler("b-tester", occupation=make_occupation("15-1253.00", "Software Testers"))
    make_traveler("c-statistician", occupation=make_occupation("15-2041.00"))
    make_traveler("d-scientist")
    assert slugs(matches(api(dana))) == ["d-scientist", "c-statistician", "b-tester", "a-nurse"]


def test_a_match_carries_its_proof(api: Api, dana: User) -> None:
    make_traveler("ada", skills={"python": 5, "statistics": 5}, specializations=["Data Scientist"])
    answer = api(dana).get("/matches/").json()
    match = answer["results"][0]
    assert answer["weights"] == {"time": 20, "expertise": 45, "learning_style": 10, "longitude": 25}
    assert match["contributions"] == answer["weights"]
    assert match["score"] == 100
    assert match["interval"] == [100, 100]
    assert match["algorithm"] == "tell-2"
    assert {letter: reason["text"] for letter, reason in match["reasons"].items()} == {
        "time": (
            "Your goal, 12 months away, is within the 3 to 18 months Ada plans for and your 5 hours a week are "
            "within a pace of 3 to 8."
        ),
        "expertise": (
            "Ada comes from Data Scientists, the occupation you aim for, and covers 100% of what you need, "
            "most of all Statistics and Python."
        ),
        "learning_style": "The way Ada teaches is much like the way you like to learn, which counts for little.",
        "longitude": (
            "Your 3 years of experience lie within the 0 to 8 that suit Ada, who is 10 years ahead, far enough to help "
            "and near enough to remember."
        ),
    }
    assert not any(reason["unknown"] for reason in match["reasons"].values())
    assert (match["raises"], match["rank"], match["state"], match["origin"]) == ([], 1, "offered", "tell")
    assert match["sentence"].startswith("Ada scores 100 of 100")


def test_contributions_sum_to_the_score(api: Api, dana: User) -> None:
    for number in range(6):
        make_traveler(era_years=3 * number + 3, pace_hours_min=number, experience_years_max=number)
    for match in matches(api(dana)):
        assert abs(sum(match["contributions"].values()) - match["score"]) <= 1e-9
        assert match["interval"][0] <= match["score"] <= match["interval"][1]


def test_skills_that_are_needed_count_and_others_do_not(api: Api, dana: User) -> None:
    make_traveler("a-baker", skills={"baking": 5})
    make_traveler("b-statistics", skills={"statistics": 5})
    make_traveler("c-python", skills={"python": 5})
    # Dana knows some Python already, so statistics are the wider gap.
    assert slugs(matches(api(dana))) == ["b-statistics", "c-python", "a-baker"]


def test_an_empty_profile_gets_neutral_matches_by_slug(api: Api, charlie: User) -> None:
    for slug in ("cy", "ada", "bo"):
        make_traveler(slug)
    found = matches(api(charlie))
    assert slugs(found) == ["ada", "bo", "cy"]
    assert found[0]["score"] == 50
    assert found[0]["interval"] == [0, 100]
    assert all(found[0]["reasons"][letter]["unknown"] for letter in LETTERS)


def test_a_partly_filled_profile_says_what_is_missing(api: Api, alice: User) -> None:
    make_traveler("ada")
    reasons = matches(api(alice))[0]["reasons"]
    assert {letter for letter in LETTERS if reasons[letter]["unknown"]} == {"expertise", "learning_style"}
    assert reasons["expertise"]["text"].startswith("You have not chosen")


def test_nobody_published_is_an_empty_list(api: Api, alice: User) -> None:
    make_traveler("hidden", is_published=False)
    assert matches(api(alice)) == []


def test_the_limit(api: Api, alice: User) -> None:
    for _ in range(15):
        make_traveler()
    assert len(matches(api(alice))) == 12
    assert len(matches(api(alice), limit=2)) == 2
    assert len(matches(api(alice), limit=50)) == 15


@pytest.mark.parametrize("query", [{"limit": "0"}, {"limit": "51"}, {"limit": "x"}, {"user": "2"}])
def test_refuses_a_query_it_does_not_know(api: Api, alice: User, query: dict[str, str]) -> None:
    answer = api(alice).get("/matches/", query)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == f"/{next(iter(query))}"


def test_matches_are_one_s_own(api: Api, dana: User, charlie: User) -> None:
    make_traveler("ada")
    assert matches(api(dana))[0]["score"] > matches(api(charlie))[0]["score"] == 50


def test_strangers_sign_in_first(api: Api, db: None) -> None:
    assert api(None).get("/matches/").status_code == 401


def test_names_and_addresses_do_not_enter(api: Api, dana: User) -> None:
    for number in range(4):
        make_traveler(era_years=5 + 9 * number, skills={"python": number + 1})
    client = api(dana)
    before = matches(client)
    dana.profile.display_name, dana.profile.goal = "Somebody Else", "Become a nurse"
    dana.profile.save()
    dana.email = "somebody-else@example.org"
    dana.save()
    assert matches(client) == before


def test_the_name_of_a_traveler_does_not_enter(api: Api, dana: User) -> None:
    traveler = make_traveler("ada")
    before = matches(api(dana))[0]
    traveler.name, traveler.voice = "Zeno", "Loud"
    traveler.save()
    after = matches(api(dana))[0]
    assert after["traveler"]["name"] == "Zeno"
    assert (after["score"], after["contributions"]) == (before["score"], before["contributions"])


def test_an_edit_shows_in_the_next_request(api: Api, dana: User) -> None:
    ada, bo = make_traveler("ada"), make_traveler("bo")
    client = api(dana)
    assert slugs(matches(client)) == ["ada", "bo"]
    bo.state = "retired"
    bo.save()
    assert slugs(matches(client)) == ["ada"]
    ada.occupation = make_occupation("29-1141.00", "Registered Nurses")
    ada.save()
    assert matches(client)[0]["contributions"]["expertise"] == 0
    dana.profile.target_occupation = ada.occupation
    dana.profile.save()
    assert matches(client)[0]["contributions"]["expertise"] >= 27


def test_queries_do_not_grow_with_travelers(api: Api, dana: User, django_assert_num_queries: Any) -> None:
    for _ in range(9):
        make_traveler(skills={"python": 4, "statistics": 2})
    client = api(dana)
    client.get("/travelers/")
    assert len(matches(client)) == 9
    with django_assert_num_queries(16):
        assert len(matches(client)) == 9
    for _ in range(9):
        make_traveler(skills={"python": 4, "statistics": 2})
    assert len(matches(client, limit=50)) == 18
    with django_assert_num_queries(16):
        assert len(matches(client, limit=50)) == 18
