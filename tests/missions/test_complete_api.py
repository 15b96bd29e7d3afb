"""POST /missions/{uid}/complete/: with enough evidence, once, and with its reward."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import pytest

from accounts.models import User
from missions.events import MissionCompleted
from missions.models import Evidence, Mission, Reward
from tests.actors import ApiClient
from tests.factories.missions import make_mission, make_template
from timetravelers.kit import events

Api = Callable[[User | None], ApiClient]


@contextmanager
def heard() -> Iterator[list[MissionCompleted]]:
    """Completions that were published meanwhile."""
    found: list[MissionCompleted] = []
    events.subscribe(MissionCompleted, found.append, in_transaction=True)
    try:
        yield found
    finally:
        events._in_transaction[MissionCompleted].remove(found.append)


def under_way(user: User, *shown: tuple[str, str], **rule: Any) -> Mission:
    mission = make_mission(user, state=Mission.State.ACCEPTED, template=make_template("ask", **rule))
    for kind, content in shown:
        Evidence.objects.create(mission=mission, kind=kind, content=content)
    return mission


def complete(client: ApiClient, uid: UUID) -> Any:
    return client.post(f"/missions/{uid}/complete/")


def test_ends_the_mission_and_enters_the_reward(api: Api, alice: User) -> None:
    mission = under_way(alice, ("text", "Sales fell on Thursdays."), reward_points=25)
    with heard() as published:
        answer = complete(api(alice), mission.uid)
    assert answer.status_code == 200, answer.content
    assert answer.json()["state"] == "completed"
    mission.refresh_from_db()
    reward = Reward.objects.get()
    assert (reward.user, reward.mission, reward.points) == (alice, mission, 25)
    assert reward.earned_at == mission.ended_at
    assert published == [MissionCompleted(mission.uid, alice.pk, "ask", 25)]


def test_completing_again_changes_nothing(api: Api, alice: User) -> None:
    mission = under_way(alice, ("text", "Sales fell on Thursdays."))
    with heard() as published:
        first, second = (complete(api(alice), mission.uid) for _ in range(2))
    assert first.json() == second.json()
    assert Reward.objects.count() == len(published) == 1


@pytest.mark.parametrize(
    ("shown", "rule", "code"),
    [
        ([], {}, "nothing_shown"),
        ([], {"evidence_min_words": 0}, "nothing_shown"),
        ([("text", "Two words")], {}, "too_few_words"),
        ([("link", "https://example.org/a/b/c/d")], {}, "too_few_words"),
        ([("text", "... --- !!! ???")], {}, "too_few_words"),
        ([("text", "Plenty of words here")], {"evidence_kinds": ["link"]}, "nothing_shown"),
    ],
)
def test_says_what_is_missing(
    api: Api, alice: User, shown: list[tuple[str, str]], rule: dict[str, Any], code: str
) -> None:
    mission = under_way(alice, *shown, **rule)
    answer = complete(api(alice), mission.uid)
    assert answer.status_code == 422
    assert answer.json()["code"] == "evidence_missing"
    assert answer.json()["errors"][0]["code"] == code
    assert Mission.objects.get().state == "accepted"
    assert not Reward.objects.exists()


@pytest.mark.parametrize(
    ("shown", "rule"),
    [
        ([("text", "Two words"), ("text", "and more")], {}),
        ([("link", "https://example.org/")], {"evidence_min_words": 0}),
        ([("link", "https://example.org/")], {"evidence_kinds": ["link"], "evidence_min_words": 50}),
    ],
)
def test_takes_enough_for_enough(api: Api, alice: User, shown: list[tuple[str, str]], rule: dict[str, Any]) -> None:
    assert complete(api(alice), under_way(alice, *shown, **rule).uid).status_code == 200


@pytest.mark.parametrize("state", ["offered", "declined"])
def test_only_missions_under_way_are_completed(api: Api, alice: User, state: str) -> None:
    mission = make_mission(alice, state=state)
    Evidence.objects.create(mission=mission, kind="text", content="Plenty of words here")
    answer = complete(api(alice), mission.uid)
    assert answer.status_code == 409
    assert answer.json()["code"] == "mission_wrong_state"
    assert not Reward.objects.exists()


def test_foreign_missions_are_not_completed(api: Api, alice: User, bob: User, charlie: User) -> None:
    mission = under_way(alice, ("text", "Plenty of words here"))
    for actor in (bob, charlie):
        assert complete(api(actor), mission.uid).status_code == 404
    assert Mission.objects.get().state == "accepted"
    assert not Reward.objects.exists()
