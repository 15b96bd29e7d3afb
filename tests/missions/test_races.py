"""Two at once: rows and constraints decide, and each side gets a sensible answer."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from typing import TypeVar
from uuid import uuid4

import pytest
from django.db import connection

from accounts.models import User
from missions.errors import MissionWrongState
from missions.models import Evidence, Mission, Reward
from missions.services import accept_mission, complete_mission, decline_mission, offer_mission
from tests.factories.accounts import make_user
from tests.factories.mentors import make_traveler
from tests.factories.missions import make_mission, make_template

R = TypeVar("R")
SIDES = 6

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*calls: Callable[[], R]) -> list[R | Exception]:
    """Start all calls at the same moment, each on its own connection; what they return or raise."""
    barrier = Barrier(len(calls))

    def run(call: Callable[[], R]) -> R | Exception:
        try:
            connection.ensure_connection()
            barrier.wait(timeout=10)
            return call()
        except Exception as exc:  # noqa: BLE001 - handed to the test
            return exc
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


@pytest.fixture
def person(transactional_db: None) -> User:
    return make_user()


def test_two_completions_are_one_reward(person: User) -> None:
    mission = make_mission(person, state=Mission.State.ACCEPTED)
    Evidence.objects.create(mission=mission, kind="text", content="Plenty of words here")
    outcomes = at_once(*[partial(complete_mission, mission=mission.uid, actor=person)] * SIDES)
    assert outcomes == [mission] * SIDES
    assert Reward.objects.count() == 1


def test_two_offers_of_one_session_are_one_mission(person: User) -> None:
    traveler, origin = make_traveler(), uuid4()
    for _ in range(SIDES):
        make_template()
    offer = partial(
        offer_mission,
        user_id=person.pk,
        traveler_id=traveler.pk,
        origin=origin,
        field_code=None,
        skill_keys=(),
    )
    outcomes = at_once(*[offer] * SIDES)
    assert outcomes == [Mission.objects.get()] * SIDES


def test_offers_of_two_sessions_are_two_tasks(person: User) -> None:
    traveler = make_traveler()
    for _ in range(SIDES):
        make_template()
    offers = [
        partial(
            offer_mission,
            user_id=person.pk,
            traveler_id=traveler.pk,
            origin=uuid4(),
            field_code=None,
            skill_keys=(),
        )
        for _ in range(SIDES)
    ]
    outcomes = at_once(*offers)
    assert all(isinstance(outcome, Mission) for outcome in outcomes), outcomes
    assert Mission.objects.values("template").distinct().count() == SIDES


def test_accept_and_decline_at_once_end_in_one_history(person: User) -> None:
    mission = make_mission(person)
    accepted, declined = at_once(
        partial(accept_mission, mission=mission.uid, actor=person),
        partial(decline_mission, mission=mission.uid, actor=person),
    )
    # An accepted mission may be given up, a declined one may not be accepted.
    assert Mission.objects.get().state == "declined"
    assert isinstance(declined, Mission)
    assert isinstance(accepted, Mission | MissionWrongState)


def test_complete_and_decline_at_once_pay_only_what_was_completed(person: User) -> None:
    mission = make_mission(person, state=Mission.State.ACCEPTED)
    Evidence.objects.create(mission=mission, kind="text", content="Plenty of words here")
    outcomes = at_once(
        partial(complete_mission, mission=mission.uid, actor=person),
        partial(decline_mission, mission=mission.uid, actor=person),
    )
    assert [type(outcome) for outcome in outcomes].count(MissionWrongState) == 1
    assert Reward.objects.exists() == (Mission.objects.get().state == "completed")
