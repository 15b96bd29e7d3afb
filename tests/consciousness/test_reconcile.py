"""A worker that dies around its call to Manus: the next one looks before it sends again."""

from datetime import timedelta
from uuid import uuid4

import pytest
from pytest_django.fixtures import Settings

from consciousness.models import Session, Turn
from consciousness.services.leases import LeaseLost, claim
from consciousness.services.outcomes import reply
from consciousness.services.steps import due_turns, step, wake_task
from mentors.engines import Answer, AnswerState
from mentors.manus.simulator.server import SimulatorServer
from tests.consciousness.driving import (
    State,
    age,
    carried_out,
    die_after_intent,
    drive,
    kinds_of,
    manus_client,
    reach,
    says,
    step_now,
    turn_of,
)
from timetravelers.kit.clock import now

WORDS = "What should I do first?"


@pytest.mark.parametrize("was_sent", [True, False])
def test_killed_around_the_first_call(
    session: Session, manus: SimulatorServer, settings: Settings, *, was_sent: bool
) -> None:
    turn = says(session, WORDS).turn
    die_after_intent(turn)
    if was_sent:
        manus_client().create_task(WORDS, title=f"TimeTravelers {turn.hex} 1", hide_in_task_list=False)
    age(turn, settings.TURN_SETTLE_SECONDS + 1)
    assert drive(turn).state == State.COMPLETED
    assert carried_out(manus, "task.create") == 1
    assert kinds_of(session).count("turn.started") == 1


@pytest.mark.parametrize("was_sent", [True, False])
def test_killed_around_a_later_call(
    session: Session, manus: SimulatorServer, settings: Settings, *, was_sent: bool
) -> None:
    drive(says(session).turn)
    turn = says(session, WORDS).turn
    session.refresh_from_db()
    newest = manus_client().list_messages(session.provider_task, limit=1).messages[0]
    Session.objects.update(provider_cursor=newest.id)
    die_after_intent(turn)
    if was_sent:
        manus_client().send_message(session.provider_task, WORDS)
    age(turn, settings.TURN_SETTLE_SECONDS + 1)
    assert drive(turn).state == State.COMPLETED
    assert carried_out(manus, "task.sendMessage") == 1
    assert turn_of(turn).messages.filter(author="traveler").count() == 1


def test_killed_before_the_intent(session: Session, manus: SimulatorServer) -> None:
    turn = says(session, WORDS).turn
    Turn.objects.update(lease_holder=uuid4(), lease_until=now() - timedelta(seconds=1))
    assert due_turns() == [turn]
    assert drive(turn).state == State.COMPLETED
    assert carried_out(manus, "task.create") == 1


def test_killed_while_the_reply_was_fetched(session: Session, manus: SimulatorServer) -> None:
    turn = says(session, WORDS).turn
    reach(turn, State.RUNNING)
    Turn.objects.update(lease_holder=uuid4(), lease_until=now() - timedelta(seconds=1))
    assert drive(turn).state == State.COMPLETED
    assert kinds_of(session).count("message.created") == 2


def test_a_living_lease_is_respected(session: Session, manus: SimulatorServer) -> None:
    turn = says(session, WORDS).turn
    die_after_intent(turn)
    Turn.objects.update(lease_until=now() + timedelta(seconds=5))
    step(turn)
    assert turn_of(turn).state == State.SENT
    assert due_turns() == []
    assert manus.calls.summary() == {}


def test_a_worker_that_was_thought_dead_writes_nothing(session: Session, manus: SimulatorServer) -> None:
    turn = says(session, WORDS).turn
    reach(turn, State.RUNNING)
    Turn.objects.update(due_at=now())
    slow = claim(turn)
    assert slow is not None
    Turn.objects.update(lease_until=now() - timedelta(seconds=1))
    assert drive(turn).state == State.COMPLETED
    before = kinds_of(session)
    with pytest.raises(LeaseLost):
        reply(slow, "manus", Answer(AnswerState.REPLIED, "I am late."))
    assert kinds_of(session) == before


def test_the_sweep_finds_what_nobody_moves(session: Session, manus: SimulatorServer) -> None:
    turn = says(session, WORDS).turn
    assert due_turns() == [turn]
    reach(turn, State.RUNNING)
    assert due_turns() == []  # its next look is planned
    Turn.objects.update(due_at=now())
    assert due_turns() == [turn]
    drive(turn)
    assert due_turns() == []


def test_a_webhook_makes_the_turn_due(session: Session, manus: SimulatorServer) -> None:
    turn = says(session, WORDS).turn
    reach(turn, State.RUNNING)
    session.refresh_from_db()
    wake_task("some-other-task")
    assert due_turns() == []
    wake_task(session.provider_task)
    assert due_turns() == [turn]


def test_a_webhook_during_a_look_is_not_forgotten(session: Session, manus: SimulatorServer) -> None:
    turn = says(session, WORDS).turn
    reach(turn, State.RUNNING)
    Turn.objects.update(due_at=now())
    looking = claim(turn)
    assert looking is not None
    session.refresh_from_db()
    wake_task(session.provider_task)
    looking.postpone(now() + timedelta(seconds=15))
    looking.give_back()
    assert due_turns() == [turn]


def test_it_is_tried_only_so_often(session: Session, manus: SimulatorServer, settings: Settings) -> None:
    settings.TURN_SETTLE_SECONDS = 0.0
    manus.arm("task.create", "500", times=None)
    turn = says(session, WORDS).turn
    assert drive(turn).state == State.FAILED
    assert turn_of(turn).failure == "provider_unavailable"
    assert manus.calls.summary()["task.create"]["received"] == 6
    assert step_now(turn).state == State.FAILED
