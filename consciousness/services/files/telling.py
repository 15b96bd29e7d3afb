"""A file as phones are told of it, and logs that are to tell of it no more."""

from collections.abc import Sequence
from typing import Any, Protocol
from uuid import UUID

from django.db.models import Q

from consciousness.announcements import FileAdded, ToldFile
from consciousness.models import File, Message, SessionEvent


class Known(Protocol):
    """What is told of a file, whether its row is at hand or only these columns."""

    @property
    def uid(self) -> UUID: ...
    @property
    def name(self) -> str: ...
    @property
    def media_type(self) -> str: ...
    @property
    def size(self) -> int: ...
    @property
    def origin(self) -> str: ...
    @property
    def has_thumbnail(self) -> bool: ...


def told_file(file: Known) -> ToldFile:
    """What it is; who wants what is in it asks for an address."""
    return ToldFile(
        uid=file.uid,
        name=file.name,
        media_type=file.media_type,
        size=file.size,
        origin=file.origin,
        has_thumbnail=file.has_thumbnail,
    )


def empty_file_log(files: Sequence[File], message: Message) -> None:
    """What the log says of a message's files, their names above all, is taken out of the events that told of them.

    The caller has locked the session.
    """
    uids = {str(file.uid) for file in files}
    told = Q(seq=message.seq) | Q(type=FileAdded.kind, data__file__uid__in=uids)
    events = list(SessionEvent.objects.filter(told, session=message.session_id)) if uids else []
    for event in events:
        event.data = _without(event.data, uids)
    SessionEvent.objects.bulk_update(events, ["data"])


def _without(data: dict[str, Any], uids: set[str]) -> dict[str, Any]:
    if "file" in data:
        return {**data, "file": {**data["file"], "name": "", "media_type": "", "size": 0}}
    message = data["message"]
    return {
        **data,
        "message": {**message, "files": [one for one in message.get("files", []) if one["uid"] not in uids]},
    }
