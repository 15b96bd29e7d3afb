"""Other replies to the same words: asking for one, and choosing among those there are. None is ever lost."""

from uuid import UUID

from django.db import transaction

from accounts.models import Consent, User
from accounts.services import require_consent
from consciousness.announcements import ReplyChosen
from consciousness.errors import MessageNotFound, NotAReply
from consciousness.models import Message, Session, Turn
from consciousness.services.endings import leave_task, report_reply, standing_reply, state_with, supersede
from consciousness.services.log import append, lock_session, require_open
from consciousness.services.moves import Move, lock_turn, require_legal, require_quiet
from consciousness.services.turns import ask_again
from mentors.services.scheduling import free_slots


def regenerate_turn(*, session: UUID, turn: UUID, actor: User, client_id: str) -> Turn:
    """Ask for another reply in the last turn of the branch in view, once per client id. Locks session and turn.

    The reply that there is stands until the other one comes, and for good if none does. The provider is asked in a
    new task, which knows nothing of it. Raises SessionNotFound, TurnNotFound, SessionEnded, ConsentRequired,
    SessionBusy, TurnWrongState, TurnNotLast.
    """
    # Asked before the transaction: the counters are across the network.
    slots = free_slots()
    with transaction.atomic():
        locked = lock_session(session, actor)
        asked = locked.turns.filter(uid=turn, asked_by__contains=[client_id]).first()
        if asked is not None:
            return asked
        require_open(locked)
        require_consent(actor, Consent.Purpose.AI_PROVIDER)
        require_quiet(locked)
        found = lock_turn(locked, turn)
        require_legal(locked, found, Move.REGENERATE)
        leave_task(locked)
        found.asked_by.append(client_id)
        found.sends_before = found.sends
        ask_again(locked, found, slots)
        return found


@transaction.atomic
def choose_reply(*, session: UUID, message: UUID, actor: User) -> Message:
    """Let another reply of the last turn of the branch in view stand; does nothing if it does. Locks session and turn.

    Raises SessionNotFound, MessageNotFound, NotAReply, SessionEnded, SessionBusy, TurnNotLast.
    """
    locked = lock_session(session, actor)
    chosen = reply_of(locked, message)
    if chosen.superseded_at is None:
        return chosen
    require_open(locked)
    require_quiet(locked)
    turn = lock_turn(locked, chosen.turn.uid)
    require_legal(locked, turn, Move.CHOOSE)
    _let_stand(locked, turn, chosen)
    leave_task(locked)
    return chosen


def reply_of(session: Session, uid: UUID) -> Message:
    """A reply of the session's Traveler, standing or not; raises MessageNotFound and NotAReply."""
    message = session.messages.select_related("turn").filter(uid=uid).first()
    if message is None:
        raise MessageNotFound
    if message.author != Message.Author.TRAVELER:
        raise NotAReply
    return message


def _let_stand(session: Session, turn: Turn, chosen: Message) -> None:
    stood = standing_reply(turn)
    if stood is not None:
        supersede(session, stood, by=chosen)
    chosen.superseded_at = None
    chosen.save(update_fields=["superseded_at"])
    turn.state, turn.failure, turn.is_passage_due = state_with(chosen), "", True
    turn.save(update_fields=["state", "failure", "is_passage_due", "updated_at"])
    append(session, ReplyChosen(turn=turn.uid, message=chosen.uid))
    report_reply(session, turn, chosen)
