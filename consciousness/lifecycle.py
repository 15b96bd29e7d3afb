"""What can become of a session: states, and the moves that lead from one to the next."""

from enum import Enum

from consciousness.errors import SessionEnded, SessionNotOpen, SessionWrongState
from consciousness.models import Session
from timetravelers.kit.errors import DomainError

State = Session.State


class Move(Enum):
    """What people, or time, do to a session. Putting it away is no move: that can be done in any state."""

    OPEN = "open"
    RESCHEDULE = "reschedule"
    CANCEL = "cancel"
    END = "end"


# Whatever is not in here is not possible.
MOVES: dict[tuple[State, Move], State] = {
    (State.SCHEDULED, Move.OPEN): State.OPEN,
    (State.SCHEDULED, Move.RESCHEDULE): State.SCHEDULED,
    (State.SCHEDULED, Move.CANCEL): State.CANCELLED,
    (State.OPEN, Move.END): State.ENDED,
}


def state_after(session: Session, move: Move) -> State:
    """The state that a move leads to; raises SessionEnded, SessionNotOpen or SessionWrongState if not legal."""
    state = State(session.state)
    if (state, move) in MOVES:
        return MOVES[state, move]
    if state in Session.OVER:
        raise SessionEnded
    raise SessionNotOpen if move is Move.END else SessionWrongState


def refusal_to_talk(state: str) -> DomainError | None:
    """Why nothing can be said in a session of this state; None if something can."""
    if state == State.OPEN:
        return None
    return SessionNotOpen() if state == State.SCHEDULED else SessionEnded()
