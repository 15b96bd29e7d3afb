"""Missions in the admin: looked at, never written."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from missions.models import Evidence
from tests.factories.missions import make_mission, make_reward, make_template

TABLES = ("missiontemplate", "mission", "reward")


@pytest.fixture
def desk(client: Client, staff: User) -> Client:
    client.force_login(staff, "allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.mark.parametrize("table", TABLES)
def test_staff_look_and_do_not_touch(desk: Client, alice: User, table: str) -> None:
    reward = make_reward(alice)
    rows = {"missiontemplate": reward.mission.template, "mission": reward.mission, "reward": reward}
    path = f"/admin/missions/{table}/"
    assert desk.get(path).status_code == 200
    assert desk.get(f"{path}{rows[table].pk}/change/").status_code == 200
    assert desk.post(f"{path}{rows[table].pk}/change/", {"points": 500}).status_code == 403
    assert desk.post(f"{path}{rows[table].pk}/delete/", {"post": "yes"}).status_code == 403
    assert desk.get(f"{path}add/").status_code == 403


@pytest.mark.parametrize("table", TABLES)
def test_lists_do_not_query_per_row(desk: Client, alice: User, table: str, django_assert_max_num_queries: Any) -> None:
    desk.get(f"/admin/missions/{table}/")
    for _ in range(10):
        make_reward(alice)
    with django_assert_max_num_queries(7):
        assert desk.get(f"/admin/missions/{table}/").status_code == 200


@pytest.mark.parametrize("words", ["alice@example.org", "ask"])
def test_staff_find_missions(desk: Client, alice: User, bob: User, words: str) -> None:
    make_mission(alice, template=make_template("ask"))
    make_mission(bob, template=make_template("other"))
    page = desk.get("/admin/missions/mission/", {"q": words}).content.decode()
    assert "1 mission" in page


def test_staff_find_a_mission_by_uid_and_nothing_by_nonsense(desk: Client, alice: User) -> None:
    mission = make_mission(alice)
    for words, found in ((str(mission.uid), "1 mission"), ("nonsense", "0 missions")):
        assert found in desk.get("/admin/missions/mission/", {"q": words}).content.decode()


def test_what_people_wrote_is_not_shown_to_staff(desk: Client, alice: User) -> None:
    mission = make_mission(alice, state="accepted")
    Evidence.objects.create(mission=mission, kind="text", content="between us")
    page = desk.get(f"/admin/missions/mission/{mission.pk}/change/").content.decode()
    assert "between us" not in page
