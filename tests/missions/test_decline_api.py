"""POST /missions/{uid}/decline/."""

from collections.abc import Callable

import pytest

from accounts.models import User
from missions.models import Mission
from tests.actors import ApiClient
from tests.factories.missions import make_mission

Api = Callable[[User | None], ApiClient]


@pytest.mark.parametrize("state", ["offered", "accepted"])
def test_turns_a_mission_down(api: Api, alice: User, state: str) -> None:
    mission = make_mission(alice, state=state)
    answer = api(alice).post(f"/missions/{mission.uid}/decline/")
    assert answer.status_code == 200
    assert answer.json()["state"] == "declined"
    assert answer.json()["ended_at"] is not None


def test_a_phone_that_lost_the_answer_may_ask_again(api: Api, alice: User) -> None:
    mission = make_mission(alice)
    first, second = (api(alice).post(f"/missions/{mission.uid}/decline/") for _ in range(2))
    assert first.json() == second.json()


def test_what_is_completed_stays_completed(api: Api, alice: User) -> None:
    mission = make_mission(alice, state=Mission.State.COMPLETED)
    answer = api(alice).post(f"/missions/{mission.uid}/decline/")
    assert answer.status_code == 409
    assert answer.json()["code"] == "mission_wrong_state"
    assert Mission.objects.get().state == "completed"


def test_foreign_missions_are_not_found_and_stay(api: Api, alice: User, bob: User, charlie: User) -> None:
    mission = make_mission(alice)
    for actor in (bob, charlie):
        assert api(actor).post(f"/missions/{mission.uid}/decline/").status_code == 404
    assert Mission.objects.get().state == "offered"
