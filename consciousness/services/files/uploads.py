"""Files of people on their way in: at once, or piece by piece for as long as it takes."""

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Sum

from accounts.models import User
from accounts.services.locking import lock_person
from consciousness.errors import (
    FileNotFound,
    FileOffsetWrong,
    FileQuotaReached,
    FileTooLarge,
    FileWrongState,
)
from consciousness.events import FileArrived
from consciousness.file_names import usable_name
from consciousness.file_store import new_key
from consciousness.models import File
from consciousness.services.files.landing import Landed, take
from timetravelers.kit.clock import now
from timetravelers.kit.events import publish

UNCLAIMED_FOR = timedelta(days=1)
MOST_COMING = 20
# Smaller pieces than this make sense at the end only.
MOST_PIECES = 400


@transaction.atomic
def begin_upload(*, actor: User, name: str, size: int, sha256: str) -> File:
    """A file that is to come in pieces, of so many bytes with this digest (lower-case hex).

    Locks the person's row. Raises FileNameUnusable, FileTypeNotTaken, FileTooLarge and FileQuotaReached.
    """
    return _new_file(actor, name, size, sha256, state=File.State.UPLOADING)


@transaction.atomic
def receive_whole(*, actor: User, name: str, landed: Landed) -> File:
    """A file that has come in at once; it is looked into behind. Locks and raises as `begin_upload`."""
    file = _new_file(
        actor, name, landed.size, landed.sha256, state=File.State.CHECKING, parts=[landed.part], received=landed.size
    )
    take(landed)
    publish(FileArrived(file.uid))
    return file


@transaction.atomic
def receive_piece(*, actor: User, file: UUID, offset: int, landed: Landed) -> File:
    """The next piece of a file, which begins at `offset`; with the last one it is looked into behind.

    Locks the file, so that of pieces that come at the same time one is taken. Raises FileNotFound, FileWrongState,
    FileOffsetWrong and FileTooLarge.
    """
    locked = File.objects.select_for_update().filter(user_id=actor.pk, uid=file).first()
    if locked is None:
        raise FileNotFound
    require_next(locked, offset, landed.size)
    locked.parts.append(landed.part)
    locked.received += landed.size
    take(landed)
    if locked.received == locked.size:
        locked.state, locked.due_at = File.State.CHECKING, now()
        publish(FileArrived(locked.uid))
    locked.save(update_fields=["parts", "received", "state", "due_at"])
    return locked


def require_next(file: File, offset: int, size: int) -> None:
    """Whether a piece of so many bytes is what comes next.

    Raises FileWrongState if nothing more is wanted of the file, FileOffsetWrong if something else is, FileTooLarge.
    """
    if file.state != File.State.UPLOADING:
        raise FileWrongState("All of it has come in.")
    if offset != file.received:
        raise FileOffsetWrong("Go on from where it stands.", extra={"offset": file.received})
    if offset + size > file.size or len(file.parts) >= MOST_PIECES:
        raise FileTooLarge("This is more than was announced, or in too many pieces.")


def _new_file(actor: User, name: str, size: int, sha256: str, *, state: File.State, **facts: object) -> File:
    called = usable_name(name)
    if size > settings.FILE_MAX_BYTES:
        raise FileTooLarge(f"At most {settings.FILE_MAX_BYTES // 1_000_000} MB.")
    lock_person(actor.pk)
    _require_room(actor, size)
    moment = now()
    return File.objects.create(
        user_id=actor.pk,
        name=called,
        size=size,
        sha256=sha256,
        state=state,
        key=new_key(),
        due_at=moment,
        expires_at=moment + UNCLAIMED_FOR,
        **facts,
    )


def _require_room(actor: User, size: int) -> None:
    kept = File.objects.filter(user_id=actor.pk).exclude(state=File.State.REFUSED)
    held = kept.aggregate(bytes=Sum("size"))["bytes"] or 0
    if held + size > settings.FILES_QUOTA_BYTES:
        raise FileQuotaReached(f"Your files may take {settings.FILES_QUOTA_BYTES // 1_000_000} MB together.")
    if kept.filter(state__in=File.COMING).count() >= MOST_COMING:
        raise FileQuotaReached("Too many of your files are still on their way.")
