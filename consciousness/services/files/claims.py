"""Files that are sent with messages: each with one, by the person whose they are, when they have been checked."""

from collections.abc import Collection, Sequence
from typing import NamedTuple
from uuid import UUID

from consciousness.announcements import ToldFile
from consciousness.errors import FileNotFound, FileNotReady, FileRefused, FileTaken, TooManyFiles
from consciousness.frames import MOST_FILES
from consciousness.models import File
from consciousness.services.files.telling import told_file
from consciousness.vetting.verdicts import BY_CODE
from timetravelers.kit.errors import DomainError
from timetravelers.kit.statements import fetch_all

_WANTED = """
    SELECT file.uid, file.user_id, file.state, file.reason, message.uid, file.name, file.media_type, file.size,
           file.origin, file.has_thumbnail
      FROM consciousness_file file LEFT JOIN consciousness_message message ON message.id = file.message_id
     WHERE file.uid = ANY(%s::uuid[]) AND file.user_id = ANY(%s) ORDER BY file.id FOR NO KEY UPDATE OF file
"""
_CLAIM = """
    UPDATE consciousness_file file SET message_id = message.id, expires_at = NULL
      FROM unnest(%s::uuid[], %s::uuid[]) AS asked(file, message)
      JOIN consciousness_message message ON message.uid = asked.message
     WHERE file.uid = asked.file
    RETURNING file.id
"""


class Wanted(NamedTuple):
    """A file that somebody wants to send, locked."""

    uid: UUID
    owner: int
    state: str
    reason: str
    message: UUID | None
    name: str
    media_type: str
    size: int
    origin: str
    has_thumbnail: bool


Claimable = dict[UUID, Wanted]


def open_files(asked: Collection[UUID], owners: Collection[int]) -> Claimable:
    """The files there are, locked in order until the transaction ends."""
    rows = fetch_all(_WANTED, [list(asked), list(owners)])
    return {wanted.uid: wanted for wanted in (Wanted(*row) for row in rows)}


def refusal(files: Sequence[UUID], actor: int, known: Claimable) -> DomainError | None:
    """Why these files cannot be sent by this person with a new message."""
    if len(files) > MOST_FILES or len(set(files)) != len(files):
        return TooManyFiles()
    return next(filter(None, (_refusal(known.get(uid), actor) for uid in files)), None)


def _refusal(file: Wanted | None, actor: int) -> DomainError | None:
    if file is None or file.owner != actor:
        return FileNotFound()
    if file.state == File.State.REFUSED:
        return FileRefused(BY_CODE[file.reason].says, extra={"reason": file.reason})
    if file.state != File.State.READY:
        return FileNotReady()
    return None if file.message is None else FileTaken()


def put_with(files: Sequence[UUID], message: UUID, known: Claimable) -> tuple[ToldFile, ...]:
    """Note that these belong to a message that is about to be stored, and tell of them."""
    for uid in files:
        known[uid] = known[uid]._replace(message=message)
    return tuple(told_file(known[uid]) for uid in files)


def were_sent_with(files: Sequence[UUID], message: UUID, known: Claimable) -> bool:
    """Whether a repetition of a message names files that went with it."""
    return all(uid in known and known[uid].message == message for uid in files)


def claim(claims: Sequence[tuple[UUID, UUID]]) -> None:
    """Store which files (first of each pair) belong to which messages, in the transaction that stores those."""
    if claims:
        fetch_all(_CLAIM, [[file for file, _ in claims], [message for _, message in claims]])
