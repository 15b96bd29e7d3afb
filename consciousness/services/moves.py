"""What people may do to a turn, by its state; one table for REST and socket alike."""

from enum import StrEnum
from uuid import UUID

from consciousness.errors import SessionBusy, TurnNotFound, TurnNotLast, TurnOffBranch, TurnWrongState
from consciousness.models import Message, Session, Turn
from consciousness.services.endings import close_provisional

State = Turn.State


class Move(StrEnum):
    """What a person asks for."""

    CANCEL = "cancel"
    RETRY = "retry"
    REGENERATE = "regenerate"
    CHOOSE = "choose"
    EDIT = "edit"


ENDED = frozenset({State.COMPLETED, State.WAITING, State.FAILED, State.CANCELLED})
LEGAL: dict[Move, frozenset[State]] = {
    Move.CANCEL: frozenset(Turn.UNFINISHED),
    Move.RETRY: frozenset({State.FAILED}),
    Move.REGENERATE: frozenset({State.COMPLETED, State.WAITING, State.CANCELLED}),
    Move.CHOOSE: ENDED,
    Move.EDIT: ENDED,
}
# What asks for another reply, or changes the one that stands, is about the end of the branch in view: whatever was
# said later was said to the reply that there is.
OF_THE_LAST = frozenset({Move.REGENERATE, Move.CHOOSE})
ON_THE_BRANCH = frozenset({Move.RETRY})
# Of a turn whose words were all deleted nobody can be asked.
WITH_WORDS = frozenset({Move.RETRY, Move.REGENERATE})


def require_legal(session: Session, turn: Turn, move: Move) -> None:
    """Raise TurnWrongState, TurnNotLast or TurnOffBranch unless the move is open to a locked turn."""
    if turn.state not in LEGAL[move]:
        raise TurnWrongState
    if move in OF_THE_LAST and turn.pk != session.head_id:
        raise TurnNotLast
    if move in ON_THE_BRANCH and not turn.on_branch:
        raise TurnOffBranch
    if move in WITH_WORDS and not turn.messages.filter(author=Message.Author.USER).exists():
        raise TurnWrongState


def require_quiet(session: Session) -> None:
    """Raise SessionBusy while words of a locked session wait or a reply is on its way.

    Whoever goes on does not wait for the real reply behind a stand-in's: that one is final now.
    """
    if session.turns.unfinished().filter(answered_at__isnull=True).exists():
        raise SessionBusy
    close_provisional(session)


def lock_turn(session: Session, uid: UUID) -> Turn:
    """A turn of a locked session, locked too; raises TurnNotFound."""
    turn = Turn.objects.select_for_update().filter(session=session, uid=uid).first()
    if turn is None:
        raise TurnNotFound
    turn.session = session
    return turn
