"""Where one stands: what is told is what happens, and it is told when it changes."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from accounts.models import User
from mentors.events import StandingChanged
from mentors.manus import accounts
from mentors.models import ManusAccount, ProviderCall
from mentors.services import scheduling
from mentors.services.scheduling import Standing
from tests.factories.accounts import make_user
from tests.mentors.scheduling.calls import admitted, queue, serve, serve_admitted
from tests.mentors.scheduling.clock import FakeClock
from tests.mentors.scheduling.conftest import Heard, MakeAccounts

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def fill(user: User) -> None:
    """Use the minute up."""
    for _ in range(10):
        queue(user)
    serve_admitted()


def about(seconds: float) -> Any:
    """That time, whatever the arithmetic of moments does to its last digits."""
    return pytest.approx(seconds, abs=0.01)


def told(heard: Heard) -> dict[UUID, StandingChanged]:
    """The latest word to each."""
    return {event.subject: event for event in heard if isinstance(event, StandingChanged)}


def test_who_is_next_and_has_a_slot_waits_for_nothing(account: ManusAccount, alice: User) -> None:
    assert scheduling.standing(queue(alice)) == Standing(1, 0.0)


def test_what_is_idle(account: ManusAccount, alice: User) -> None:
    assert scheduling.idle_share() == 1.0
    queue(alice)
    serve_admitted()
    assert scheduling.idle_share() == 0.9
    fill(alice)
    assert scheduling.idle_share() == 0.0


def test_what_does_not_wait_has_no_standing(account: ManusAccount, alice: User) -> None:
    subject = queue(alice)
    scheduling.pump()
    assert scheduling.standing(subject) == Standing(0, 0.0)
    scheduling.finish(subject, credits=1)
    assert scheduling.standing(subject) is None
    assert scheduling.standing(uuid4()) is None


def test_position_is_that_in_the_round_and_not_that_of_arrival(account: ManusAccount, alice: User, bob: User) -> None:
    flood = [queue(alice) for _ in range(30)]
    late = queue(bob)
    standing = scheduling.standing(late)
    assert standing is not None
    assert standing.position == 2
    last = scheduling.standing(flood[-1])
    assert last is not None
    assert last.position == 31


def test_who_stands_behind_a_full_window_is_told_when_it_opens(
    account: ManusAccount, alice: User, clock: FakeClock
) -> None:
    fill(alice)
    clock.advance(12)
    for _ in range(10):
        queue(alice)
    eleventh = queue(alice)
    assert scheduling.standing(eleventh) == Standing(11, about(50 + 62))


def test_what_was_told_is_what_happens(make_accounts: MakeAccounts, clock: FakeClock) -> None:
    make_accounts(2)
    users = [make_user() for _ in range(7)]
    begin = clock.seconds()
    expected = {}
    for number in range(70):
        subject = queue(users[number * number % 7])
        expected[subject] = subject
    promised = {}
    for subject in expected:
        standing = scheduling.standing(subject)
        assert standing is not None
        assert standing.eta_seconds is not None
        promised[subject] = standing
    assert sorted(one.position for one in promised.values()) == list(range(1, 71))
    for _ in range(20):
        pumped = scheduling.pump()
        for subject in admitted():
            assert clock.seconds() - begin == pytest.approx(promised[subject].eta_seconds, abs=0.2)
        serve(admitted())
        if pumped.pause is None:
            break
        clock.advance(pumped.pause)
    assert not ProviderCall.objects.filter(state="queued").exists()


def test_deeper_than_anybody_looks_the_order_still_holds(account: ManusAccount, alice: User) -> None:
    subjects = [queue(alice) for _ in range(52)]
    deep, last = scheduling.standing(subjects[-1]), scheduling.standing(subjects[49])
    assert deep is not None
    assert last is not None
    assert (last.position, deep.position) == (50, 52)
    assert (deep.eta_seconds or 0) > (last.eta_seconds or 0)


def test_those_who_wait_are_told_where_they_stand_and_nobody_twice(
    account: ManusAccount, alice: User, clock: FakeClock, heard: Heard
) -> None:
    fill(alice)
    waiting = [queue(alice) for _ in range(3)]
    scheduling.pump()
    assert {one: (said.position, said.eta_seconds) for one, said in told(heard).items()} == {
        subject: (place, about(62.0)) for place, subject in enumerate(waiting, start=1)
    }
    heard.clear()
    for _ in range(10):
        clock.advance(3)
        scheduling.pump()
    assert told(heard) == {}, "phones count down by themselves"


def test_a_new_position_is_told(account: ManusAccount, alice: User, clock: FakeClock, heard: Heard) -> None:
    fill(alice)
    first, second = queue(alice), queue(alice)
    scheduling.pump()
    heard.clear()
    clock.advance(3)
    scheduling.cancel(first)
    scheduling.pump()
    assert told(heard) == {second: StandingChanged(second, 1, about(59.0))}


def test_nobody_is_told_more_often_than_every_other_second(
    account: ManusAccount, alice: User, clock: FakeClock, heard: Heard
) -> None:
    fill(alice)
    subjects = [queue(alice) for _ in range(5)]
    scheduling.pump()
    heard.clear()
    for subject in subjects[:-1]:
        clock.advance(0.4)
        scheduling.cancel(subject)
        scheduling.pump()
    assert told(heard) == {}
    clock.advance(0.5)
    scheduling.pump()
    assert set(told(heard)) == {subjects[-1]}


def test_a_moment_that_moves_is_told(account: ManusAccount, alice: User, clock: FakeClock, heard: Heard) -> None:
    fill(alice)
    subject = queue(alice)
    scheduling.pump()
    heard.clear()
    clock.advance(10)
    ManusAccount.objects.update(limits={"task.create": 11})
    accounts.forget()
    ManusAccount.objects.update(limits={"task.create": 9})
    accounts.forget()
    ProviderCall.objects.filter(subject=subject).update(told_due=clock.moment())
    scheduling.pump()
    assert told(heard)[subject].eta_seconds == about(52.0)


def test_only_people_who_watch_are_told(account: ManusAccount, alice: User, heard: Heard) -> None:
    fill(alice)
    queue(alice, lane="insight")
    queue(None, lane="background")
    scheduling.pump()
    assert told(heard) == {}


def test_while_no_account_can_be_called_no_time_is_told(
    account: ManusAccount, alice: User, clock: FakeClock, heard: Heard
) -> None:
    subject = queue(alice)
    ManusAccount.objects.update(is_active=False)
    accounts.forget()
    scheduling.pump()
    assert told(heard)[subject] == StandingChanged(subject, 1, None)
