"""Turns and the scheduler: when they may call, where they stand, what they cost, and what happens without a budget."""

from datetime import timedelta
from uuid import UUID, uuid4

import msgspec
import pytest
from pytest_django.fixtures import Settings

from accounts.models import User
from consciousness.announcements import StandingTold
from consciousness.models import Session, Turn
from consciousness.services.calls import settle, unsettled
from consciousness.services.standings import note_standing, note_task_over_budget
from consciousness.services.steps import due_turns, step, wake_call, wake_reference
from consciousness.services.turns import cancel_turn, retry_turn
from mentors.engines import EngineError
from mentors.manus.simulator.records import TaskRecord
from mentors.manus.simulator.server import SimulatorServer
from mentors.models import CreditEntry, ProviderCall
from mentors.services.scheduling import pump
from tests.actors import ApiClient
from tests.consciousness.driving import (
    State,
    age,
    carried_out,
    die_after_intent,
    drive,
    kinds_of,
    last_event,
    reach,
    replies_in,
    says,
    step_now,
    turn_of,
)
from timetravelers.kit.clock import now


def call_of(turn: UUID) -> ProviderCall:
    return ProviderCall.objects.get(subject=turn)


def spent() -> int:
    return sum(CreditEntry.objects.filter(kind="spend").values_list("amount", flat=True))


# In line -------------------------------------------------------------------------------------------------


def test_a_turn_stands_in_line_from_the_moment_it_is_said(session: Session, manus: SimulatorServer) -> None:
    turn = says(session).turn
    call = call_of(turn)
    assert (call.kind, call.lane, call.owner_id, call.session_ref) == ("create", "live", session.user.pk, session.uid)
    step(turn)
    assert turn_of(turn).state == State.QUEUED
    assert manus.calls.summary() == {}
    assert due_turns() == []
    pump()
    wake_call(turn)
    assert due_turns() == [turn]
    step(turn)
    assert turn_of(turn).state == State.RUNNING


def test_the_next_turn_stands_in_line_when_the_one_before_has_ended(session: Session, manus: SimulatorServer) -> None:
    first = says(session).turn
    reach(first, State.RUNNING)
    second = says(session, "And then?").turn
    assert last_event(session)["data"] == {"turn": str(second), "position": 1, "eta_s": None}
    assert not ProviderCall.objects.filter(subject=second).exists()
    drive(first)
    step_now(second)
    call = call_of(second)
    assert (call.kind, call.account_id) == ("send", Session.objects.get().provider_account_id)
    assert last_event(session)["data"]["eta_s"] is not None


def test_a_cancelled_turn_leaves_the_line(session: Session, manus: SimulatorServer) -> None:
    turn = says(session).turn
    cancel_turn(session=session.uid, turn=turn, actor=session.user)
    assert call_of(turn).state == "cancelled"
    assert spent() == 0


def test_one_that_was_admitted_gives_back_what_is_held_for_it(session: Session, manus: SimulatorServer) -> None:
    turn = says(session).turn
    pump()
    assert call_of(turn).state == "admitted"
    cancel_turn(session=session.uid, turn=turn, actor=session.user)
    assert call_of(turn).ended_at is not None
    assert spent() == 0


def test_where_a_turn_stands_is_told_aside_and_the_newest_can_be_asked(
    session: Session, manus: SimulatorServer, settings: Settings
) -> None:
    turn = says(session).turn
    before = kinds_of(session)
    news = note_standing(turn, 3, 41.2)
    assert news is not None
    assert (news.session, news.told) == (session.uid, StandingTold(turn=turn, position=3, eta_s=42))
    assert kinds_of(session) == before
    told = ApiClient(session.user).get(f"/sessions/{session.uid}/turns/{turn}/").json()
    assert told == {"turn": {"uid": str(turn), "state": "queued", "final": True}, "position": 1, "eta_s": 0}
    drive(turn)
    assert note_standing(turn, 2, 9.0) is None
    told = ApiClient(session.user).get(f"/sessions/{session.uid}/turns/{turn}/").json()
    assert told == {"turn": {"uid": str(turn), "state": "completed", "final": True}, "position": None, "eta_s": None}


def test_turns_of_others_and_of_nowhere_are_not_told_of(session: Session, bob: User) -> None:
    turn = says(session).turn
    for client, path in (
        (ApiClient(bob), f"/sessions/{session.uid}/turns/{turn}/"),
        (ApiClient(session.user), f"/sessions/{session.uid}/turns/{uuid4()}/"),
    ):
        assert client.get(path).status_code == 404


def test_bad_news_makes_the_turn_due(session: Session, manus: SimulatorServer, settings: Settings) -> None:
    turn = says(session).turn
    step(turn)
    assert due_turns() == []
    note_standing(turn, 90, settings.ENGINE_ETA_LIMIT_SECONDS + 1)
    assert due_turns() == [turn]


def test_a_task_that_is_told_of_is_looked_for(session: Session, manus: SimulatorServer) -> None:
    turn = says(session).turn
    die_after_intent(turn)
    Turn.objects.update(due_at=now() + timedelta(seconds=60), lease_until=None, lease_holder=None)
    for nothing in ("", "TimeTravelers ", f"TimeTravelers {uuid4().hex} 1", "x" * 100, f"TimeTravelers {'0' * 33}"):
        wake_reference(nothing)
    assert due_turns() == []
    wake_reference(f"TimeTravelers {turn.hex} 1")
    assert due_turns() == [turn]


# Several attempts ----------------------------------------------------------------------------------------


def test_each_attempt_has_its_own_reference(session: Session, manus: SimulatorServer, settings: Settings) -> None:
    settings.TURN_SETTLE_SECONDS = 0.0
    manus.arm("task.create", "500")
    turn = says(session).turn
    drive(turn)
    (task,) = tasks_of(manus, turn.hex)
    assert task.title == f"TimeTravelers {turn.hex} 2"


def test_of_two_that_arrived_one_is_used_and_the_other_given_up(session: Session, manus: SimulatorServer) -> None:
    turn = says(session).turn
    reach(turn, State.RUNNING)
    session.refresh_from_db()
    first = session.provider_task
    drive(turn)
    second = says(session, "And then?").turn
    Session.objects.update(provider_task="", provider_cursor="")
    reach(second, State.RUNNING)
    made = Session.objects.get().provider_task
    Turn.objects.filter(uid=second).update(state=State.SENT, sends=2)
    Session.objects.update(provider_task="")
    twin = tasks_of(manus, second.hex)[0]
    clone_of(manus, twin.id)
    assert drive(second).state == State.COMPLETED
    session.refresh_from_db()
    assert session.provider_task == made
    assert [one.partition("/")[2] for one in session.former_tasks] == [f"{twin.id}-twin"]
    assert first not in session.former_tasks


def tasks_of(manus: SimulatorServer, mark: str) -> list[TaskRecord]:
    everything = [task for account in manus.world.memory.accounts.values() for task in account.tasks.values()]
    return [task for task in everything if mark in task.title]


def clone_of(manus: SimulatorServer, task: str) -> None:
    """A second task of the same turn, made by an attempt whose answer was lost."""
    for account in manus.world.memory.accounts.values():
        if task in account.tasks:
            account.tasks[f"{task}-twin"] = msgspec.structs.replace(account.tasks[task], id=f"{task}-twin")


# Credits -------------------------------------------------------------------------------------------------


def test_what_a_turn_cost_is_settled_when_it_is_over(session: Session, manus: SimulatorServer) -> None:
    first = drive(says(session).turn).uid
    settle(first)
    cost = call_of(first).credits
    assert cost
    second = drive(says(session, "And then?").turn).uid
    settle(second)
    settle(second)
    usage = [task.credit_usage for task in tasks_of(manus, first.hex)]
    assert usage == [spent()]
    assert spent() > cost


def test_what_nobody_settled_is_found(session: Session, manus: SimulatorServer) -> None:
    turn = drive(says(session).turn).uid
    assert unsettled() == []
    Turn.objects.update(ended_at=now() - timedelta(minutes=1))
    assert unsettled() == [turn]
    settle(turn)
    assert unsettled() == []


def test_the_estimate_holds_when_nobody_says(session: Session, manus: SimulatorServer) -> None:
    turn = drive(says(session).turn).uid
    manus.arm("task.detail", "404", times=None)
    with pytest.raises(EngineError):
        settle(turn)
    Turn.objects.update(ended_at=now() - timedelta(minutes=6))
    settle(turn)
    assert call_of(turn).credits == call_of(turn).estimate


def test_a_turn_that_goes_on_is_not_settled(session: Session, manus: SimulatorServer) -> None:
    turn = says(session).turn
    reach(turn, State.RUNNING)
    settle(turn)
    assert call_of(turn).state == "admitted"


@pytest.mark.parametrize("budget", ["day", "user", "session"])
def test_without_a_budget_nothing_is_sent_and_the_person_is_told(
    session: Session, manus: SimulatorServer, settings: Settings, budget: str
) -> None:
    settings.ENGINE_CHAIN = ["manus", "rehearsal"]
    settle(drive(says(session).turn).uid)
    manus.calls.reset()
    settings.CREDIT_BUDGETS = {**settings.CREDIT_BUDGETS, budget: 1}
    turn = says(session, "One more question.").turn
    assert step_now(turn).state == State.FAILED
    told = last_event(session)["data"]
    assert (told["code"], told["retryable"]) == ("over_budget", True)
    assert "budget" in told["detail"]
    assert "task.sendMessage" not in manus.calls.summary()
    settings.CREDIT_BUDGETS = {**settings.CREDIT_BUDGETS, budget: 100_000}
    retry_turn(session=session.uid, turn=turn, actor=session.user)
    assert drive(turn).state == State.COMPLETED
    assert replies_in(session) == [("manus", False, True)] * 2


def test_a_running_turn_over_its_budget_ends(session: Session, manus: SimulatorServer) -> None:
    manus.arm("task.reply", "silence", seconds=600)
    turn = says(session).turn
    note_task_over_budget(turn)
    assert turn_of(turn).state == State.QUEUED
    reach(turn, State.RUNNING)
    note_task_over_budget(turn)
    note_task_over_budget(turn)
    assert turn_of(turn).failure == "over_budget"
    assert kinds_of(session).count("turn.failed") == 1
    note_task_over_budget(uuid4())


def test_killed_between_the_schedulers_note_and_the_intent(session: Session, manus: SimulatorServer) -> None:
    turn = says(session).turn
    pump()
    ProviderCall.objects.update(started_at=now())
    age(turn, 1)
    assert drive(turn).state == State.COMPLETED
    assert carried_out(manus, "task.create") == 1
