"""States of sessions: what is legal, and what the tables hold people to."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts.models import User
from consciousness.errors import SessionEnded, SessionNotOpen, SessionWrongState
from consciousness.lifecycle import MOVES, Move, refusal_to_talk, state_after
from consciousness.models import Session
from tests.factories.sessions import make_session
from timetravelers.kit.clock import now
from timetravelers.kit.errors import DomainError

State = Session.State
LEGAL = {
    ("scheduled", "open"): "open",
    ("scheduled", "reschedule"): "scheduled",
    ("scheduled", "cancel"): "cancelled",
    ("open", "end"): "ended",
}


@pytest.mark.parametrize("move", list(Move))
@pytest.mark.parametrize("state", list(State))
def test_only_legal_moves_are_possible(state: State, move: Move) -> None:
    session = Session(state=state)
    wanted = LEGAL.get((state.value, move.value))
    if wanted is not None:
        assert state_after(session, move) == wanted
        return
    over = state in (State.ENDED, State.CANCELLED)
    refusal = SessionEnded if over else SessionNotOpen if move is Move.END else SessionWrongState
    with pytest.raises(refusal):
        state_after(session, move)


def test_what_is_over_stays_over() -> None:
    assert not [state for state, _ in MOVES if state in Session.OVER]


@pytest.mark.parametrize(
    ("state", "refusal"),
    [("open", None), ("scheduled", SessionNotOpen), ("ended", SessionEnded), ("cancelled", SessionEnded)],
)
def test_people_talk_in_open_sessions_alone(state: str, refusal: type[DomainError] | None) -> None:
    found = refusal_to_talk(state)
    assert found is None if refusal is None else isinstance(found, refusal)


@pytest.mark.parametrize(
    "broken",
    [
        {"state": "ended", "ended_at": "now"},
        {"state": "ended", "ended_reason": "user"},
        {"ended_reason": "idle"},
        {"state": "scheduled", "starts_at": "now"},  # with the time at which it was opened
        {"state": "scheduled", "opened_at": None},
        {"state": "cancelled", "opened_at": None, "ended_at": "now", "ended_reason": "user"},
        {"state": "asleep"},
        {"origin": "match"},
        {"match": {}},
        {"revision": 0},
    ],
)
def test_the_table_holds_no_impossible_session(alice: User, broken: dict[str, object]) -> None:
    session = make_session(alice)
    moment = now() + timedelta(hours=1)
    facts = {name: moment if value == "now" else value for name, value in broken.items()}
    with pytest.raises(IntegrityError), transaction.atomic():
        Session.objects.filter(pk=session.pk).update(**facts)
