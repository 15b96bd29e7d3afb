"""What people change about a session beside talking: its title, and whether it is put away."""

from uuid import UUID

from django.db import transaction

from accounts.models import User
from consciousness.announcements import SessionArchived, SessionRenamed, SessionUnarchived
from consciousness.models import Session
from consciousness.services.log import append, lock_session
from timetravelers.kit.clock import now
from timetravelers.kit.errors import PreconditionFailed


def lock_for_edit(session: UUID, actor: User, expected_revision: int | None) -> Session:
    """The actor's session, locked; raises SessionNotFound, and PreconditionFailed if somebody edited it since."""
    locked = lock_session(session, actor)
    if expected_revision is not None and expected_revision != locked.revision:
        raise PreconditionFailed("Read it again and apply your change to the newest version.")
    return locked


@transaction.atomic
def rename_session(*, session: UUID, actor: User, title: str, expected_revision: int | None = None) -> Session:
    """Call it something, in whatever state; an empty title takes the name away. Locks the session.

    Raises SessionNotFound and PreconditionFailed.
    """
    locked = lock_for_edit(session, actor, expected_revision)
    if title != locked.title or locked.title_source != Session.TitleSource.PERSON:
        is_new = title != locked.title
        locked.title, locked.title_source = title, Session.TitleSource.PERSON
        locked.revision += 1
        locked.save(update_fields=["title", "title_source", "revision", "updated_at"])
        if is_new:
            append(locked, SessionRenamed(title=title))
    return locked


@transaction.atomic
def archive_session(*, session: UUID, actor: User, expected_revision: int | None = None) -> Session:
    """Put it away: it leaves the list, and nothing else changes. Done twice it is done once. Locks the session."""
    locked = lock_for_edit(session, actor, expected_revision)
    if locked.archived_at is None:
        locked.archived_at = now()
        locked.revision += 1
        locked.save(update_fields=["archived_at", "revision", "updated_at"])
        append(locked, SessionArchived(archived_at=locked.archived_at))
    return locked


@transaction.atomic
def unarchive_session(*, session: UUID, actor: User, expected_revision: int | None = None) -> Session:
    """Take it out again; the same rules."""
    locked = lock_for_edit(session, actor, expected_revision)
    if locked.archived_at is not None:
        locked.archived_at = None
        locked.revision += 1
        locked.save(update_fields=["archived_at", "revision", "updated_at"])
        append(locked, SessionUnarchived())
    return locked
