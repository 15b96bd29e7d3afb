"""GET /missions/: somebody's own board, newest first."""

from base64 import b64encode
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from accounts.models import User
from tests.actors import ApiClient
from tests.factories.mentors import make_traveler
from tests.factories.missions import make_mission, make_template

Api = Callable[[User | None], ApiClient]


def uids(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.content
    return [mission["uid"] for mission in answer.json()["results"]]


def test_shows_ones_own_newest_first(api: Api, alice: User, bob: User) -> None:
    first, second = make_mission(alice), make_mission(alice)
    make_mission(bob)
    assert uids(api(alice).get("/missions/")) == [str(second.uid), str(first.uid)]


def test_an_outsider_sees_an_empty_board(api: Api, alice: User, charlie: User, staff: User) -> None:
    make_mission(alice)
    assert uids(api(charlie).get("/missions/")) == []
    assert uids(api(staff).get("/missions/")) == []


def test_a_mission_says_what_it_is_and_why(api: Api, alice: User) -> None:
    traveler, origin = make_traveler("ada"), uuid4()
    mission = make_mission(alice, traveler=traveler, origin=origin, template=make_template("ask-a-question"))
    shown = api(alice).get("/missions/").json()["results"][0]
    assert shown.pop("offered_at").endswith("Z")
    assert shown == {
        "uid": str(mission.uid),
        "state": "offered",
        "kind": "practice",
        "title": "Ask A Question",
        "summary": "Find something out from data.",
        "minutes": 60,
        "difficulty": 2,
        "reward_points": 40,
        "reason": "It takes about 60 minutes.",
        "traveler": {"uid": str(traveler.uid), "slug": "ada", "name": "Ada"},
        "session": str(origin),
        "accepted_at": None,
        "ended_at": None,
    }


def test_a_mission_without_traveler_is_shown_too(api: Api, alice: User) -> None:
    make_mission(alice)
    assert api(alice).get("/missions/").json()["results"][0]["traveler"] is None


def test_narrows_by_state(api: Api, alice: User) -> None:
    missions = {state: make_mission(alice, state=state) for state in ("offered", "accepted", "declined")}
    for state, mission in missions.items():
        assert uids(api(alice).get("/missions/", {"state": state})) == [str(mission.uid)]
    assert uids(api(alice).get("/missions/", {"state": "completed"})) == []


def test_pages_are_stable_while_missions_are_added(api: Api, alice: User) -> None:
    made = [str(make_mission(alice).uid) for _ in range(5)]
    first = api(alice).get("/missions/", {"limit": 3})
    make_mission(alice)
    second = api(alice).get(first.json()["next"].removeprefix("http://testserver"))
    assert uids(first) + uids(second) == made[::-1]
    assert second.json()["next"] is None


def test_queries_do_not_grow_with_missions(api: Api, alice: User, django_assert_num_queries: Any) -> None:
    client = api(alice)
    client.get("/missions/")
    for _ in range(5):
        make_mission(alice, traveler=make_traveler())
    with django_assert_num_queries(1):
        assert len(uids(client.get("/missions/"))) == 5


@pytest.mark.parametrize("query", [{"state": "lost"}, {"limit": "0"}, {"limit": "1e3"}, {"user": "1"}])
def test_refuses_a_query_it_does_not_know(api: Api, alice: User, query: dict[str, str]) -> None:
    answer = api(alice).get("/missions/", query)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == f"/{next(iter(query))}"


@pytest.mark.parametrize("position", ["p=abc", "p=", "p=-1", "p=1e9", "p=" + "9" * 40, "o=x", "r=x"])
def test_a_tampered_cursor_is_not_found(api: Api, alice: User, position: str) -> None:
    answer = api(alice).get("/missions/", {"cursor": b64encode(position.encode()).decode()})
    assert answer.status_code == 404


@pytest.mark.parametrize("cursor", ["é", "!!!", "A"])
def test_what_is_no_cursor_never_breaks_it(api: Api, alice: User, cursor: str) -> None:
    assert api(alice).get("/missions/", {"cursor": cursor}).status_code in (200, 404)


def test_strangers_sign_in_first(api: Api, db: None) -> None:
    assert api(None).get("/missions/").status_code == 401
