"""GET /missions/{uid}/: one mission of one's own, with steps, skills, evidence and reward."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from accounts.models import User
from missions.models import Evidence, Mission, Reward
from tests.actors import ApiClient
from tests.factories.missions import STEPS, make_mission, make_reward, make_template
from timetravelers.kit.clock import now

Api = Callable[[User | None], ApiClient]


def test_tells_what_to_do_and_what_was_shown(api: Api, alice: User) -> None:
    template = make_template("ask", skills=["sql", "python"], evidence_min_words=80)
    mission = make_mission(alice, template=template, state=Mission.State.ACCEPTED)
    for content in ("first", "second"):
        Evidence.objects.create(mission=mission, kind="text", content=content)
    body = api(alice).get(f"/missions/{mission.uid}/").json()
    assert body["steps"] == STEPS
    assert body["skills"] == [{"key": "python", "name": "Python"}, {"key": "sql", "name": "Sql"}]
    assert body["evidence_rule"] == {"kinds": ["text", "link"], "min_words": 80, "prompt": "What did it say?"}
    assert [shown["content"] for shown in body["evidence"]] == ["first", "second"]
    assert body["points_earned"] == 0


def test_tells_the_points_that_were_earned(api: Api, alice: User) -> None:
    mission = make_reward(alice, points=15).mission
    assert api(alice).get(f"/missions/{mission.uid}/").json()["points_earned"] == 15


def test_takes_three_queries(api: Api, alice: User, django_assert_num_queries: Any) -> None:
    mission = make_mission(alice, template=make_template(skills=["sql", "python", "excel"]))
    for number in range(4):
        Evidence.objects.create(mission=mission, kind="text", content=str(number))
    Reward.objects.create(user=alice, mission=mission, points=1, earned_at=now())
    client = api(alice)
    client.get("/missions/")
    with django_assert_num_queries(3):
        assert client.get(f"/missions/{mission.uid}/").status_code == 200


def test_foreign_and_unknown_missions_are_the_same_404(
    api: Api, alice: User, bob: User, charlie: User, staff: User
) -> None:
    mission = make_mission(alice)
    for actor in (bob, charlie, staff):
        for uid in (mission.uid, uuid4()):
            answer = api(actor).get(f"/missions/{uid}/")
            assert answer.status_code == 404
            assert answer.json()["code"] == "mission_not_found"


def test_what_is_no_uid_has_no_route(api: Api, alice: User) -> None:
    answer = api(alice).get("/missions/1/")
    assert answer.status_code == 404
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_strangers_sign_in_first(api: Api, alice: User) -> None:
    assert api(None).get(f"/missions/{make_mission(alice).uid}/").status_code == 401
