"""Two devices at once, each in a thread with its own connection: one wins, nothing doubles, the tree stays whole."""

import time
from collections import Counter
from uuid import UUID

import pytest

from consciousness.errors import SessionBusy, TurnWrongState
from consciousness.models import Message, Session, Turn
from consciousness.services.reading import mark_read
from consciousness.services.saying import Said
from consciousness.services.steps import step
from consciousness.services.turns import cancel_turn
from mentors.manus.simulator.server import SimulatorServer
from tests.consciousness.driving import State, drive, events_of, kinds_of, reach, says, turn_of
from tests.consciousness.trees import (
    asks_again,
    assert_sound,
    chooses,
    edits,
    replied_again,
    replies_of,
    retold,
    told,
    turns_to,
    words_in_view,
)
from tests.threads import at_once
from timetravelers.kit.clock import now
from timetravelers.kit.errors import DomainError

pytestmark = pytest.mark.django_db(transaction=True)

SIDES = 6


def test_many_devices_edit_one_message(session: Session, manus: SimulatorServer) -> None:
    turn = told(session, "One.")
    outcomes = at_once(SIDES, lambda side: edits(session, turn, f"Other words {side}."))
    said = [one for one in outcomes if isinstance(one, Said)]
    refused = [one for one in outcomes if isinstance(one, DomainError)]
    assert len(said) == 1
    assert [type(one) for one in refused] == [SessionBusy] * (SIDES - 1)
    assert Turn.objects.count() == 2
    assert Counter(kinds_of(session))["branch.opened"] == 1
    assert_sound(session)


def test_the_same_edit_many_times_at_once_is_one(session: Session, manus: SimulatorServer) -> None:
    turn = told(session, "One.")
    outcomes = at_once(SIDES, lambda _: edits(session, turn, "Uno.", "same"))
    assert len({one.turn for one in outcomes if isinstance(one, Said)}) == 1
    assert [one.is_new for one in outcomes if isinstance(one, Said)].count(True) == 1
    assert Message.objects.filter(author="user").count() == 2


def test_asking_for_another_reply_many_times_at_once(session: Session, manus: SimulatorServer) -> None:
    turn = told(session, "One.")
    outcomes = at_once(SIDES, lambda side: asks_again(session, turn, f"device {side}"))
    assert [isinstance(one, Turn) for one in outcomes].count(True) == 1
    assert {type(one) for one in outcomes} == {Turn, SessionBusy}
    assert drive(turn).state == State.COMPLETED
    assert len(replies_of(turn)) == 2
    repeated = at_once(SIDES, lambda _: asks_again(session, turn, "same"))
    assert all(isinstance(one, Turn) for one in repeated)
    assert drive(turn).state == State.COMPLETED
    assert len(replies_of(turn)) == 3
    assert_sound(session)


def test_taking_a_wish_back_while_the_reply_arrives(session: Session, manus: SimulatorServer) -> None:
    turn = told(session, "One.")
    for _ in range(4):
        asks_again(session, turn)
        reach(turn, State.RUNNING)
        time.sleep(0.1)  # the reply is there by now
        Turn.objects.filter(uid=turn).update(due_at=now())
        had = len(replies_of(turn))

        def act(side: int) -> None:
            if side:
                step(turn)
            else:
                cancel_turn(session=session.uid, turn=turn, actor=session.user)

        refused = [one for one in at_once(2, act) if isinstance(one, DomainError)]
        assert turn_of(turn).state == State.COMPLETED
        if refused:
            assert isinstance(refused[0], TurnWrongState)
        assert len(replies_of(turn)) == had + len(refused)
        assert_sound(session)


def test_switching_while_something_is_said(session: Session, manus: SimulatorServer) -> None:
    first = told(session, "One.")
    other = retold(session, first, "Uno.")
    for number in range(4):
        wanted = first if number % 2 == 0 else other

        def act(side: int, wanted: UUID = wanted, number: int = number) -> object:
            return says(session, f"Go on {number}.") if side else turns_to(session, wanted)

        switched, said = at_once(2, act)
        assert isinstance(said, Said)
        if isinstance(switched, DomainError):
            assert isinstance(switched, SessionBusy)
        assert words_in_view(session)[-1] == f"Go on {number}."
        assert_sound(session)
        assert drive(said.turn).state == State.COMPLETED


def test_choosing_against_asking_again(session: Session, manus: SimulatorServer) -> None:
    turn = told(session, "One.")
    replied_again(session, turn)
    old = replies_of(turn)[0].uid
    at_once(2, lambda side: asks_again(session, turn) if side else chooses(session, old))
    assert drive(turn).state == State.COMPLETED
    assert len(replies_of(turn)) == 3
    assert_sound(session)
    events_of(session)


def test_many_devices_read_at_once(session: Session, manus: SimulatorServer) -> None:
    told(session, "One.")
    newest = Session.objects.get(pk=session.pk).last_seq
    reached = at_once(SIDES, lambda side: mark_read(session=session.uid, actor=session.user, seq=side))
    assert max(one for one in reached if isinstance(one, int)) == min(SIDES - 1, newest)
    assert session.readings.get().seq == min(SIDES - 1, newest)
