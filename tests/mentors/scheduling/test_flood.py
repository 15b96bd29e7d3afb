"""Forty people, one of whom floods: nobody is refused by the provider, nobody waits for ever, nothing is lost."""

from collections import Counter
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import redis
from django.db import transaction
from pytest_django.fixtures import Settings
from redis.backoff import NoBackoff
from redis.retry import Retry

from mentors.manus import windows
from mentors.models import CreditBudget, ManusAccount, ProviderCall
from mentors.services import credits as guard
from mentors.services import scheduling
from tests.factories.accounts import make_user
from tests.mentors.scheduling.clock import FakeClock
from tests.mentors.scheduling.conftest import MakeAccounts
from tests.mentors.scheduling.provider import most_in_a_minute
from tests.mentors.scheduling.world import LIMIT, World, longest_wait_in_shares
from timetravelers.runtime.valkey import Valkey

# Seconds of work on an idle machine, and more than the usual patience on a busy one.
pytestmark = [pytest.mark.django_db, pytest.mark.timeout(600)]


@pytest.fixture
def listening(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Lets a world hear what the scheduler says, as if its transactions were committed."""

    def listen(world: World) -> World:
        for module in (scheduling.pumping, scheduling.queueing, scheduling.standings):
            monkeypatch.setattr(module, "publish", world.hear)
        return world

    return listen


def people(world: World, count: int, *, flood: int) -> None:
    """Most have three messages each, over ten minutes; the last says a great many things at once."""
    for _ in range(count - 1):
        user, session = make_user(), uuid4()
        for number in range(3):
            world.will_say(user, session, at=world.random.uniform(0, 120) + number * 200)
    flooder = make_user("flooder@example.org")
    for _ in range(flood // 2):
        session = uuid4()
        world.will_say(flooder, session, at=0)
        world.will_say(flooder, session, at=1)


def test_a_flood_on_one_account(
    account: ManusAccount, clock: FakeClock, listening: Any, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Costs vary between three and nine; the budgets are what all of it costs at most, and no more.
    monkeypatch.setattr(guard, "FIRST_ESTIMATE", 9)
    limits = {"day": 9 * 317, "user": 9 * 200, "session": 36}
    settings.CREDIT_BUDGETS = limits
    world = listening(World(clock, seed=1, cost=lambda chance: chance.randint(3, 9)))
    people(world, 40, flood=200)
    world.watchers.append(lambda: within(limits))
    world.run()
    assert world.provider.refused == []
    assert all(most_in_a_minute(heard) <= LIMIT for heard in world.provider.arrivals.values())
    assert len(world.messages) == world.provider.total() == 317
    assert set(world.provider.by_subject.values()) == {1}
    assert world.answered_once()
    assert not any(message.refused for message in world.messages.values())
    assert longest_wait_in_shares(world, [account]) <= 2
    assert not CreditBudget.objects.exclude(held=0).exists()


def within(limits: dict[str, int]) -> None:
    for scope, held, spent in CreditBudget.objects.values_list("scope", "held", "spent"):
        assert held + spent <= limits[scope]


def test_without_a_fair_queue_it_would_not_pass(account: ManusAccount, clock: FakeClock, listening: Any) -> None:
    """The judge can tell: first come, first served keeps people waiting for the whole flood."""
    world = listening(World(clock, seed=1))
    people(world, 10, flood=80)
    everybody = make_user("everybody@example.org")
    owners = {subject: message.owner for subject, message in world.messages.items()}
    for message in world.messages.values():
        message.owner = everybody
    world.run()
    for subject, message in world.messages.items():
        message.owner = owners[subject]
    assert longest_wait_in_shares(world, [account]) > 2


def test_a_flooder_over_their_budget_is_refused_and_everybody_else_is_answered(
    account: ManusAccount, clock: FakeClock, listening: Any, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guard, "FIRST_ESTIMATE", 5)
    settings.CREDIT_BUDGETS = {"day": 0, "user": 100, "session": 0}
    world = listening(World(clock, seed=2))
    people(world, 8, flood=60)
    world.watchers.append(lambda: within({"day": 10**9, "user": 100, "session": 10**9}))
    world.run()
    refused = Counter(message.owner.email for message in world.messages.values() if message.refused)
    assert refused == {"flooder@example.org": 40}
    assert world.answered_once()
    assert world.provider.refused == []


def test_four_accounts_carry_four_times_as_much(make_accounts: MakeAccounts, clock: FakeClock, listening: Any) -> None:
    """In six minutes with more to do than can be done."""
    carried = {}
    for accounts in (1, 4):
        with transaction.atomic():
            made = make_accounts(accounts)
            carried[accounts] = calls_in_six_minutes(listening(World(clock, seed=3)), clock, accounts)
            assert len(made) == accounts
            transaction.set_rollback(True)
    assert carried[4] / carried[1] == pytest.approx(4, rel=0.05)


def calls_in_six_minutes(world: World, clock: FakeClock, accounts: int) -> int:
    users = [make_user() for _ in range(20)]
    for number in range(75 * accounts):
        world.will_say(users[number % 20], uuid4(), at=0)
    world.run(until=clock.seconds() + 360)
    world.close()
    assert world.provider.refused == []
    assert set(world.calls_by_account()) == set(ManusAccount.objects.values_list("pk", flat=True))
    return world.provider.total()


def test_valkey_killed_and_back(
    account: ManusAccount, clock: FakeClock, listening: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """It forgets everything, in the middle of a flood: no call is lost, and the rows say what it no longer knows."""
    valkey = Valkey(tmp_path / "valkey", durable=False)
    valkey.begin()
    valkey.wait()
    client = redis.Redis.from_url(valkey.url, socket_timeout=2, retry=Retry(NoBackoff(), 0))
    shared = windows.Windows(clock=clock.seconds, client=lambda: client)
    monkeypatch.setattr(windows, "shared", lambda: shared)
    try:
        world = listening(World(clock, seed=5))
        begin = clock.seconds()
        users = [make_user() for _ in range(6)]
        for number in range(60):
            world.will_say(users[number % 6], uuid4(), at=number / 10)
        world.run(until=begin + 70)
        valkey.stop()
        world.run(until=begin + 95)
        assert ProviderCall.objects.filter(state="queued").count() >= 30
        valkey.begin()
        valkey.wait()
        world.run()
    finally:
        client.close()
        valkey.stop()
    assert world.answered_once()
    assert world.provider.refused == []
    assert world.provider.total() == 60
    assert clock.seconds() - begin < 600


def test_the_same_without_the_rows_would_go_over(
    account: ManusAccount, clock: FakeClock, listening: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The judge can tell: windows that come back empty let a second minute's worth through."""
    monkeypatch.setattr(scheduling.pumping, "calls_to_remember", lambda: iter(()))
    world = listening(World(clock, seed=5))
    user = make_user()
    for _ in range(25):
        world.will_say(user, uuid4(), at=0)
    world.run(until=clock.seconds() + 15)
    windows.shared().client().delete(*windows.shared().client().scan_iter(match="*:manus:*", count=1000))
    world.run()
    assert world.provider.refused
