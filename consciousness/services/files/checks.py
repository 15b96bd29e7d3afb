"""Looking into what has come in: a worker puts the pieces together, has them judged, and keeps what is clean.

    checking  --clean-->  ready        checking  --anything else-->  refused

The looking happens in a process of its own and outside of transactions. A worker that dies is replaced when its time
is over; whatever it had stored lies under names that the row knows.
"""

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

import structlog
from django.db import transaction
from django.db.models import F

from consciousness.announcements import FileAdded
from consciousness.errors import SessionNotFound
from consciousness.file_store import clean_name, keep, names_of, read_parts, thumbnail_name
from consciousness.models import Extract, File, Remnant, Session
from consciousness.services.files.remnants import note_remnants
from consciousness.services.files.telling import told_file
from consciousness.services.log import append, lock_session
from consciousness.vetting.layout import CLEAN, THUMBNAIL
from consciousness.vetting.running import look_into
from consciousness.vetting.texts import MOST_CHARACTERS
from consciousness.vetting.verdicts import Found, Reason, Unacceptable
from timetravelers.kit.clock import now
from timetravelers.kit.text import legible

log = structlog.get_logger(__name__)

ATTEMPT = timedelta(minutes=2)
# Looking is at fault by itself; what is to be fetched may be out of reach for hours, and is kept there for two days.
MAX_ATTEMPTS = {File.State.CHECKING: 4, File.State.FETCHING: 10}
REFUSED_FOR = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class _Clean:
    """What is kept of a file that passed; the bytes lie at `body`."""

    found: Found
    body: Path
    thumbnail: Path | None
    size: int
    sha256: str


def check_file(uid: UUID) -> None:
    """Look into a file that is due, unless somebody else is at it; a file that is gone meanwhile leaves nothing."""
    file = claim(uid, File.State.CHECKING)
    if file is None:
        return
    with TemporaryDirectory(prefix="file-") as folder:
        try:
            clean = _judge(file, Path(folder))
        except Unacceptable as refusal:
            refuse(file, refusal.reason)
        else:
            _keep(file, clean)
            _accept(file, clean)


def claim(uid: UUID, state: File.State) -> File | None:
    """A due file in this state, which is this worker's for ATTEMPT; after MAX_ATTEMPTS of the state it is refused."""
    moment = now()
    due = File.objects.filter(uid=uid, state=state, due_at__lte=moment)
    if not due.update(due_at=moment + ATTEMPT, attempts=F("attempts") + 1):
        return None
    file = File.objects.filter(uid=uid, state=state).first()
    if file is not None and file.attempts > MAX_ATTEMPTS[state]:
        log.error("file_given_up", file=str(uid), state=state.value)
        refuse(file, Reason.UNREACHABLE if state == File.State.FETCHING else Reason.UNCHECKED)
        return None
    return file


def due_files(limit: int = 200) -> list[tuple[UUID, bool]]:
    """Files that ought to be fetched or looked into and are not, and whether they are to be fetched."""
    due = File.objects.filter(state__in=[File.State.FETCHING, File.State.CHECKING], due_at__lte=now())
    rows = due.order_by("due_at").values_list("uid", "state")[:limit]
    return [(uid, state == File.State.FETCHING) for uid, state in rows]


@transaction.atomic
def refuse(file: File, reason: Reason) -> None:
    """Say why, delete what came in, and let the row go in a day; does nothing if the file has moved on."""
    locked = _lock(file)
    if locked is None:
        return
    note_remnants([(Remnant.Kind.STORED, part) for part in locked.parts])
    locked.state, locked.reason, locked.parts, locked.source = File.State.REFUSED, reason.code, [], ""
    locked.expires_at = now() + REFUSED_FOR
    locked.save(update_fields=["state", "reason", "parts", "source", "expires_at"])
    log.info("file_refused", file=str(file.uid), reason=reason.code)


def _judge(file: File, folder: Path) -> _Clean:
    """Put together and look; raises Unacceptable."""
    body, out = folder / "body", folder / "out"
    size, digest = _assemble(file, body)
    if not size:
        raise Unacceptable(Reason.EMPTY)
    if size != file.size or digest != file.sha256:
        raise Unacceptable(Reason.CHANGED)
    out.mkdir()
    found = look_into(body, file.name, out)
    thumbnail = out / THUMBNAIL if found.has_thumbnail else None
    if not found.is_remade:
        return _Clean(found, body, thumbnail, size, digest)
    made = out / CLEAN
    return _Clean(found, made, thumbnail, made.stat().st_size, hashlib.sha256(made.read_bytes()).hexdigest())


def _assemble(file: File, place: Path) -> tuple[int, str]:
    size, digest = 0, hashlib.sha256()
    try:
        with place.open("wb") as body:
            for piece in read_parts(file.parts):
                size += body.write(piece)
                digest.update(piece)
    except FileNotFoundError:
        raise Unacceptable(Reason.UNCHECKED) from None
    return size, digest.hexdigest()


def _keep(file: File, clean: _Clean) -> None:
    with clean.body.open("rb") as body:
        keep(clean_name(file.key), body)
    if clean.thumbnail is not None:
        with clean.thumbnail.open("rb") as small:
            keep(thumbnail_name(file.key), small)


@transaction.atomic
def _accept(file: File, clean: _Clean) -> None:
    session = _session_of(file)
    locked = _lock(file)
    if locked is None:
        if not File.objects.filter(pk=file.pk).exists():
            stored = names_of(file.key, [], has_thumbnail=True)
            note_remnants([(Remnant.Kind.STORED, name) for name in stored])
        return
    note_remnants([(Remnant.Kind.STORED, part) for part in locked.parts])
    locked.state, locked.parts, locked.source = File.State.READY, [], ""
    locked.media_type, locked.pages = clean.found.media_type, clean.found.pages
    locked.size, locked.sha256, locked.has_thumbnail = clean.size, clean.sha256, clean.thumbnail is not None
    locked.save()
    text = legible(clean.found.text)[:MOST_CHARACTERS]
    if text:
        Extract.objects.update_or_create(file=locked, defaults={"text": text})
    if session is not None and locked.message is not None:
        append(session, FileAdded(message=locked.message.uid, file=told_file(locked)))


def _session_of(file: File) -> Session | None:
    """The locked session that a Traveler sent the file in; files of people are claimed when they are ready."""
    uid = File.objects.filter(pk=file.pk).values_list("message__session__uid", flat=True).first()
    try:
        return None if uid is None else lock_session(uid)
    except SessionNotFound:
        return None


def _lock(file: File) -> File | None:
    """The row, locked, if it is as this worker claimed it."""
    rows = File.objects.select_for_update(of=("self",)).select_related("message")
    return rows.filter(pk=file.pk, state=file.state, attempts=file.attempts).first()
