"""A turn's way from queue to reply, when all goes well and when Manus does not do as asked."""

from datetime import timedelta
from uuid import uuid4

import pytest
from pytest_django.fixtures import Settings

from accounts.services import withdraw_consent
from consciousness.models import Message, Session, Turn
from consciousness.services.steps import step
from consciousness.services.steps.pace import MAX_ATTEMPTS
from consciousness.services.turns import retry_turn
from mentors.manus.simulator.server import SimulatorServer
from tests.consciousness.conftest import point_at
from tests.consciousness.driving import (
    State,
    age,
    carried_out,
    drive,
    events_of,
    kinds_of,
    last_event,
    manus_client,
    reach,
    says,
    step_now,
    turn_of,
)
from tests.factories.accounts import give_consent
from tests.factories.sessions import make_session
from timetravelers.kit.clock import now

INSIDES = ("manus", "http", "401", "500", "traceback", "key", "simulator", "127.0.0.1")


def failure_of(session: Session) -> tuple[str, bool]:
    """The code of the failure that was logged last, and whether trying again makes sense; it must leak nothing."""
    event = last_event(session)
    assert event["type"] == "turn.failed"
    told = f"{event['data']['code']} {event['data']['detail']}".lower()
    assert not any(word in told for word in INSIDES)
    return event["data"]["code"], event["data"]["retryable"]


def test_the_whole_way(session: Session, manus: SimulatorServer) -> None:
    turn = says(session, "Should I learn statistics or programming first?").turn
    assert step_now(turn).state == State.RUNNING
    assert drive(turn).state == State.COMPLETED
    assert kinds_of(session) == [
        "message.created",
        "turn.queued",
        "turn.started",
        "message.created",
        "turn.completed",
    ]
    reply = Message.objects.get(author="traveler")
    assert reply.simulated
    assert (reply.engine, reply.stand_in) == ("manus", False)
    assert "simulat" in reply.text
    assert "statistics" in reply.text
    assert last_event(session)["data"] == {
        "turn": str(turn),
        "message": str(reply.uid),
        "engine": "manus",
        "stand_in": False,
        "final": True,
    }


def test_the_conversation_goes_on_in_its_task(session: Session, manus: SimulatorServer) -> None:
    drive(says(session).turn)
    drive(says(session, "And then?").turn)
    drive(says(session, "And after that?").turn)
    assert carried_out(manus, "task.create") == 1
    assert carried_out(manus, "task.sendMessage") == 2
    assert Message.objects.filter(author="traveler").count() == 3


@pytest.mark.parametrize("state", [State.COMPLETED, State.FAILED, State.CANCELLED])
def test_what_has_ended_is_left_alone(session: Session, manus: SimulatorServer, state: State) -> None:
    turn = says(session).turn
    Turn.objects.update(state=state, ended_at=now())
    step(turn)
    assert manus.calls.summary() == {}


def test_what_is_not_due_is_left_alone(session: Session, manus: SimulatorServer) -> None:
    turn = says(session).turn
    Turn.objects.update(due_at=now() + timedelta(seconds=5))
    step(turn)
    Turn.objects.update(due_at=now(), lease_holder=uuid4(), lease_until=now() + timedelta(seconds=5))
    step(turn)
    step(uuid4())
    assert manus.calls.summary() == {}


@pytest.mark.parametrize(
    ("fault", "code", "retryable"),
    [
        ("401", "provider_refused", True),
        ("402", "provider_refused", True),
        ("403", "provider_refused", True),
        ("400", "message_refused", False),
    ],
)
def test_refusals_end_the_turn(
    session: Session, manus: SimulatorServer, fault: str, code: str, *, retryable: bool
) -> None:
    manus.arm("task.create", fault)
    turn = says(session).turn
    assert step_now(turn).state == State.FAILED
    assert failure_of(session) == (code, retryable)
    assert Message.objects.filter(author="user").count() == 1
    retry_turn(session=session.uid, turn=turn, actor=session.user)
    assert drive(turn).state == State.COMPLETED
    assert carried_out(manus, "task.create") == 1


def test_too_many_requests_puts_it_back_in_line(session: Session, manus: SimulatorServer) -> None:
    manus.arm("task.create", "429", times=2)
    turn = says(session).turn
    for _ in range(2):
        waiting = step_now(turn)
        assert waiting.state == State.QUEUED
        assert now() < waiting.due_at <= now() + timedelta(seconds=60)
    assert drive(turn).state == State.COMPLETED
    assert carried_out(manus, "task.create") == 1


# Whether the call was carried out cannot be told from the answer.
UNCLEAR = ("500", "garbage", "empty", "redirect", "cut", "not_ok")


@pytest.mark.parametrize("fault", [*UNCLEAR, *(f"{fault}_after" for fault in UNCLEAR)])
@pytest.mark.parametrize("endpoint", ["task.create", "task.sendMessage"])
def test_an_unclear_answer_is_looked_into(
    session: Session, manus: SimulatorServer, settings: Settings, endpoint: str, fault: str
) -> None:
    settings.TURN_SETTLE_SECONDS = 0.0
    if endpoint == "task.sendMessage":
        drive(says(session).turn)
    manus.calls.reset()
    manus.arm(endpoint, fault)
    turn = says(session, "Did you hear me?").turn
    assert step_now(turn).state == State.SENT
    assert drive(turn).state == State.COMPLETED
    assert carried_out(manus, endpoint) == 1
    assert turn_of(turn).messages.filter(author="traveler").count() == 1


def test_an_answer_that_does_not_come_is_looked_into(
    session: Session, manus: SimulatorServer, settings: Settings
) -> None:
    settings.TURN_SETTLE_SECONDS = 0.0
    settings.MANUS_READ_TIMEOUT = 0.3
    manus.arm("task.create", "hang_after", seconds=3)
    turn = says(session).turn
    assert step_now(turn).state == State.SENT
    assert drive(turn).state == State.COMPLETED
    assert carried_out(manus, "task.create") == 1


def test_it_is_not_sent_again_before_it_had_time_to_show(session: Session, manus: SimulatorServer) -> None:
    manus.arm("task.create", "500")
    turn = says(session).turn
    step_now(turn)
    for _ in range(3):
        assert step_now(turn).state == State.SENT
    age(turn, 21)
    assert step_now(turn).state == State.QUEUED
    assert drive(turn).state == State.COMPLETED


def test_nobody_at_the_address(session: Session, settings: Settings) -> None:
    point_at("http://127.0.0.1:9", settings)
    turn = says(session).turn
    for _ in range(2 * MAX_ATTEMPTS):
        waiting = step_now(turn)
        assert (waiting.state, waiting.ended_at) == (State.QUEUED, None)
    assert 1 < waiting.attempts <= MAX_ATTEMPTS  # the account is left alone after some failures
    age(turn, settings.ENGINE_ETA_LIMIT_SECONDS + 1)
    assert drive(turn).state == State.FAILED
    assert failure_of(session) == ("provider_unavailable", True)


def test_a_reply_that_cannot_be_read_just_now(session: Session, manus: SimulatorServer) -> None:
    turn = says(session).turn
    reach(turn, State.RUNNING)
    manus.arm("task.listMessages", "garbage", times=2)
    for _ in range(2):
        assert step_now(turn).state == State.RUNNING
    assert drive(turn).state == State.COMPLETED


def test_silence_has_an_end(session: Session, manus: SimulatorServer) -> None:
    manus.arm("task.reply", "silence")
    turn = says(session).turn
    reach(turn, State.RUNNING)
    assert step_now(turn).state == State.RUNNING
    age(turn, 901)
    assert step_now(turn).state == State.FAILED
    assert failure_of(session) == ("provider_silent", True)
    retry_turn(session=session.uid, turn=turn, actor=session.user)
    assert drive(turn).state == State.COMPLETED
    assert carried_out(manus, "task.create") == 2  # the silent task is given up


def test_a_failed_agent_is_replaced(session: Session, manus: SimulatorServer) -> None:
    manus.arm("task.reply", "error")
    turn = says(session).turn
    assert drive(turn).state == State.FAILED
    assert failure_of(session) == ("provider_failed", True)
    retry_turn(session=session.uid, turn=turn, actor=session.user)
    assert drive(turn).state == State.COMPLETED
    assert drive(says(session, "And now?").turn).state == State.COMPLETED


def test_an_agent_that_stops_without_a_word(session: Session, manus: SimulatorServer) -> None:
    manus.arm("task.reply", "silence")
    turn = says(session).turn
    reach(turn, State.RUNNING)
    session.refresh_from_db()
    manus_client().stop_task(session.provider_task)
    assert step_now(turn).state == State.FAILED
    assert failure_of(session) == ("provider_failed", True)
    assert not Message.objects.filter(author="traveler").exists()


def test_a_question_is_answered_by_the_next_message(session: Session, manus: SimulatorServer) -> None:
    manus.arm("task.reply", "ask")
    assert drive(says(session).turn).state == State.WAITING
    asked = last_event(session)
    assert asked["type"] == "turn.waiting"
    assert Message.objects.get(uid=asked["data"]["message"]).text == asked["data"]["question"]
    assert drive(says(session, "I would be calmer.").turn).state == State.COMPLETED
    assert carried_out(manus, "task.create") == 1


def test_a_conversation_that_manus_lost_begins_anew(session: Session, manus: SimulatorServer) -> None:
    drive(says(session).turn)
    manus.arm("task.listMessages", "404")
    assert drive(says(session, "Where were we?").turn).state == State.COMPLETED
    assert carried_out(manus, "task.create") == 2


def test_a_task_that_vanished_under_a_turn(session: Session, manus: SimulatorServer) -> None:
    turn = says(session).turn
    reach(turn, State.RUNNING)
    manus.arm("task.listMessages", "404", times=2)
    assert step_now(turn).state == State.RUNNING  # it may only not be visible yet
    age(turn, 91)
    assert step_now(turn).state == State.FAILED
    assert failure_of(session) == ("provider_failed", True)


def test_nothing_leaves_once_consent_is_withdrawn(session: Session, manus: SimulatorServer) -> None:
    turn = says(session).turn
    withdraw_consent(user=session.user, purpose="ai_provider")
    assert step_now(turn).state == State.FAILED
    assert failure_of(session) == ("consent_required", True)
    assert manus.calls.summary() == {}
    give_consent(session.user)
    retry_turn(session=session.uid, turn=turn, actor=session.user)
    assert drive(turn).state == State.COMPLETED


def test_the_quota_is_kept_before_manus_must_refuse(
    session: Session, manus: SimulatorServer, settings: Settings
) -> None:
    settings.MANUS_PER_MINUTE = {"task.create": 1}
    first, second = says(session).turn, says(make_session(session.user)).turn
    told = last_event(turn_of(second).session)
    assert (told["type"], told["data"]["position"]) == ("turn.queued", 2)
    assert 50 < told["data"]["eta_s"] <= 62
    assert step_now(first).state == State.RUNNING
    for _ in range(3):
        assert step_now(second).state == State.QUEUED
    assert manus.calls.summary()["task.create"]["received"] == 1


def test_an_unforeseen_error_leaves_the_turn_to_the_next_worker(
    session: Session, manus: SimulatorServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    turn = says(session).turn
    monkeypatch.setattr("consciousness.asking.compose", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        step_now(turn)
    left = turn_of(turn)
    assert left.lease_holder is None
    assert left.state in Turn.UNFINISHED
    assert len(events_of(session)) == 2
