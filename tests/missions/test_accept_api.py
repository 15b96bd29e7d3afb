"""POST /missions/{uid}/accept/."""

from collections.abc import Callable

import pytest

from accounts.models import User
from missions.models import Mission
from tests.actors import ApiClient
from tests.factories.missions import make_mission

Api = Callable[[User | None], ApiClient]


def test_takes_an_offered_mission_on(api: Api, alice: User) -> None:
    mission = make_mission(alice)
    answer = api(alice).post(f"/missions/{mission.uid}/accept/")
    assert answer.status_code == 200
    assert answer.json()["state"] == "accepted"
    mission.refresh_from_db()
    assert mission.state == "accepted"
    assert mission.accepted_at is not None


def test_a_phone_that_lost_the_answer_may_ask_again(api: Api, alice: User) -> None:
    mission = make_mission(alice)
    first, second = (api(alice).post(f"/missions/{mission.uid}/accept/") for _ in range(2))
    assert first.json() == second.json()


@pytest.mark.parametrize("state", ["completed", "declined"])
def test_what_is_over_cannot_be_accepted(api: Api, alice: User, state: str) -> None:
    mission = make_mission(alice, state=state)
    answer = api(alice).post(f"/missions/{mission.uid}/accept/")
    assert answer.status_code == 409
    assert answer.json()["code"] == "mission_wrong_state"
    assert answer.json()["state"] == state


def test_foreign_missions_are_not_found_and_stay(api: Api, alice: User, bob: User, charlie: User, staff: User) -> None:
    mission = make_mission(alice)
    for actor in (bob, charlie, staff):
        assert api(actor).post(f"/missions/{mission.uid}/accept/").status_code == 404
    assert api(None).post(f"/missions/{mission.uid}/accept/").status_code == 401
    assert Mission.objects.get().state == "offered"
