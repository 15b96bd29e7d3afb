"""What somebody thinks of a reply, or of a session."""

from uuid import UUID

from accounts.models import User
from consciousness.errors import NotRated
from consciousness.models import Rating
from consciousness.selectors.sessions import session_for


def reply_rating(actor: User, session: UUID, message: UUID) -> Rating:
    """The actor's rating of a reply; raises SessionNotFound and NotRated."""
    return _found(session_for(actor, session).ratings.filter(message__uid=message, user=actor).first())


def session_rating(actor: User, session: UUID) -> Rating:
    """The actor's rating of a session as a whole; raises SessionNotFound and NotRated."""
    return _found(session_for(actor, session).ratings.filter(message__isnull=True, user=actor).first())


def _found(rating: Rating | None) -> Rating:
    if rating is None:
        raise NotRated
    return rating
