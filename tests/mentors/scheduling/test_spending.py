"""What tasks cost while they run and afterwards, as the provider says: dear ones are stopped, differences booked."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from pytest_django.fixtures import Settings

from accounts.models import User
from mentors.events import TaskOverBudget
from mentors.manus import accounts, windows
from mentors.manus.simulator.server import Settings as SimulatorSettings
from mentors.manus.simulator.server import SimulatorServer
from mentors.models import CreditBudget, CreditEntry, ProviderCall
from mentors.services import credits as guard
from mentors.services import scheduling, spending
from mentors.services.scheduling import TaskUsage
from tests.mentors.scheduling.calls import call_of, queue
from tests.mentors.scheduling.clock import FakeClock
from timetravelers.kit import events

pytestmark = pytest.mark.django_db
KEY = "a-key-of-the-simulator"


@pytest.fixture
def manus(settings: Settings, clock: FakeClock, monkeypatch: pytest.MonkeyPatch) -> Iterator[SimulatorServer]:
    """The provider, without limits of its own, and one account there."""
    monkeypatch.setattr(guard, "FIRST_ESTIMATE", 10)
    settings.CREDIT_BUDGETS = {"day": 0, "user": 0, "session": 0}
    settings.MANUS_PER_MINUTE = {}
    chosen = SimulatorSettings(api_keys=[KEY], think_seconds=0.02, rate_factor=0.0, seed=7)
    with SimulatorServer(chosen) as server:
        settings.MANUS_BASE_URL, settings.MANUS_API_KEY = server.url, KEY
        accounts.forget()
        yield server
    accounts.forget()


@pytest.fixture
def over_budget(monkeypatch: pytest.MonkeyPatch) -> list[TaskOverBudget]:
    said: list[TaskOverBudget] = []
    monkeypatch.setattr(spending, "publish", said.append)
    return said


def talk(owner: User, session: UUID | None = None) -> tuple[UUID, str]:
    """A call that was made, and the task it went to, which has stopped by now."""
    subject = queue(owner, session=session)
    scheduling.pump()
    with scheduling.sending(subject) as leave:
        task = accounts.client_of(leave.account).create_task("Hello.", hide_in_task_list=False).task_id
    scheduling.sent(subject, task=task)
    until_stopped(leave.account, task)
    return subject, task


def until_stopped(account: int, task: str) -> None:
    deadline = time.monotonic() + 15
    while accounts.client_of(account).task_detail(task).task.status == "running":
        assert time.monotonic() < deadline
        time.sleep(0.02)


def cost_of(task: str) -> int:
    (account,) = accounts.usable()
    return accounts.client_of(account.pk).task_detail(task).task.credit_usage or 0


# Tasks that run ----------------------------------------------------------------------------------------


def test_a_running_task_over_its_sessions_budget_is_reported_once(
    manus: SimulatorServer, alice: User, clock: FakeClock, settings: Settings, over_budget: list[TaskOverBudget]
) -> None:
    subject, task = talk(alice, uuid4())
    settings.CREDIT_BUDGETS = {"day": 0, "user": 0, "session": cost_of(task) - 1}
    assert spending.watch_spending() == 0, "it has not run for long"
    clock.advance(30)
    assert spending.watch_spending() == 1
    assert spending.watch_spending() == 0
    account = call_of(subject).account_id
    assert over_budget == [TaskOverBudget(subject, account or 0, task, "session")]


def test_within_the_budget_nothing_is_stopped(
    manus: SimulatorServer, alice: User, clock: FakeClock, settings: Settings, over_budget: list[TaskOverBudget]
) -> None:
    _, task = talk(alice, uuid4())
    limit = cost_of(task)
    settings.CREDIT_BUDGETS = {"day": limit, "user": limit, "session": limit}
    clock.advance(30)
    assert spending.watch_spending() == 0
    assert over_budget == []


def test_what_was_paid_for_earlier_turns_counts_once(
    manus: SimulatorServer, alice: User, clock: FakeClock, settings: Settings, over_budget: list[TaskOverBudget]
) -> None:
    session = uuid4()
    first, task = talk(alice, session)
    spent = cost_of(task)
    scheduling.finish(first, usage=TaskUsage(task, spent))
    account = call_of(first).account
    second = queue(alice, account=account, session=session)
    scheduling.pump()
    with scheduling.sending(second) as leave:
        pass
    scheduling.sent(second, task=task)
    settings.CREDIT_BUDGETS = {"day": 0, "user": 0, "session": spent}
    clock.advance(30)
    assert spending.watch_spending() == 0, "the second turn has cost nothing yet"
    assert account is not None
    assert leave.account == account.pk
    settings.CREDIT_BUDGETS = {"day": 0, "user": 0, "session": spent - 1}
    assert spending.watch_spending() == 1


def test_a_task_over_budget_is_stopped_at_the_provider(manus: SimulatorServer, alice: User) -> None:
    subject, task = talk(alice)
    account = call_of(subject).account_id or 0
    accounts.client_of(account).send_message(task, "And once more, please.")
    spending.stop_task(account, task)
    assert accounts.client_of(account).task_detail(task).task.status == "stopped"


def test_a_provider_that_does_not_say_stops_nobody(
    manus: SimulatorServer, alice: User, clock: FakeClock, settings: Settings, over_budget: list[TaskOverBudget]
) -> None:
    talk(alice)
    settings.CREDIT_BUDGETS = {"day": 0, "user": 1, "session": 0}
    clock.advance(30)
    manus.arm("task.detail", "500", times=9)
    assert spending.watch_spending() == 0
    assert over_budget == []
    manus.faults.clear()
    assert spending.watch_spending() == 1


def test_whoever_was_looked_at_least_lately_is_looked_at_next(
    manus: SimulatorServer, alice: User, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spending, "WATCHED_AT_ONCE", 1)
    subjects = [talk(alice)[0] for _ in range(3)]
    clock.advance(30)
    for _ in range(3):
        spending.watch_spending()
        clock.advance(1)
    assert ProviderCall.objects.filter(subject__in=subjects, looked_at__isnull=True).count() == 0


# The provider's ledger ---------------------------------------------------------------------------------


def test_what_the_provider_booked_otherwise_is_corrected_once(
    manus: SimulatorServer, alice: User, clock: FakeClock
) -> None:
    subject, task = talk(alice, uuid4())
    scheduling.finish(subject, usage=TaskUsage(task, 1))
    clock.advance(3600)
    real = cost_of(task)
    assert spending.reconcile_usage() == 1
    assert spending.reconcile_usage() == 0
    for scope in ("day", "user", "session"):
        assert CreditBudget.objects.get(scope=scope).spent == real
    correction = CreditEntry.objects.get(kind="correction")
    assert (correction.amount, correction.task, correction.owner) == (real - 1, task, alice)


def test_what_agrees_is_left_alone(manus: SimulatorServer, alice: User, clock: FakeClock) -> None:
    subject, task = talk(alice)
    scheduling.finish(subject, usage=TaskUsage(task, cost_of(task)))
    clock.advance(3600)
    assert spending.reconcile_usage() == 0
    assert not CreditEntry.objects.filter(kind="correction").exists()


def test_what_still_runs_or_ended_just_now_is_not_compared(
    manus: SimulatorServer, alice: User, clock: FakeClock
) -> None:
    subject, task = talk(alice)
    clock.advance(3600)
    assert spending.reconcile_usage() == 0
    scheduling.finish(subject, usage=TaskUsage(task, 1))
    clock.advance(60)
    assert spending.reconcile_usage() == 0


def test_a_call_settled_at_its_estimate_is_put_right(manus: SimulatorServer, alice: User, clock: FakeClock) -> None:
    subject, task = talk(alice)
    scheduling.finish(subject)
    assert CreditBudget.objects.get(scope="day").spent == 10
    clock.advance(3600)
    spending.reconcile_usage()
    assert CreditBudget.objects.get(scope="day").spent == cost_of(task)


def test_a_task_whose_beginning_is_beyond_the_last_page_is_not_compared(
    manus: SimulatorServer, alice: User, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock.go_back_to(datetime(2020, 1, 1, tzinfo=UTC))
    subject, task = talk(alice)
    scheduling.finish(subject, usage=TaskUsage(task, 1))
    clock.advance(3600)
    talk(alice)
    clock.advance(3600)
    monkeypatch.setattr(spending, "PAGES", 1)
    monkeypatch.setattr(spending, "PAGE", 1)
    assert spending.reconcile_usage() == 0


def test_tasks_of_others_on_the_same_account_change_nothing(
    manus: SimulatorServer, alice: User, clock: FakeClock
) -> None:
    windows.shared().warm([])
    (account,) = accounts.usable()
    task = accounts.client_of(account.pk).create_task("Somebody else's.").task_id
    until_stopped(account.pk, task)
    assert spending.reconcile_usage() == 0
    assert not CreditEntry.objects.exists()


def test_a_provider_that_cannot_be_asked_changes_nothing(manus: SimulatorServer, alice: User, clock: FakeClock) -> None:
    subject, task = talk(alice)
    scheduling.finish(subject, usage=TaskUsage(task, 1))
    clock.advance(3600)
    manus.arm("usage.list", "500", times=9)
    assert spending.reconcile_usage() == 0


# By event ----------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_the_stop_is_announced_when_it_is_committed(
    manus: SimulatorServer, alice: User, clock: FakeClock, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[TaskOverBudget] = []
    subject, _ = talk(alice)
    settings.CREDIT_BUDGETS = {"day": 1, "user": 0, "session": 0}
    monkeypatch.setitem(events._on_commit, TaskOverBudget, [said.append])
    clock.advance(30)
    spending.watch_spending()
    assert [(event.subject, event.scope) for event in said] == [(subject, "day")]
