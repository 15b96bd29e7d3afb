"""offer_mission: the best next mission, once per session, and never the same task twice."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.models import User
from mentors.models import Traveler
from missions.models import Mission
from missions.services import offer_mission
from tests.factories.accounts import make_profile, make_user
from tests.factories.mentors import make_traveler
from tests.factories.missions import make_mission, make_template


@pytest.fixture
def traveler(db: None) -> Traveler:
    return make_traveler("ada")


def offer(user: User, traveler: Traveler, origin: UUID | None = None, **wish: Any) -> Mission | None:
    asked = {"field_code": "15-0000", "skill_keys": ["python"], **wish}
    return offer_mission(user_id=user.pk, traveler_id=traveler.pk, origin=origin, **asked)


def offered(user: User, traveler: Traveler, **wish: Any) -> str:
    mission = offer(user, traveler, uuid4(), **wish)
    assert mission is not None
    return mission.template.slug


def test_puts_it_on_the_board_with_a_reason(alice: User, traveler: Traveler) -> None:
    make_template("ask", skills=["python", "sql"], field_codes=["15-0000"], difficulty=3)
    origin = uuid4()
    mission = offer(alice, traveler, origin)
    assert mission is not None
    mission.refresh_from_db()
    assert (mission.user, mission.traveler, mission.origin) == (alice, traveler, origin)
    assert mission.state == "offered"
    assert mission.reason == (
        "It trains what came up for you (Python), belongs to your field and takes about 60 minutes."
    )


def test_nothing_to_offer_is_none(alice: User, traveler: Traveler) -> None:
    assert offer(alice, traveler, uuid4()) is None


@pytest.mark.parametrize("tasks", [1, 2])
def test_one_mission_a_session(alice: User, traveler: Traveler, tasks: int) -> None:
    for _ in range(tasks):
        make_template()
    origin = uuid4()
    first, again = offer(alice, traveler, origin), offer(alice, traveler, origin)
    assert first == again
    assert Mission.objects.count() == 1


def test_a_declined_offer_stays_the_session_s_one(alice: User, traveler: Traveler) -> None:
    make_template()
    origin = uuid4()
    declined = make_mission(alice, state="declined", origin=origin)
    assert offer(alice, traveler, origin) == declined


def test_another_s_session_gives_nothing(alice: User, bob: User, traveler: Traveler) -> None:
    make_template()
    origin = uuid4()
    make_mission(bob, origin=origin)
    assert offer(alice, traveler, origin) is None


@pytest.mark.parametrize("state", ["offered", "accepted", "completed", "declined"])
def test_a_task_is_offered_once_in_any_version(alice: User, traveler: Traveler, state: str) -> None:
    old = make_template("ask", is_current=False)
    make_mission(alice, template=old, state=state)
    make_template("ask", version=2)
    assert offer(alice, traveler, uuid4()) is None


def test_what_others_did_does_not_matter(alice: User, bob: User, traveler: Traveler) -> None:
    template = make_template("ask")
    make_mission(bob, template=template)
    assert offered(alice, traveler) == "ask"


def test_old_versions_are_not_offered(alice: User, traveler: Traveler) -> None:
    make_template("ask", is_current=False)
    assert offer(alice, traveler, uuid4()) is None


def test_tasks_of_other_fields_are_not_offered(alice: User, traveler: Traveler) -> None:
    make_template("care", field_codes=["29-0000"], skills=["python"])
    assert offer(alice, traveler, uuid4()) is None
    assert offer(alice, traveler, uuid4(), field_code=None) is None
    make_template("anywhere", field_codes=[])
    assert offered(alice, traveler) == "anywhere"


def test_who_has_no_profile_starts_easy(charlie: User, traveler: Traveler) -> None:
    make_template("hard", difficulty=4, skills=["python"], field_codes=["15-0000"])
    make_template("easy", difficulty=1)
    assert offered(charlie, traveler) == "easy"
    experienced = make_user()
    make_profile(experienced, years_experience=12)
    assert offered(experienced, traveler) == "hard"


def test_without_session_it_may_be_asked_again(alice: User, traveler: Traveler) -> None:
    make_template("one")
    make_template("two")
    slugs = {mission.template.slug for _ in range(2) if (mission := offer(alice, traveler))}
    assert slugs == {"one", "two"}


def test_a_traveler_that_is_not_there_is_a_bug_and_says_so(alice: User) -> None:
    make_template()

    @transaction.atomic
    def offer_and_commit() -> None:
        offer(alice, Traveler(pk=10**9))
        connection.check_constraints()

    with pytest.raises(IntegrityError):
        offer_and_commit()


def test_queries_do_not_grow_with_templates(
    alice: User, traveler: Traveler, django_assert_max_num_queries: Any
) -> None:
    for _ in range(8):
        make_template(skills=["python", "sql"])
    with django_assert_max_num_queries(9):
        offer(alice, traveler, uuid4())
