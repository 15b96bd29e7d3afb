"""Files that come with a Traveler's reply: noted with it, fetched by a worker, and then looked into like any other."""

from collections.abc import Sequence
from datetime import timedelta
from tempfile import SpooledTemporaryFile
from typing import IO, cast
from uuid import UUID

import structlog
from django.conf import settings
from django.db import transaction

from consciousness.errors import FileEmpty, FileTypeNotTaken
from consciousness.events import FileArrived, FileOffered
from consciousness.file_names import name_for
from consciousness.file_store import new_key
from consciousness.frames import MOST_FILES
from consciousness.models import File, Message
from consciousness.services.files.checks import claim, refuse
from consciousness.services.files.landing import Landed, land, take
from consciousness.vetting.verdicts import Reason
from mentors.engines import EngineError, Offered, Trouble, engine_named
from timetravelers.kit.clock import now
from timetravelers.kit.events import publish
from timetravelers.kit.sealing import BrokenSeal, open_sealed, seal

log = structlog.get_logger(__name__)

PURPOSE = "file address"
IN_MEMORY = 1_000_000
# Before the second attempt; each further one waits twice as long, nearly three hours in the end.
PAUSE = timedelta(seconds=20)
HOPELESS = frozenset({Trouble.LOST, Trouble.BAD_WORDS, Trouble.SHUT})


def note_offers(message: Message, user_id: int, offers: Sequence[Offered]) -> None:
    """Note the files that came with a reply, in its transaction; kinds that the house does not take are left out."""
    for offer in offers[:MOST_FILES]:
        try:
            name = name_for(offer.name)
        except FileTypeNotTaken:
            log.info("offered_file_not_taken", message=str(message.uid))
            continue
        file = File.objects.create(
            user_id=user_id,
            message=message,
            origin=File.Origin.TRAVELER,
            name=name,
            state=File.State.FETCHING,
            key=new_key(),
            source=seal(offer.address, PURPOSE),
            due_at=now(),
        )
        publish(FileOffered(file.uid))


def fetch_file(uid: UUID) -> None:
    """Fetch a file that is due, unless somebody else is at it, before the provider deletes it."""
    file = claim(uid, File.State.FETCHING)
    if file is None:
        return
    with SpooledTemporaryFile(max_size=IN_MEMORY) as spooled:
        body = cast("IO[bytes]", spooled)
        try:
            _fetch(file, body)
            landed = land(body)
        except FileEmpty:
            refuse(file, Reason.EMPTY)
        except BrokenSeal:
            refuse(file, Reason.UNREACHABLE)
        except EngineError as problem:
            _settle(file, problem)
        else:
            _take_in(file, landed)


def _fetch(file: File, body: IO[bytes]) -> None:
    engine = engine_named(file.message.engine) if file.message else None
    if engine is None:
        raise EngineError(Trouble.LOST)
    engine.fetch(open_sealed(file.source, PURPOSE), body, settings.FILE_MAX_BYTES)


def _settle(file: File, problem: EngineError) -> None:
    log.info("file_not_fetched", file=str(file.uid), trouble=problem.trouble.value)
    if problem.trouble in HOPELESS:
        refuse(file, Reason.UNREACHABLE)
    else:
        mine = File.objects.filter(pk=file.pk, state=File.State.FETCHING, attempts=file.attempts)
        mine.update(due_at=now() + PAUSE * 2 ** (file.attempts - 1))


@transaction.atomic
def _take_in(file: File, landed: Landed) -> None:
    mine = File.objects.filter(pk=file.pk, state=File.State.FETCHING, attempts=file.attempts)
    arrived = {"parts": [landed.part], "received": landed.size, "size": landed.size, "sha256": landed.sha256}
    if mine.update(**arrived, state=File.State.CHECKING, source="", attempts=0, due_at=now()):
        take(landed)
        publish(FileArrived(file.uid))
