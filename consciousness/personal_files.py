"""Files in the data catalogue, and which of their bytes a person's copy holds."""

from collections.abc import Iterator

from consciousness.file_store import STORAGE, clean_name, names_of
from consciousness.models import Extract, File, FileCopy, Remnant
from consciousness.services.files.deleting import drop_unsent_files
from timetravelers.kit.catalogue import Fate, Link, StoredFile, Table, exempt
from timetravelers.kit.retention import WITH_ACCOUNT, Own, goes_with
from timetravelers.kit.tags import AI_PROVIDER, Category, Purpose, secret, stamped, tag, technical


def file_tables() -> list[Table]:
    """For the catalogue of the room."""
    exempt("names nobody: where bytes lie that are to be deleted", Remnant)
    return [_files(), _extracts(), _copies()]


def stored_files(person: int) -> Iterator[StoredFile]:
    """What lies in the storage for a person; what has not been checked, or is a smaller copy, has no label."""
    rows = File.objects.filter(user_id=person).order_by("pk")
    for file in rows.only("uid", "name", "state", "key", "parts", "has_thumbnail"):
        for place in names_of(file.key, file.parts, has_thumbnail=file.has_thumbnail):
            is_it = file.state == File.State.READY and place == clean_name(file.key)
            yield StoredFile(STORAGE, place, f"{file.uid}-{file.name}" if is_it else "")


def _files() -> Table:
    unsent = Own(name="unsent", words="for a day, if you never send it with a message", work=drop_unsent_files)
    return Table(
        model=File,
        title="Your files",
        links=[Link("user", Fate.DELETE, "what the person sent, or was sent by a Traveler")],
        retention=[WITH_ACCOUNT, unsent],
        columns=[
            *stamped("uid", "state", "reason", "origin", "created_at", "expires_at", message="message__uid"),
            tag("name", Category.CONVERSATION, Purpose.MENTORING, leaves=AI_PROVIDER),
            tag("media_type", Category.CONVERSATION, Purpose.MENTORING, leaves=AI_PROVIDER),
            tag("size", Category.CONVERSATION, Purpose.MENTORING, leaves=AI_PROVIDER),
            *stamped("sha256", "pages"),
            secret("source"),
            *technical("id", "user", "key", "parts", "received", "has_thumbnail", "attempts", "due_at"),
        ],
        files=stored_files,
    )


def _extracts() -> Table:
    return Table(
        model=Extract,
        title="What we read in your files",
        links=[Link("file__user", Fate.DELETE, "text out of the person's file")],
        retention=[goes_with("file", "for as long as the file")],
        columns=[
            tag("file", Category.TECHNICAL, Purpose.OPERATION, copy="file__uid"),
            tag("text", Category.CONVERSATION, Purpose.MENTORING, leaves=AI_PROVIDER),
            *technical("id"),
        ],
    )


def _copies() -> Table:
    return Table(
        model=FileCopy,
        title="Copies of your files at the AI provider",
        links=[Link("file__user", Fate.DELETE, "where a copy of the person's file went")],
        retention=[goes_with("file", "for as long as the file; the provider deletes its copy after two days")],
        columns=[
            tag("file", Category.TECHNICAL, Purpose.OPERATION, copy="file__uid"),
            *stamped("reference", "created_at", "expires_at", "is_refused"),
            *technical("id", "account"),
        ],
    )
