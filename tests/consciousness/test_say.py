"""Saying something: stored once, reported once, and carried by one turn."""

from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from accounts.errors import ConsentRequired
from accounts.models import User
from accounts.services import withdraw_consent
from consciousness.errors import ClientIdReused, QueueFull, SessionEnded, SessionNotFound
from consciousness.models import Message, Session, Turn
from consciousness.services.ends import end_session
from consciousness.services.messages import say
from consciousness.services.rooms import MAX_TURN_TOKENS
from consciousness.services.saying import MAX_QUEUED_TURNS
from mentors.manus.simulator.server import SimulatorServer
from mentors.manus.tokens import estimated_tokens
from tests.consciousness.driving import drive, events_of, kinds_of, reach, says, turn_of
from tests.consciousness.telling import words_of
from tests.factories.accounts import give_consent
from tests.factories.sessions import make_session


def test_a_message_is_stored_and_reported(session: Session) -> None:
    said = says(session, "I want to learn.", "c-1")
    message = Message.objects.get()
    assert (message.uid, message.author, message.text, message.turn.uid) == (
        said.message,
        "user",
        "I want to learn.",
        said.turn,
    )
    created, queued = events_of(session)
    assert created["data"]["message"] == {
        "uid": str(said.message),
        "turn": str(said.turn),
        "author": "user",
        "text": "I want to learn.",
        "client_id": "c-1",
        "engine": "",
        "simulated": False,
        "stand_in": False,
        "kind": "",
        "files": [],
        "created_at": message.created_at.isoformat().replace("+00:00", "Z"),
    }
    assert queued["type"] == "turn.queued"
    assert queued["data"] == {"turn": str(said.turn), "position": 1, "eta_s": 0}
    assert (said.seq, said.is_new) == (1, True)


def test_again_with_the_same_id_is_the_same_message(session: Session) -> None:
    first = says(session, "Once.", "c-1")
    again = says(session, "Once.", "c-1")
    assert (again.message, again.turn, again.seq, again.is_new) == (first.message, first.turn, first.seq, False)
    assert len(events_of(session)) == 2


def test_an_id_is_not_for_two_texts(session: Session) -> None:
    says(session, "Once.", "c-1")
    with pytest.raises(ClientIdReused):
        says(session, "Something else.", "c-1")
    assert Message.objects.count() == 1


def test_the_same_id_in_another_session_is_another_message(session: Session) -> None:
    first = says(session, "Here.", "c-1")
    second = says(make_session(session.user), "There.", "c-1")
    assert first.message != second.message


def test_what_waits_is_merged_into_one_turn(session: Session) -> None:
    turns = {says(session, f"Thought {number}.").turn for number in range(3)}
    assert len(turns) == 1
    assert kinds_of(session) == ["message.created", "turn.queued", "message.created", "message.created"]


def test_what_is_said_during_a_reply_waits_for_the_next(session: Session, manus: SimulatorServer) -> None:
    first = says(session).turn
    reach(first, Turn.State.RUNNING)
    later = {says(session, f"Thought {number}.").turn for number in range(3)}
    assert len(later) == 1
    assert first not in later
    second = later.pop()
    drive(second, until=(Turn.State.QUEUED,))
    assert turn_of(second).state == Turn.State.QUEUED  # not before the first has ended
    drive(first)
    assert drive(second).state == Turn.State.COMPLETED


def test_words_that_may_have_been_heard_are_settled(session: Session, manus: SimulatorServer) -> None:
    manus.arm("task.create", "429")
    first = says(session).turn
    reach(first, Turn.State.QUEUED)
    assert says(session, "One more thing.").turn != first


def test_what_does_not_fit_into_the_call_that_waits_goes_with_the_next(session: Session) -> None:
    turns = [says(session, f"{number} " + "x" * 3900).turn for number in range(7)]
    assert len(set(turns)) == 4
    for turn in set(turns):
        assert estimated_tokens(words_of(turn_of(turn))) <= MAX_TURN_TOKENS
    assert turns == sorted(turns), "what was said first goes first"


def test_nothing_is_slipped_in_before_what_waits(session: Session) -> None:
    says(session, "x" * 3900)
    says(session, "y" * 3900)
    last = says(session, "z" * 3900).turn
    assert says(session, "Short.").turn == last


@given(lengths=st.lists(st.tuples(st.integers(1, 2000), st.sampled_from("a語")), min_size=1, max_size=8))
@hypothesis_settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_turn_ever_holds_more_than_a_call_takes(session: Session, lengths: list[tuple[int, str]]) -> None:
    fresh = make_session(session.user)
    for length, character in lengths:
        with suppress(QueueFull):
            says(fresh, character * length)
    held = [estimated_tokens(words_of(turn)) for turn in fresh.turns.all()]
    assert held
    assert max(held) <= MAX_TURN_TOKENS


def test_only_so_many_turns_wait(session: Session) -> None:
    for _ in range(2 * MAX_QUEUED_TURNS):
        says(session, "x" * 4000)
    with pytest.raises(QueueFull):
        says(session, "x" * 4000)
    assert Message.objects.count() == 2 * MAX_QUEUED_TURNS


def test_nobody_speaks_in_a_session_of_somebody_else(session: Session, bob: User) -> None:
    give_consent(bob)
    with pytest.raises(SessionNotFound):
        say(session=session.uid, actor=bob, text="Hello?", client_id="c")


def test_nothing_is_said_without_consent(session: Session) -> None:
    withdraw_consent(user=session.user, purpose="ai_provider")
    with pytest.raises(ConsentRequired):
        says(session)
    assert not Message.objects.exists()


def test_an_ended_session_takes_nothing_new_and_remembers(session: Session) -> None:
    first = says(session, "Last words.", "c-1")
    end_session(session=session.uid, actor=session.user)
    with pytest.raises(SessionEnded):
        says(session)
    assert says(session, "Last words.", "c-1").message == first.message


def test_the_line_in_front_is_told(session: Session) -> None:
    for number in range(2):
        says(make_session(session.user), f"Somebody before, {number}.")
    says(session)
    assert events_of(session)[-1]["data"]["position"] == 3
