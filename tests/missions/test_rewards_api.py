"""GET /missions/rewards/: the ledger of one person and its sum."""

from collections.abc import Callable
from typing import Any

from accounts.models import User
from tests.actors import ApiClient
from tests.factories.missions import make_reward

Api = Callable[[User | None], ApiClient]


def test_nothing_earned_is_zero(api: Api, charlie: User) -> None:
    assert api(charlie).get("/missions/rewards/").json() == {
        "total_points": 0,
        "results": [],
        "next": None,
        "previous": None,
    }


def test_sums_ones_own_entries(api: Api, alice: User, bob: User) -> None:
    first, second = make_reward(alice, 10), make_reward(alice, 25)
    make_reward(bob, 100)
    body = api(alice).get("/missions/rewards/").json()
    assert body["total_points"] == 35
    assert [entry["uid"] for entry in body["results"]] == [str(second.uid), str(first.uid)]
    assert body["results"][1]["points"] == 10
    assert body["results"][1]["mission"] == {
        "uid": str(first.mission.uid),
        "title": first.mission.template.title,
    }


def test_the_sum_is_over_all_pages(api: Api, alice: User) -> None:
    for _ in range(3):
        make_reward(alice, 10)
    body = api(alice).get("/missions/rewards/", {"limit": 2}).json()
    assert (len(body["results"]), body["total_points"]) == (2, 30)
    rest = api(alice).get(body["next"].removeprefix("http://testserver")).json()
    assert (len(rest["results"]), rest["total_points"], rest["next"]) == (1, 30, None)


def test_queries_do_not_grow_with_entries(api: Api, alice: User, django_assert_num_queries: Any) -> None:
    client = api(alice)
    client.get("/missions/rewards/")
    for _ in range(4):
        make_reward(alice)
    with django_assert_num_queries(2):
        client.get("/missions/rewards/")


def test_strangers_sign_in_first(api: Api, db: None) -> None:
    assert api(None).get("/missions/rewards/").status_code == 401
