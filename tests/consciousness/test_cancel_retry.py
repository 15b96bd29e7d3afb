"""Taking words back, trying again, and ending a session."""

from uuid import UUID, uuid4

import pytest

from accounts.models import User
from consciousness.errors import SessionEnded, SessionNotFound, TurnNotFound, TurnWrongState
from consciousness.models import Message, Session, Turn
from consciousness.services.ends import end_session
from consciousness.services.steps import stop_abandoned
from consciousness.services.turns import cancel_turn, retry_turn
from mentors.manus.simulator.server import SimulatorServer
from tests.consciousness.driving import (
    State,
    carried_out,
    drive,
    kinds_of,
    last_event,
    reach,
    says,
    step_now,
    turn_of,
)
from tests.factories.sessions import make_session


def cancel(session: Session, turn: UUID) -> Turn:
    return cancel_turn(session=session.uid, turn=turn, actor=session.user)


def retry(session: Session, turn: UUID) -> Turn:
    return retry_turn(session=session.uid, turn=turn, actor=session.user)


def failed(session: Session, manus: SimulatorServer) -> Turn:
    manus.arm("task.create", "401")
    turn = drive(says(session).turn)
    assert turn.state == State.FAILED
    return turn


def test_a_queued_turn_is_never_sent(session: Session, manus: SimulatorServer) -> None:
    turn = says(session).turn
    cancel(session, turn)
    assert step_now(turn).state == State.CANCELLED
    assert manus.calls.summary() == {}
    assert last_event(session) == {"seq": 3, "type": "turn.cancelled", "data": {"turn": str(turn)}}
    assert Message.objects.count() == 1  # what was said stays


def test_a_late_reply_is_not_used(session: Session, manus: SimulatorServer) -> None:
    turn = says(session).turn
    reach(turn, State.RUNNING)
    cancel(session, turn)
    assert step_now(turn).state == State.CANCELLED
    assert not Message.objects.filter(author="traveler").exists()
    following = says(session, "How do I ask for a raise?").turn
    assert drive(following).state == State.COMPLETED
    assert Message.objects.filter(author="traveler").count() == 1


def test_the_agent_is_stopped_unless_it_is_needed_again(session: Session, manus: SimulatorServer) -> None:
    manus.arm("task.reply", "slow", seconds=30)
    turn = says(session).turn
    reach(turn, State.RUNNING)
    session.refresh_from_db()
    stop_abandoned(f"{session.provider_account_id}/{session.provider_task}")
    assert carried_out(manus, "task.stop") == 0
    cancel(session, turn)
    stop_abandoned(f"{session.provider_account_id}/{session.provider_task}")
    assert carried_out(manus, "task.stop") == 1


def test_only_what_has_not_ended_can_be_cancelled(session: Session, manus: SimulatorServer) -> None:
    turn = drive(says(session).turn).uid
    with pytest.raises(TurnWrongState):
        cancel(session, turn)
    with pytest.raises(TurnNotFound):
        cancel(session, uuid4())
    with pytest.raises(TurnNotFound):
        cancel(make_session(session.user), turn)


def test_turns_of_others_are_out_of_reach(session: Session, bob: User) -> None:
    turn = says(session).turn
    for service in (cancel_turn, retry_turn):
        with pytest.raises(SessionNotFound):
            service(session=session.uid, turn=turn, actor=bob)
    assert turn_of(turn).state == State.QUEUED


def test_a_failed_turn_is_tried_again_with_all_its_words(session: Session, manus: SimulatorServer) -> None:
    turn = failed(session, manus)
    retried = retry(session, turn.uid)
    assert (retried.state, retried.attempts, retried.failure) == (State.QUEUED, 0, "")
    assert last_event(session)["type"] == "turn.queued"
    assert drive(turn.uid).state == State.COMPLETED


def test_only_failures_can_be_tried_again(session: Session, manus: SimulatorServer) -> None:
    turn = drive(says(session).turn)
    with pytest.raises(TurnWrongState):
        retry(session, turn.uid)
    cancelled = says(session, "Never mind.").turn
    cancel(session, cancelled)
    with pytest.raises(TurnWrongState):
        retry(session, cancelled)


def test_trying_again_keeps_the_order(session: Session, manus: SimulatorServer) -> None:
    first = failed(session, manus)
    second = says(session, "And another thing.").turn
    retry(session, first.uid)
    assert step_now(second).state == State.QUEUED
    assert drive(first.uid).state == State.COMPLETED
    assert drive(second).state == State.COMPLETED


def test_nothing_is_tried_again_in_an_ended_session(session: Session, manus: SimulatorServer) -> None:
    turn = failed(session, manus)
    end_session(session=session.uid, actor=session.user)
    with pytest.raises(SessionEnded):
        retry(session, turn.uid)


def test_ending_cancels_what_is_under_way_and_what_waits(session: Session, manus: SimulatorServer) -> None:
    first = says(session).turn
    reach(first, State.RUNNING)
    second = says(session, "And then?").turn
    ended = end_session(session=session.uid, actor=session.user)
    assert ended.state == Session.State.ENDED
    assert [turn_of(turn).state for turn in (first, second)] == [State.CANCELLED, State.CANCELLED]
    assert kinds_of(session)[-3:] == ["turn.cancelled", "turn.cancelled", "session.ended"]
    with pytest.raises(SessionEnded):
        end_session(session=session.uid, actor=session.user)
