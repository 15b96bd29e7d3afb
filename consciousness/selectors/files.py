"""Files as people see them, and what can be read in them."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet
from django.db.models.functions import Left

from accounts.models import User
from consciousness.errors import FileNotFound, FileNotReady, FileRefused
from consciousness.models import Extract, File
from consciousness.vetting.verdicts import BY_CODE


@dataclass(frozen=True, slots=True)
class FileText:
    """What can be read in a file that was sent with a message. It came from outside: it is never to be trusted."""

    file: UUID
    name: str
    text: str
    message: UUID


def files_of(actor: User) -> QuerySet[File]:
    """The actor's files, newest first."""
    return File.objects.filter(user_id=actor.pk).select_related("message__session").order_by("-id")


def file_for(actor: User, uid: UUID) -> File:
    """One of them; raises FileNotFound."""
    file = files_of(actor).filter(uid=uid).first()
    if file is None:
        raise FileNotFound
    return file


def ready_file_for(actor: User, uid: UUID, *, with_thumbnail: bool = False) -> File:
    """The same if its bytes can be had; raises FileNotFound, FileNotReady and FileRefused."""
    file = file_for(actor, uid)
    if file.state == File.State.REFUSED:
        raise FileRefused(BY_CODE[file.reason].says, extra={"reason": file.reason})
    if file.state != File.State.READY:
        raise FileNotReady
    if with_thumbnail and not file.has_thumbnail:
        raise FileNotFound
    return file


def file_texts_of(turns: Collection[int], most: int) -> list[FileText]:
    """What can be read in the files that came with these turns (their keys), in the order in which they were said.

    Of each text at most so many characters from its beginning are read, however long it is.
    """
    ready = Extract.objects.filter(
        file__message__turn__in=turns, file__state=File.State.READY, file__message__superseded_at__isnull=True
    )
    rows = ready.order_by("file__message_id", "file_id").annotate(beginning=Left("text", most))
    return [FileText(*row) for row in rows.values_list("file__uid", "file__name", "beginning", "file__message__uid")]
