"""Titles that nobody has to think of: by rules after the first exchange, by hindsight after the end."""

from uuid import UUID

from django.db import transaction

from consciousness.announcements import SessionRenamed
from consciousness.errors import SessionNotFound
from consciousness.models import Message, Session
from consciousness.recall.words import stems
from consciousness.services.log import append, lock_session
from mentors.rehearsal import title_for

LONGEST = 80
Source = Session.TitleSource


@transaction.atomic
def title_by_rules(session: UUID) -> None:
    """Name a session that has no title after what the person said first. Locks the session; done twice, done once."""
    try:
        locked = lock_session(session)
    except SessionNotFound:
        return
    said = locked.messages.filter(author=Message.Author.USER, turn__withheld=False).order_by("pk")
    first = said.values_list("text", flat=True).first()
    if first is not None and not locked.title and locked.title_source == "":
        _call_it(locked, title_for(first), Source.RULES)


def title_by_reflection(session: Session, title: str) -> None:
    """Name a locked session, unless the person has named it, or has taken its name away."""
    if _is_ours(session):
        _call_it(session, title, Source.REFLECTION)


def drop_title_of(session: Session, text: str) -> None:
    """Take away the name of a locked session that the house made of words which are gone from it.

    It is made of them if it has a word that they had and that nothing else has which the person said there.
    """
    if session.title_source == Source.PERSON or not session.title:
        return
    left = session.messages.filter(author=Message.Author.USER).values_list("text", flat=True)
    known = {stem for said in left for stem in stems(said)}
    if set(stems(session.title)) & set(stems(text)) - known:
        take_title_away(session)


def take_title_away(session: Session) -> None:
    """Leave a locked session without a name, until the house finds another one."""
    session.title = ""
    session.revision += 1
    session.save(update_fields=["title", "revision", "updated_at"])
    append(session, SessionRenamed(title=""))


def _is_ours(session: Session) -> bool:
    """Whether the title there is, if any, was given by the house; from before that was kept, people gave them."""
    if session.title_source == "":
        return not session.title
    return session.title_source != Source.PERSON


def _call_it(session: Session, title: str, source: Source) -> None:
    title = title[:LONGEST].strip()
    if not title or title == session.title:
        return
    session.title, session.title_source = title, source
    session.revision += 1
    session.save(update_fields=["title", "title_source", "revision", "updated_at"])
    append(session, SessionRenamed(title=title, source=source.value))
