"""The credit guard: what may be spent is held before it is spent, and the sums are those of the ledger."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.db.models import Sum
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pytest_django.fixtures import Settings

from accounts.models import User
from mentors.events import CallRefused
from mentors.models import CreditBudget, CreditEntry, ManusAccount, ProviderCall
from mentors.services import credits as guard
from mentors.services import scheduling
from mentors.services.scheduling import TaskUsage
from tests.mentors.scheduling.calls import State, admitted, call_of, make_call, queue, serve_admitted, state_of
from tests.mentors.scheduling.clock import FakeClock
from tests.mentors.scheduling.conftest import Heard
from tests.threads import at_once

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock", "account")]


@pytest.fixture
def budgets(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """No limits yet, and a first estimate of ten credits a call."""
    monkeypatch.setattr(guard, "FIRST_ESTIMATE", 10)
    found = {"day": 0, "user": 0, "session": 0}
    settings.CREDIT_BUDGETS = found
    return found


def budget(scope: str) -> tuple[int, int]:
    row = CreditBudget.objects.get(scope=scope)
    return row.held, row.spent


def ledger_sums() -> tuple[int, int]:
    """What is held and spent, by the ledger alone."""
    by_kind = dict(CreditEntry.objects.order_by().values_list("kind").annotate(Sum("amount")))
    held = by_kind.get("hold", 0) + by_kind.get("release", 0)
    return held, by_kind.get("spend", 0) + by_kind.get("correction", 0)


def test_an_admitted_call_holds_its_estimate_and_pays_what_it_cost(alice: User, budgets: dict[str, int]) -> None:
    subject = queue(alice, session=uuid4())
    scheduling.pump()
    for scope in ("day", "user", "session"):
        assert budget(scope) == (10, 0)
    make_call(subject)
    scheduling.finish(subject, credits=7)
    for scope in ("day", "user", "session"):
        assert budget(scope) == (0, 7)
    assert ledger_sums() == (0, 7)
    kinds = CreditEntry.objects.order_by("id").values_list("kind", "amount")
    assert list(kinds) == [("hold", 10), ("release", -10), ("spend", 7)]


@pytest.mark.parametrize(("scope", "room"), [("day", 3), ("user", 3), ("session", 4)])
def test_who_is_over_a_budget_is_refused_and_told_whose(
    alice: User, budgets: dict[str, int], heard: Heard, scope: str, room: int
) -> None:
    budgets[scope] = 43 if scope == "session" else 39
    session = uuid4()
    subjects = [queue(alice, session=session) for _ in range(6)]
    pumped = scheduling.pump()
    assert (pumped.admitted, pumped.refused) == (room, 6 - room)
    refused = [event for event in heard if isinstance(event, CallRefused)]
    assert {event.subject for event in refused} == set(subjects) - admitted()
    assert {(event.reason, event.scope) for event in refused} == {("budget", scope)}
    assert {state_of(event.subject) for event in refused} == {State.REFUSED}


def test_a_refusal_holds_nothing_anywhere(alice: User, budgets: dict[str, int]) -> None:
    budgets["session"] = 40
    session = uuid4()
    for _ in range(6):
        queue(alice, session=session)
    scheduling.pump()
    assert budget("day") == budget("user") == budget("session") == (40, 0)


def test_a_refusal_uses_no_slot(alice: User, bob: User, budgets: dict[str, int]) -> None:
    budgets["user"] = 10
    for _ in range(30):
        queue(alice)
    others = [queue(bob)]
    pumped = scheduling.pump()
    assert pumped.admitted == 2
    assert set(others) < admitted()


def test_what_was_not_needed_can_be_spent_by_the_next(alice: User, budgets: dict[str, int]) -> None:
    budgets["user"] = 25
    queue(alice)
    serve_admitted(credits=4)
    second, third = queue(alice), queue(alice)
    scheduling.pump()
    assert admitted() == {second, third}


def test_every_day_has_its_own_budget_and_a_session_has_one(
    alice: User, budgets: dict[str, int], clock: FakeClock
) -> None:
    budgets.update(user=15, session=40)
    session = uuid4()
    for _ in range(4):
        subject = queue(alice, session=session)
        serve_admitted(credits=10)
        assert state_of(subject) == State.DONE
        refused = queue(alice, session=session)
        scheduling.pump()
        assert state_of(refused) == State.REFUSED
        clock.advance(24 * 3600)
    fifth = queue(alice, session=session)
    scheduling.pump()
    assert call_of(fifth).refusal == "budget:session"


def test_a_call_settles_on_the_day_on_which_it_was_held(alice: User, budgets: dict[str, int], clock: FakeClock) -> None:
    subject = queue(alice)
    scheduling.pump()
    make_call(subject)
    held_on = clock.moment().date()
    clock.advance(24 * 3600)
    scheduling.finish(subject, credits=6)
    assert CreditBudget.objects.get(scope="day").day == held_on
    assert budget("day") == (0, 6)


def test_of_a_task_only_what_is_new_is_charged(alice: User, account: ManusAccount, budgets: dict[str, int]) -> None:
    first = queue(alice)
    scheduling.pump()
    make_call(first)
    scheduling.finish(first, usage=TaskUsage("task-1", 12))
    second = queue(alice, account=account)
    scheduling.pump()
    make_call(second)
    scheduling.finish(second, usage=TaskUsage("task-1", 19))
    assert (call_of(first).credits, call_of(second).credits) == (12, 7)
    assert budget("day") == (0, 19)


def test_a_call_whose_cost_nobody_knows_costs_its_estimate(alice: User, budgets: dict[str, int]) -> None:
    subject = queue(alice)
    scheduling.pump()
    make_call(subject)
    scheduling.finish(subject)
    assert budget("day") == (0, 10)


def test_a_call_that_was_not_made_costs_nothing(alice: User, budgets: dict[str, int]) -> None:
    ended, cancelled, put_back = (queue(alice) for _ in range(3))
    scheduling.pump()
    scheduling.finish(ended)
    scheduling.cancel(cancelled)
    scheduling.put_back(put_back)
    assert budget("day") == ledger_sums() == (0, 0)


def test_a_call_that_may_have_been_made_is_charged_when_it_is_cancelled(alice: User, budgets: dict[str, int]) -> None:
    subject = queue(alice)
    scheduling.pump()
    make_call(subject)
    scheduling.cancel(subject)
    assert budget("day") == (0, 10)


def test_attempts_are_held_and_settled_each(alice: User, budgets: dict[str, int]) -> None:
    subject = queue(alice)
    for _ in range(3):
        scheduling.pump()
        make_call(subject)
        scheduling.put_back(subject)
    scheduling.pump()
    make_call(subject)
    scheduling.finish(subject, credits=5)
    assert ledger_sums() == budget("day") == (0, 5)
    assert CreditEntry.objects.filter(kind="hold").count() == 4


def test_the_estimate_is_that_of_the_dearest_lately_but_no_freaks(alice: User, budgets: dict[str, int]) -> None:
    for cost in (8, 20, 5):
        queue(alice)
        serve_admitted(credits=cost)
    assert guard.estimate_of("create") == 20
    assert guard.estimate_of("send") == 10
    budgets["session"] = 60
    assert guard.estimate_of("create") == 15


def test_without_owner_and_session_only_the_day_counts(budgets: dict[str, int]) -> None:
    queue(None, lane="background")
    scheduling.pump()
    assert list(CreditBudget.objects.values_list("scope", flat=True)) == ["day"]


@given(
    st.lists(
        st.tuples(st.integers(0, 2), st.integers(0, 10), st.sampled_from(["finish", "cancel", "put_back", "idle"])),
        max_size=25,
    )
)
@hypothesis_settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_happens_the_budgets_are_the_sums_of_the_ledger_and_within_their_limits(
    clock: FakeClock, budgets: dict[str, int], alice: User, steps: list[tuple[int, int, str]]
) -> None:
    with transaction.atomic():
        _live_through(clock, budgets, alice, steps)
        transaction.set_rollback(True)


def _live_through(clock: FakeClock, budgets: dict[str, int], owner: User, steps: list[tuple[int, int, str]]) -> None:
    budgets.update(day=100, user=80, session=50)
    sessions = [uuid4() for _ in range(3)]
    for number, cost, then in steps:
        subject = queue(owner, session=sessions[number])
        clock.advance(7)
        scheduling.pump()
        if subject in admitted() and then != "idle":
            make_call(subject)
            if then == "finish":
                scheduling.finish(subject, credits=cost)
            else:
                (scheduling.cancel if then == "cancel" else scheduling.put_back)(subject)
        for row in CreditBudget.objects.all():
            assert row.held + row.spent <= budgets[row.scope]
        day = CreditBudget.objects.filter(scope="day").first()
        assert ((day.held, day.spent) if day else (0, 0)) == ledger_sums()


# What the database insists on --------------------------------------------------------------------------


def entry(**facts: object) -> None:
    account = ManusAccount.objects.get()
    defaults = {"amount": 5, "day": "2026-11-23", "subject": uuid4(), "account": account}
    CreditEntry.objects.create(**{**defaults, **facts})


@pytest.mark.parametrize(
    ("facts", "constraint"),
    [
        ({"kind": "hold", "amount": -1}, "credit_entry_sign"),
        ({"kind": "release", "amount": 1}, "credit_entry_sign"),
        ({"kind": "spend", "amount": -1}, "credit_entry_sign"),
        ({"kind": "correction", "amount": 0}, "credit_entry_sign"),
        ({"kind": "spend", "subject": None}, "credit_entry_has_subject"),
    ],
)
def test_an_entry_that_makes_no_sense_is_refused(facts: dict[str, object], constraint: str) -> None:
    with pytest.raises(IntegrityError, match=constraint):
        entry(**facts)


def test_the_same_attempt_is_not_settled_twice() -> None:
    subject = uuid4()
    entry(kind="spend", subject=subject)
    with pytest.raises(IntegrityError, match="credit_entry_once"):
        entry(kind="spend", subject=subject)


def test_what_is_held_is_never_less_than_nothing(alice: User, budgets: dict[str, int]) -> None:
    queue(alice)
    scheduling.pump()
    with pytest.raises(IntegrityError, match="credit_budget_held_not_negative"):
        CreditBudget.objects.update(held=-1)


# Races -------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_two_holds_at_once_do_not_pass_a_budget_together(
    alice: User, account: ManusAccount, clock: FakeClock, budgets: dict[str, int]
) -> None:
    budgets["user"] = 35
    day = clock.moment().date()
    calls = [call_of(queue(alice)) for _ in range(8)]
    ProviderCall.objects.update(account=account)

    def hold(number: int) -> str:
        calls[number].account_id = account.pk
        try:
            guard.hold(calls[number], 10, day)
        except guard.OverBudget as problem:
            return problem.scope
        return "held"

    outcomes = at_once(8, hold)
    assert sorted(map(str, outcomes)) == ["held"] * 3 + ["user"] * 5
    assert budget("user") == budget("day") == ledger_sums() == (30, 0)


@pytest.mark.django_db(transaction=True)
def test_two_who_finish_at_once_settle_once(alice: User, clock: FakeClock, budgets: dict[str, int]) -> None:
    subject = queue(alice)
    scheduling.pump()
    make_call(subject)
    at_once(6, lambda number: scheduling.finish(subject, credits=number + 1))
    held, spent = budget("day")
    assert (held, spent) == ledger_sums() == (0, call_of(subject).credits)
    assert 1 <= spent <= 6


def test_days_end_at_midnight_utc(alice: User, budgets: dict[str, int], clock: FakeClock) -> None:
    budgets["user"] = 10
    clock.advance(timedelta(hours=15, minutes=59, seconds=59).total_seconds())
    queue(alice)
    serve_admitted(credits=10)
    late = queue(alice)
    scheduling.pump()
    assert state_of(late) == State.REFUSED
    clock.advance(1)
    early = queue(alice)
    scheduling.pump()
    assert state_of(early) == State.ADMITTED
