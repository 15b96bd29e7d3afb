"""Saying something: stored, logged and queued for a turn in one transaction."""

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import Sum
from django.db.models.functions import Length

from accounts.models import Consent, User
from accounts.services import require_consent
from consciousness.errors import ClientIdReused, QueueFull
from consciousness.models import Message, Session, Turn
from consciousness.services.log import append_message, lock_session, require_open
from consciousness.services.turns import announce_queued, create_turn

MAX_MESSAGE_CHARACTERS = 4_000
# What one provider call takes is about 5,000 tokens; 12,000 characters stay below it in any script but the densest.
MAX_QUEUED_CHARACTERS = 12_000


@dataclass(frozen=True, slots=True)
class Said:
    """What became of a message; `seq` is the event that reported it, `is_new` is False for a repetition."""

    message: UUID
    turn: UUID
    seq: int
    is_new: bool


@transaction.atomic
def say(*, session: UUID, actor: User, text: str, client_id: str) -> Said:
    """Store a message once per client id and see that a turn will carry it.

    Locks the session. Messages said while a reply is on its way join one queued turn. Raises SessionNotFound,
    SessionEnded, ConsentRequired, QueueFull, and ClientIdReused when the id came with another text before.
    """
    locked = lock_session(session, actor)
    earlier = Message.objects.filter(session=locked, client_id=client_id).select_related("turn").first()
    if earlier is not None:
        return _said_before(locked, earlier, text)
    require_open(locked)
    require_consent(actor, Consent.Purpose.AI_PROVIDER)
    return _say_now(locked, text, client_id)


def _say_now(session: Session, text: str, client_id: str) -> Said:
    # A turn that was sent once may have been heard: its words are settled.
    queued = session.turns.filter(state=Turn.State.QUEUED, sent_at__isnull=True).first()
    if queued is not None:
        _require_room(queued, text)
    turn = queued or create_turn(session)
    message = Message.objects.create(
        session=session, turn=turn, author=Message.Author.USER, text=text, client_id=client_id
    )
    seq = append_message(session, message, turn)
    if queued is None:
        announce_queued(session, turn)
    return Said(message.uid, turn.uid, seq, is_new=True)


def _require_room(turn: Turn, text: str) -> None:
    waiting = turn.messages.aggregate(length=Sum(Length("text")))["length"] or 0
    if waiting + len(text) > MAX_QUEUED_CHARACTERS:
        raise QueueFull


def _said_before(session: Session, message: Message, text: str) -> Said:
    if message.text != text:
        raise ClientIdReused
    event = session.events.get(type="message.created", data__message__uid=str(message.uid))
    return Said(message.uid, message.turn.uid, event.seq, is_new=False)
