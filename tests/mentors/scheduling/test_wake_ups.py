"""What makes the pump run: somebody queues, a slot is free again, and in any case the schedule."""

import time
from typing import Any

import pytest
import redis
from django.core.cache import cache

from accounts.models import User
from mentors import subscribers, tasks
from mentors.events import PumpDue, TaskOverBudget
from mentors.models import ManusAccount
from mentors.services import scheduling
from tests.mentors.scheduling.calls import State, queue, state_of
from timetravelers.schedule import SCHEDULE


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """The messages to workers, instead of sending them."""
    mail: list[dict[str, Any]] = []
    monkeypatch.setattr(tasks.pump_calls, "apply_async", lambda **options: mail.append(options))
    return mail


def test_however_many_queue_one_pump_is_on_its_way(sent: list[dict[str, Any]]) -> None:
    for _ in range(5):
        subscribers.wake_pump(PumpDue())
    assert sent == [{"queue": "turns"}]


@pytest.mark.django_db
def test_who_queues_while_it_runs_wakes_it_again(sent: list[dict[str, Any]]) -> None:
    subscribers.wake_pump(PumpDue())
    tasks.pump_calls()
    subscribers.wake_pump(PumpDue())
    assert len(sent) == 2


def test_the_same_moment_is_set_once(sent: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "time", lambda: 1_800_000_000.0)
    for delay in (30.01, 30.1, 30.4, 31.2):
        subscribers.wake_pump(PumpDue(delay))
    assert [options["countdown"] for options in sent] == [30.01, 31.2]


@pytest.mark.django_db(transaction=True)
def test_queueing_wakes_the_pump_once_it_is_committed(
    account: ManusAccount, alice: User, sent: list[dict[str, Any]]
) -> None:
    subject = queue(alice)
    assert sent == [{"queue": "turns"}]
    assert tasks.pump_calls() == 1
    assert state_of(subject) == State.ADMITTED


def test_without_valkey_the_task_ends_well_and_the_schedule_comes_by_again(monkeypatch: pytest.MonkeyPatch) -> None:
    def gone() -> scheduling.pumping.Pumped:
        raise redis.ConnectionError

    monkeypatch.setattr(tasks, "pump", gone)
    cache.set(tasks.PUMP_ON_ITS_WAY, 1)
    assert tasks.pump_calls() == 0
    assert cache.get(tasks.PUMP_ON_ITS_WAY) is None


def test_the_schedule_knows_the_work() -> None:
    wanted = {"mentors.pump_calls", "mentors.watch_spending", "mentors.reconcile_usage"}
    assert wanted <= {entry["task"] for entry in SCHEDULE.values()}


def test_a_task_over_budget_is_stopped_by_a_worker(monkeypatch: pytest.MonkeyPatch, alice: User) -> None:
    mail: list[tuple[Any, ...]] = []
    monkeypatch.setattr(tasks.stop_over_budget, "delay", lambda *words: mail.append(words))
    subscribers.stop_at_provider(TaskOverBudget(alice.uid, 7, "task-1", "session"))
    assert mail == [(7, "task-1")]
