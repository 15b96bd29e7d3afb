"""Saying something: stored, logged and queued for a turn in one transaction."""

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from accounts.models import Consent, User
from accounts.services import require_consent
from consciousness.errors import ClientIdReused, QueueFull
from consciousness.models import Message, Session, Turn
from consciousness.services.endings import close_provisional
from consciousness.services.log import append_message, lock_session, require_open
from consciousness.services.turns import announce_queued, create_turn
from mentors.manus.tokens import MESSAGE_TOKEN_LIMIT, estimated_tokens

MAX_MESSAGE_CHARACTERS = 4_000
# All the words of a turn go out in one call. A briefing takes at most half of what a call holds, and something is
# kept for separators and for what the estimate is off by.
MAX_TURN_TOKENS = MESSAGE_TOKEN_LIMIT // 2 - 100
# What does not fit into the turn that waits makes the next one; so many wait at once.
MAX_QUEUED_TURNS = 4
SEPARATOR = "\n\n"


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

    Locks the session. Messages said while a reply is on its way join one queued turn, as long as they fit into
    one call to the provider; what does not fit makes the next turn. Raises SessionNotFound,
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
    close_provisional(session)
    joined = _turn_with_room(session, text)
    turn = joined or _next_turn(session)
    message = Message.objects.create(
        session=session, turn=turn, author=Message.Author.USER, text=text, client_id=client_id
    )
    seq = append_message(session, message, turn)
    if joined is None:
        announce_queued(session, turn)
    return Said(message.uid, turn.uid, seq, is_new=True)


def _turn_with_room(session: Session, text: str) -> Turn | None:
    """The last turn that waits, if it was never sent (its words might have been heard) and the text fits in."""
    last = session.turns.filter(state=Turn.State.QUEUED).order_by("-pk").first()
    if last is None or last.sent_at is not None:
        return None
    said = last.messages.filter(author=Message.Author.USER).values_list("text", flat=True)
    merged = SEPARATOR.join([*said, text])
    return last if estimated_tokens(merged) <= MAX_TURN_TOKENS else None


def _next_turn(session: Session) -> Turn:
    if session.turns.filter(state=Turn.State.QUEUED).count() >= MAX_QUEUED_TURNS:
        raise QueueFull
    return create_turn(session)


def _said_before(session: Session, message: Message, text: str) -> Said:
    if message.text != text:
        raise ClientIdReused
    event = session.events.get(type="message.created", data__message__uid=str(message.uid))
    return Said(message.uid, message.turn.uid, event.seq, is_new=False)
