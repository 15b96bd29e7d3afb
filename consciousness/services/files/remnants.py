"""What files leave behind outside the database, in the storage and at the provider, and its deletion."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from django.db.models import QuerySet

from accounts.services import NothingToDo, NotYet
from consciousness.events import RemnantsLeft
from consciousness.file_store import drop, names_of
from consciousness.models import File, FileCopy, Remnant
from mentors.services.erasure import delete_file_copy, queue_file_deletions
from timetravelers.kit.clock import now
from timetravelers.kit.events import publish

log = structlog.get_logger(__name__)

# Whoever is looking into a file that goes may store what comes of it for so long.
LOOKING = timedelta(minutes=5)
FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(hours=3)
# By then the provider has deleted its copies itself, and a storage that still fails needs people.
KEEP_TRYING = timedelta(days=7)
ATTEMPT = timedelta(minutes=2)


def owe_copies(files: QuerySet[File], deletion: UUID) -> None:
    """Queue the deletion of the provider's copies of these files, under a deletion that tells how it goes."""
    queue_file_deletions(deletion, _at_provider(files))
    FileCopy.objects.filter(file__in=files).delete()


def leave_remnants(files: QuerySet[File]) -> None:
    """Note what is left of these files elsewhere, in the transaction that deletes them, and before it does.

    Whoever deletes files, or what they go with, calls this: else their bytes would stay.
    """
    held = list(files.only("key", "parts", "state"))
    looked_into = [file for file in held if file.state == File.State.CHECKING]
    settled = [file for file in held if file.state != File.State.CHECKING]
    copies = [(Remnant.Kind.PROVIDER, reference) for reference in _at_provider(files)]
    note_remnants([*_stored(settled), *copies])
    note_remnants(_stored(looked_into), now() + LOOKING)


def _stored(files: Iterable[File]) -> list[tuple[Remnant.Kind, str]]:
    return [
        (Remnant.Kind.STORED, name) for file in files for name in names_of(file.key, file.parts, has_thumbnail=True)
    ]


def _at_provider(files: QuerySet[File]) -> list[str]:
    """The copies that came to be there, as `account/file`."""
    copies = FileCopy.objects.filter(file__in=files).exclude(reference="")
    return [f"{account}/{reference}" for account, reference in copies.values_list("account_id", "reference")]


def note_remnants(left: list[tuple[Remnant.Kind, str]], due_at: datetime | None = None) -> None:
    """Have these deleted, in the caller's transaction."""
    rows = [Remnant(kind=kind, reference=reference, due_at=due_at or now()) for kind, reference in left]
    if rows:
        Remnant.objects.bulk_create(rows)
        publish(RemnantsLeft())


def clear_remnants(limit: int = 500) -> int:
    """Delete what is left over and due; returns how many. Safe to run several times at once."""
    due = Remnant.objects.filter(due_at__lte=now()).order_by("due_at")
    return sum(_clear(one) for one in due[:limit])


def _clear(remnant: Remnant) -> bool:
    pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(remnant.attempts, 10))
    mine = Remnant.objects.filter(pk=remnant.pk, due_at=remnant.due_at)
    if not mine.update(due_at=now() + max(ATTEMPT, pause), attempts=remnant.attempts + 1):
        return False
    try:
        _delete(remnant)
    except NotYet as reason:
        if now() - remnant.created_at < KEEP_TRYING:
            log.info("remnant_postponed", kind=remnant.kind, reason=str(reason))
            return False
        log.warning("remnant_given_up", kind=remnant.kind, reason=str(reason))
    Remnant.objects.filter(pk=remnant.pk).delete()
    return True


def _delete(remnant: Remnant) -> None:
    if remnant.kind == Remnant.Kind.STORED:
        drop([remnant.reference])
        return
    try:
        delete_file_copy(remnant.reference)
    except NothingToDo:
        return
