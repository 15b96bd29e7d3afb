"""What people think of replies and of sessions: said once a person, changed, and taken back.

The log tells the stars, so that all devices show them; the words are for the house alone, and are in no event.
"""

from uuid import UUID

from django.db import transaction

from accounts.models import User
from consciousness import announcements, events
from consciousness.errors import NothingToRate, NotRated
from consciousness.models import Message, Rating, Session
from consciousness.services.log import append, lock_session
from consciousness.services.replies import reply_of
from timetravelers.kit.events import publish


@transaction.atomic
def rate_reply(*, session: UUID, message: UUID, actor: User, stars: int, feedback: str = "") -> Rating:
    """Rate a reply, standing or superseded, anew if it was rated; also after the end. Locks the session.

    Raises SessionNotFound, MessageNotFound, NotAReply.
    """
    locked = lock_session(session, actor)
    return _rate(locked, actor, reply_of(locked, message), stars, feedback)


@transaction.atomic
def unrate_reply(*, session: UUID, message: UUID, actor: User) -> None:
    """Take it back. Locks the session. Raises SessionNotFound, MessageNotFound, NotAReply, NotRated."""
    locked = lock_session(session, actor)
    _unrate(locked, actor, reply_of(locked, message))


@transaction.atomic
def rate_session(*, session: UUID, actor: User, stars: int, feedback: str = "") -> Rating:
    """Rate a session in which the Traveler has said something; also after the end. Locks the session.

    Raises SessionNotFound, NothingToRate.
    """
    locked = lock_session(session, actor)
    if not locked.messages.filter(author=Message.Author.TRAVELER).exists():
        raise NothingToRate
    return _rate(locked, actor, None, stars, feedback)


@transaction.atomic
def unrate_session(*, session: UUID, actor: User) -> None:
    """Take it back. Locks the session. Raises SessionNotFound, NotRated."""
    locked = lock_session(session, actor)
    _unrate(locked, actor, None)


def _rate(session: Session, actor: User, message: Message | None, stars: int, feedback: str) -> Rating:
    before = Rating.objects.filter(session=session, message=message, user=actor).first()
    if before is not None and (before.stars, before.feedback) == (stars, feedback):
        return before
    rating = before or Rating(session=session, message=message, user=actor)
    is_news = before is None or before.stars != stars
    rating.stars, rating.feedback = stars, feedback
    rating.save()
    if is_news:
        _tell(session, message, stars)
    return rating


def _unrate(session: Session, actor: User, message: Message | None) -> None:
    if not Rating.objects.filter(session=session, message=message, user=actor).delete()[0]:
        raise NotRated
    _tell(session, message, None)


def _tell(session: Session, message: Message | None, stars: int | None) -> None:
    person, traveler = session.user_id, session.traveler_id
    if message is None:
        append(session, announcements.SessionRated(stars=stars))
        publish(events.SessionRated(session.uid, person, traveler, stars))
    else:
        append(session, announcements.ReplyRated(message=message.uid, stars=stars))
        publish(events.ReplyRated(message.uid, person, traveler, stars))
