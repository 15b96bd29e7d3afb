"""Copies for people of what we hold about them: asked for, built by a worker, thrown away after a week."""

from datetime import timedelta
from tempfile import TemporaryFile
from typing import IO
from uuid import UUID

import structlog
from django.core.files import File
from django.core.files.storage import Storage, storages
from django.db import transaction

from accounts.errors import ExportNotReady
from accounts.events import ExportRequested
from accounts.models import Export, User
from accounts.services.locking import lock_person
from timetravelers.kit.archive import write_archive
from timetravelers.kit.clock import now
from timetravelers.kit.events import publish

log = structlog.get_logger(__name__)

STORAGE = "exports"
KEPT = timedelta(days=7)
MAX_ATTEMPTS = 5
# A worker that has not come back after this long is taken for dead.
ATTEMPT = timedelta(minutes=15)


def export_storage() -> Storage:
    """Where exports are kept: readable by this house's own user only."""
    return storages[STORAGE]


def export_file(uid: UUID) -> str:
    """The name of an export's file in its storage."""
    return f"{uid}.zip"


@transaction.atomic
def request_export(*, user: User) -> Export:
    """Have a copy made; the one that is being made already if there is one.

    Locks the person's row. Publishes ExportRequested. The caller has made sure that it is the person who asks.
    """
    lock_person(user.pk)
    waiting = Export.objects.filter(user_id=user.pk, state=Export.State.QUEUED).first()
    if waiting is not None:
        return waiting
    export = Export.objects.create(user_id=user.pk, due_at=now())
    publish(ExportRequested(export.uid))
    return export


def build_export(uid: UUID) -> None:
    """Build an export that is due, unless another worker is at it; after some attempts it has failed for good."""
    moment = now()
    due = Export.objects.filter(uid=uid, state=Export.State.QUEUED, due_at__lte=moment)
    if due.filter(attempts__gte=MAX_ATTEMPTS).update(state=Export.State.FAILED):
        log.error("export_failed", export=str(uid))
        return
    export = due.first()
    if export is None or not _claim(export):
        return
    with TemporaryFile() as file:
        write_archive(file, export.user_id, export.user.uid)
        _keep(export, file)


def _claim(export: Export) -> bool:
    mine = Export.objects.filter(pk=export.pk, state=Export.State.QUEUED, due_at=export.due_at)
    export.due_at = now() + ATTEMPT
    return bool(mine.update(due_at=export.due_at, attempts=export.attempts + 1))


def _keep(export: Export, file: IO[bytes]) -> None:
    size = file.tell()
    file.seek(0)
    name = export_file(export.uid)
    export_storage().delete(name)
    export_storage().save(name, File(file))
    ready = {"bytes": size, "ready_at": now(), "expires_at": now() + KEPT}
    mine = Export.objects.filter(pk=export.pk, state=Export.State.QUEUED, due_at=export.due_at)
    if not mine.update(state=Export.State.READY, **ready):
        # The person left, deleted something meanwhile, or another worker was quicker and its file is replaced by ours.
        Export.objects.filter(pk=export.pk, state=Export.State.READY).update(state=Export.State.QUEUED, due_at=now())
        export_storage().delete(name)


@transaction.atomic
def discard_exports(user_id: int) -> None:
    """What is in copies of a person's data is no longer all they want to be there: their time is over now.

    Files go after the transaction, or with the next purge; one that is being built begins anew. A copy may be asked
    for again.
    """
    Export.objects.filter(user_id=user_id, state=Export.State.READY).update(expires_at=now())
    Export.objects.filter(user_id=user_id, state=Export.State.QUEUED).update(due_at=now())
    transaction.on_commit(purge_exports)


def open_export(export: Export) -> IO[bytes]:
    """The file of an export, to be closed by the caller; raises ExportNotReady."""
    if export.state != Export.State.READY or export.expires_at is None or export.expires_at <= now():
        raise ExportNotReady
    try:
        return export_storage().open(export_file(export.uid))
    except FileNotFoundError:
        raise ExportNotReady from None


def due_exports(limit: int = 50) -> list[UUID]:
    """Exports that ought to be built and are not."""
    due = Export.objects.filter(state=Export.State.QUEUED, due_at__lte=now())
    return list(due.order_by("due_at").values_list("uid", flat=True)[:limit])


def purge_exports(limit: int = 500) -> int:
    """Throw away files of exports past their week; returns how many. Safe to run again after it was killed."""
    expired = Export.objects.filter(state=Export.State.READY, expires_at__lte=now()).order_by("expires_at")
    uids = list(expired.values_list("uid", flat=True)[:limit])
    for uid in uids:
        export_storage().delete(export_file(uid))
        Export.objects.filter(uid=uid, state=Export.State.READY).update(state=Export.State.EXPIRED)
    return len(uids)
