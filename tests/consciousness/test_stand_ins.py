"""When the mentor cannot answer in time, a labelled stand-in does, and the real reply may take its place later."""

from uuid import UUID

import pytest
from pytest_django.fixtures import Settings

from consciousness.errors import TurnWrongState
from consciousness.models import Message, Session, Turn
from consciousness.services.ends import end_session
from consciousness.services.turns import cancel_turn
from mentors.manus.simulator.server import SimulatorServer
from mentors.models import ProviderCall
from tests.consciousness.driving import (
    State,
    age,
    all_is_well,
    carried_out,
    drive,
    events_of,
    kinds_of,
    last_event,
    reach,
    replies_in,
    says,
    step_now,
    turn_of,
)
from tests.factories.sessions import make_session

REAL, STAND_IN, SUPERSEDED = ("manus", False, True), ("rehearsal", True, True), ("rehearsal", True, False)


@pytest.fixture(autouse=True)
def _chain(manus: SimulatorServer, settings: Settings) -> None:
    """Behind Manus stands the rehearsal mentor."""
    settings.ENGINE_CHAIN = ["manus", "rehearsal"]


def answered_by_stand_in(session: Session, manus: SimulatorServer) -> UUID:
    """A turn whose real reply has yet to come, since Manus refuses the key."""
    manus.arm("task.create", "401")
    turn = says(session, "How do I begin with statistics?").turn
    assert step_now(turn).is_provisional
    return turn


def test_a_stand_in_answers_at_once_and_is_labelled(session: Session, manus: SimulatorServer) -> None:
    turn = answered_by_stand_in(session, manus)
    assert kinds_of(session) == ["message.created", "turn.queued", "message.created", "turn.completed"]
    message = events_of(session)[2]["data"]["message"]
    assert (message["engine"], message["stand_in"], message["simulated"]) == ("rehearsal", True, True)
    assert "simulat" in message["text"]
    assert last_event(session)["data"] == {
        "turn": str(turn),
        "message": message["uid"],
        "engine": "rehearsal",
        "stand_in": True,
        "final": False,
    }
    assert turn_of(turn).seen_state == "completed"
    assert carried_out(manus, "task.create") == 0


def test_the_real_reply_takes_its_place(session: Session, manus: SimulatorServer) -> None:
    turn = answered_by_stand_in(session, manus)
    all_is_well(manus)
    step_now(turn)
    assert ProviderCall.objects.get(subject=turn).lane == "background"
    assert drive(turn).state == State.COMPLETED
    assert replies_in(session) == [SUPERSEDED, REAL]
    assert kinds_of(session)[4:] == ["message.superseded", "message.created", "turn.completed"]
    old, new = Message.objects.filter(author="traveler").order_by("pk")
    assert events_of(session)[4]["data"] == {"message": str(old.uid), "by": str(new.uid), "turn": str(turn)}
    assert last_event(session)["data"]["final"] is True
    assert last_event(session)["data"]["message"] == str(new.uid)
    assert carried_out(manus, "task.create") == 1


def test_going_on_makes_the_stand_ins_reply_final(session: Session, manus: SimulatorServer) -> None:
    first = answered_by_stand_in(session, manus)
    all_is_well(manus)
    second = says(session, "And which book?").turn
    assert turn_of(first).state == State.COMPLETED
    assert [event["data"]["final"] for event in events_of(session) if event["type"] == "turn.completed"] == [
        False,
        True,
    ]
    assert drive(second).state == State.COMPLETED
    assert replies_in(session) == [STAND_IN, REAL]
    assert carried_out(manus, "task.create") == 1


def test_what_the_mentor_missed_is_told_to_it(session: Session, manus: SimulatorServer) -> None:
    answered_by_stand_in(session, manus)
    all_is_well(manus)
    drive(says(session, "And which book?").turn)
    told = first_words(manus)
    assert "# What was said before" in told
    assert "> How do I begin with statistics?" in told
    assert "They were answered:" in told
    manus.arm("task.sendMessage", "401")
    third = says(session, "Thank you for the book.").turn
    assert step_now(third).is_provisional
    all_is_well(manus)
    drive(says(session, "What comes after the book?").turn)
    assert "> Thank you for the book." in last_words(manus)
    assert "> And which book?" not in last_words(manus)


def first_words(manus: SimulatorServer) -> str:
    return user_words(manus)[0]


def last_words(manus: SimulatorServer) -> str:
    return user_words(manus)[-1]


def user_words(manus: SimulatorServer) -> list[str]:
    """What the newest task was told, message by message."""
    (account,) = manus.world.memory.accounts.values()
    task = list(account.tasks.values())[-1]
    return [event["user_message"]["content"] for event in task.events if event["type"] == "user_message"]


def test_declining_the_real_reply(session: Session, manus: SimulatorServer) -> None:
    turn = answered_by_stand_in(session, manus)
    all_is_well(manus)
    declined = cancel_turn(session=session.uid, turn=turn, actor=session.user)
    assert declined.state == State.COMPLETED
    assert last_event(session)["data"]["final"] is True
    assert step_now(turn).state == State.COMPLETED
    assert replies_in(session) == [STAND_IN]
    assert carried_out(manus, "task.create") == 0
    with pytest.raises(TurnWrongState):
        cancel_turn(session=session.uid, turn=turn, actor=session.user)


def test_ending_the_session_makes_it_final(session: Session, manus: SimulatorServer) -> None:
    turn = answered_by_stand_in(session, manus)
    end_session(session=session.uid, actor=session.user)
    assert kinds_of(session)[-2:] == ["turn.completed", "session.ended"]
    assert turn_of(turn).state == State.COMPLETED


def test_it_is_final_when_the_real_reply_takes_too_long(
    session: Session, manus: SimulatorServer, settings: Settings
) -> None:
    turn = answered_by_stand_in(session, manus)
    manus.arm("*", "500", times=None)
    for _ in range(5):
        assert step_now(turn).is_provisional
    age(turn, settings.REAL_REPLY_SECONDS + 1)
    assert step_now(turn).state == State.COMPLETED
    assert last_event(session)["data"]["final"] is True
    assert replies_in(session) == [STAND_IN]


def test_behind_a_stand_in_nothing_is_said_of_the_queue(session: Session, manus: SimulatorServer) -> None:
    turn = answered_by_stand_in(session, manus)
    before = kinds_of(session)
    all_is_well(manus)
    reach(turn, State.RUNNING)
    assert kinds_of(session) == before


def test_a_question_may_supersede_too(session: Session, manus: SimulatorServer) -> None:
    turn = answered_by_stand_in(session, manus)
    all_is_well(manus)
    manus.arm("task.reply", "ask")
    assert drive(turn).state == State.WAITING
    assert replies_in(session) == [SUPERSEDED, REAL]
    assert kinds_of(session)[-3:] == ["message.superseded", "message.created", "turn.waiting"]
    assert drive(says(session, "I would be calmer.").turn).state == State.COMPLETED
    assert carried_out(manus, "task.create") == 1


# Late ----------------------------------------------------------------------------------------------------


def test_who_waits_long_gets_a_stand_in_and_the_reply_when_it_comes(
    session: Session, manus: SimulatorServer, settings: Settings
) -> None:
    manus.arm("task.reply", "silence", seconds=600)
    turn = says(session).turn
    reach(turn, State.RUNNING)
    age(turn, settings.ENGINE_ETA_LIMIT_SECONDS + 1)
    assert step_now(turn).is_provisional
    assert replies_in(session) == [STAND_IN]
    manus.advance(600)
    assert drive(turn).state == State.COMPLETED
    assert replies_in(session) == [SUPERSEDED, REAL]
    assert carried_out(manus, "task.create") == 1


def test_going_on_stops_what_is_under_way(session: Session, manus: SimulatorServer, settings: Settings) -> None:
    manus.arm("task.reply", "silence", seconds=600)
    first = says(session).turn
    reach(first, State.RUNNING)
    age(first, settings.ENGINE_ETA_LIMIT_SECONDS + 1)
    step_now(first)
    second = says(session, "Never mind. What should I read?").turn
    assert turn_of(first).state == State.COMPLETED
    assert drive(second).state == State.COMPLETED
    assert replies_in(session) == [STAND_IN, REAL]


def test_who_has_said_more_already_gets_a_final_stand_in(
    session: Session, manus: SimulatorServer, settings: Settings
) -> None:
    manus.arm("task.reply", "silence", seconds=600)
    first = says(session).turn
    reach(first, State.RUNNING)
    second = says(session, "Are you there?").turn
    age(first, settings.ENGINE_ETA_LIMIT_SECONDS + 1)
    assert step_now(first).state == State.COMPLETED
    assert drive(second).state == State.COMPLETED
    assert replies_in(session) == [STAND_IN, REAL]


def test_a_long_queue_means_a_stand_in(session: Session, manus: SimulatorServer, settings: Settings) -> None:
    settings.MANUS_PER_MINUTE = {"task.create": 1}
    settings.ENGINE_ETA_LIMIT_SECONDS = 30.0
    drive(says(make_session(session.user)).turn)
    turn = says(session).turn
    assert events_of(session)[-1]["data"]["eta_s"] > 30
    assert step_now(turn).is_provisional
    assert replies_in(session) == [STAND_IN]
    step_now(turn)
    call = ProviderCall.objects.get(subject=turn)
    assert (call.state, call.lane) == ("queued", "background")


def test_only_the_reply_that_stands_counts(session: Session, manus: SimulatorServer) -> None:
    turn = answered_by_stand_in(session, manus)
    all_is_well(manus)
    drive(turn)
    live = Message.objects.filter(turn__uid=turn, author="traveler", superseded_at__isnull=True)
    assert live.count() == 1
    assert Turn.objects.get(uid=turn).messages.count() == 3
