"""How far a deletion or an export is."""

import hashlib
from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet

from accounts.errors import DeletionNotFound, ExportNotFound
from accounts.models import Deletion, Export, User


def digest_of(receipt: str) -> str:
    """What is stored of a receipt's secret."""
    return hashlib.sha256(receipt.encode()).hexdigest()


def deletion_with(receipt: str) -> Deletion:
    """The deletion with this receipt; raises DeletionNotFound."""
    deletion = Deletion.objects.filter(receipt=digest_of(receipt)).first()
    if deletion is None:
        raise DeletionNotFound
    return deletion


def deletion_report(deletion: Deletion) -> dict[str, Any]:
    """What its receipt says: when, how many rows of each table, and what is owed elsewhere."""
    duties = deletion.duties.values("kind", "state").annotate(number=Count("id")).order_by("kind", "state")
    return {
        "state": deletion.state,
        "requested_at": deletion.requested_at,
        "erased_at": deletion.erased_at,
        "completed_at": deletion.completed_at,
        "rows": deletion.counts,
        "files": deletion.files_deleted,
        "elsewhere": list(duties),
    }


def own_exports(actor: User) -> "QuerySet[Export]":
    """The person's exports."""
    return Export.objects.filter(user_id=actor.pk)


def own_export(actor: User, uid: UUID | str) -> Export:
    """One of the person's exports; raises ExportNotFound."""
    export = own_exports(actor).filter(uid=uid).first()
    if export is None:
        raise ExportNotFound
    return export
