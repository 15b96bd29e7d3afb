"""Bytes that have just come in: in the storage before any row knows of them, and gone again if none ever does."""

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from typing import IO

from consciousness.errors import FileEmpty
from consciousness.file_store import keep, new_part
from consciousness.models import Remnant
from timetravelers.kit.clock import now

# Until then somebody has taken what has landed, or it is deleted.
TAKEN_WITHIN = timedelta(minutes=15)
PIECE = 256 * 1024


@dataclass(frozen=True, slots=True)
class Landed:
    """Bytes in the storage under a name of their own; `sha256` is of them."""

    part: str
    size: int
    sha256: str


def land(body: IO[bytes]) -> Landed:
    """Store all of a seekable body, from its beginning. Call it outside of transactions, and `take` inside one.

    What nobody takes is deleted later, whatever becomes of this process. Raises FileEmpty.
    """
    size, digest = _measured(body)
    if not size:
        raise FileEmpty
    part = new_part()
    Remnant.objects.create(kind=Remnant.Kind.STORED, reference=part, due_at=now() + TAKEN_WITHIN)
    keep(part, body)
    return Landed(part, size, digest)


def take(landed: Landed) -> None:
    """Say, in the transaction of the row that names the bytes, that they stay."""
    Remnant.objects.filter(kind=Remnant.Kind.STORED, reference=landed.part).delete()


def _measured(body: IO[bytes]) -> tuple[int, str]:
    body.seek(0)
    size, digest = 0, hashlib.sha256()
    while piece := body.read(PIECE):
        size += len(piece)
        digest.update(piece)
    body.seek(0)
    return size, digest.hexdigest()
