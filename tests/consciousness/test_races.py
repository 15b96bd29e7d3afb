"""Several at once, each in a thread with its own connection: one wins, nothing doubles, the log has no gaps."""

import time
from collections import Counter
from uuid import UUID

import pytest
from django.db import connection
from pytest_django.fixtures import Settings

from accounts.models import User
from consciousness.models import Message, Session, Turn
from consciousness.services.ends import end_session
from consciousness.services.saying import Said
from consciousness.services.steps import step
from consciousness.services.turns import cancel_turn
from mentors.manus.simulator.server import SimulatorServer
from mentors.services.scheduling import pump
from tests.consciousness.driving import (
    State,
    age,
    carried_out,
    drive,
    events_of,
    kinds_of,
    reach,
    replies_in,
    says,
    step_now,
    turn_of,
)
from tests.threads import at_once
from timetravelers.kit.clock import now
from timetravelers.kit.errors import DomainError

pytestmark = pytest.mark.django_db(transaction=True)

SIDES = 6


def test_many_workers_make_one_call(session: Session, manus: SimulatorServer) -> None:
    turn = says(session).turn
    pump()
    at_once(SIDES, lambda _: step(turn))
    assert turn_of(turn).state in {State.SENT, State.RUNNING, State.COMPLETED}
    assert drive(turn).state == State.COMPLETED
    assert carried_out(manus, "task.create") == 1
    assert Counter(kinds_of(session))["turn.started"] == 1


def test_many_workers_store_one_reply(session: Session, manus: SimulatorServer) -> None:
    turn = says(session).turn
    reach(turn, State.RUNNING)
    time.sleep(0.2)  # the reply is there by now
    Turn.objects.update(due_at=now())
    at_once(SIDES, lambda _: step(turn))
    assert drive(turn).state == State.COMPLETED
    assert Message.objects.filter(author="traveler").count() == 1
    assert Counter(kinds_of(session))["turn.completed"] == 1


def test_many_writers_leave_no_gaps_and_one_turn(session: Session) -> None:
    said = at_once(12, lambda number: says(session, f"Thought {number}.", f"c-{number}"))
    assert all(isinstance(one, Said) for one in said)
    assert len({one.turn for one in said if isinstance(one, Said)}) == 1
    events = events_of(session)
    assert Counter(event["type"] for event in events) == {"message.created": 12, "turn.queued": 1}
    assert sorted(one.seq for one in said if isinstance(one, Said)) == [
        event["seq"] for event in events if event["type"] == "message.created"
    ]


def test_the_same_message_many_times_at_once_is_one(session: Session) -> None:
    said = at_once(SIDES, lambda _: says(session, "Only once.", "same"))
    assert len({one.message for one in said if isinstance(one, Said)}) == 1
    assert [one.is_new for one in said if isinstance(one, Said)].count(True) == 1
    assert Message.objects.count() == 1


def test_a_cancel_against_a_worker(session: Session, manus: SimulatorServer) -> None:
    for _ in range(5):
        turn = says(session, "I may change my mind.").turn
        pump()

        def act(side: int, turn: UUID = turn) -> None:
            if side:
                step(turn)
            else:
                cancel_turn(session=session.uid, turn=turn, actor=session.user)

        at_once(2, act)
        state = drive(turn).state
        kinds = [event["type"] for event in events_of(session) if event["data"].get("turn") == str(turn)]
        assert state == State.CANCELLED
        assert kinds.count("turn.cancelled") == 1
        assert "turn.completed" not in kinds


def test_last_words_against_the_end(session: Session) -> None:
    def act(side: int) -> object:
        return says(session, "Wait!") if side else end_session(session=session.uid, actor=session.user)

    outcomes = at_once(2, act)
    assert isinstance(outcomes[0], Session)
    kinds = kinds_of(session)
    assert kinds[-1] == "session.ended"
    if isinstance(outcomes[1], DomainError):
        assert kinds == ["session.ended"]
    else:
        assert kinds == ["message.created", "turn.queued", "turn.cancelled", "session.ended"]


def test_no_lock_is_held_while_manus_thinks(session: Session, manus: SimulatorServer, alice: User) -> None:
    manus.arm("task.create", "slow", seconds=0.8)
    turn = says(session).turn
    pump()

    def act(side: int) -> float:
        if side:
            time.sleep(0.3)  # the other is waiting for Manus by now
        began = time.monotonic()
        if side:
            says(session, "Meanwhile.")
        else:
            step(turn)
        return time.monotonic() - began

    waited, spoke = at_once(2, act)
    assert isinstance(waited, float)
    assert isinstance(spoke, float)
    assert waited > 0.7
    assert spoke < 0.4
    connection.close()


def test_last_words_against_the_real_reply(session: Session, manus: SimulatorServer, settings: Settings) -> None:
    """Whoever is first: the stand-in's reply is superseded, or stands; one reply each, and the log says the same."""
    settings.ENGINE_CHAIN = ["manus", "rehearsal"]
    manus.arm("task.reply", "silence", seconds=600)
    turn = says(session).turn
    reach(turn, State.RUNNING)
    age(turn, settings.ENGINE_ETA_LIMIT_SECONDS + 1)
    assert step_now(turn).is_provisional
    manus.advance(600)
    Turn.objects.update(due_at=now())
    at_once(2, lambda side: says(session, "Never mind.") if side else step(turn))
    assert turn_of(turn).state == State.COMPLETED
    standing = [one for one in replies_in(session) if one[2]]
    assert len(standing) == 1
    kinds = Counter(kinds_of(session))
    assert kinds["turn.completed"] == 2
    assert kinds["message.superseded"] == (standing[0][0] == "manus")
