"""Files on their way to Manus: a record, then the bytes to the address it names, then a look at what arrived."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import BinaryIO

import structlog

from mentors.manus import errors, wire
from mentors.manus.calls import Caller
from mentors.manus.outgoing import FileId, OpenUpload

log = structlog.get_logger(__name__)

PUT = "file.put"
PIECE = 64 * 1024
LARGEST_FILE = 512 * 1024 * 1024
# The address lives for 180 s; ours is the shorter measure, for clocks and the wire.
ADDRESS_SECONDS = 170.0
MARGIN_SECONDS = 10.0
STORING_SECONDS = 30.0
MOST_ADDRESSES = 2
SETTLE_LOOKS = 6
FIRST_LOOK_SECONDS = 0.25
ACCEPTED = range(200, 300)
OVER = frozenset({"deleted", "error"})


@dataclass(frozen=True, slots=True)
class Uploaded:
    """A file that Manus has: `sha256` is of the bytes as they left."""

    file: wire.StoredFile
    sha256: str


@dataclass(slots=True)
class Uploads:
    """Sends files for one account; `wall` is the time of day that expiries are told in."""

    calls: Caller
    wall: Callable[[], float] = time.time

    def send(self, filename: str, source: BinaryIO, *, size: int, sha256: str | None = None) -> Uploaded:
        """Send `size` bytes of `source` from where it stands, never holding more than a piece of them.

        With `sha256` (lower-case hex) the bytes must be those. Returns once Manus says that it has them all.
        An address that expires on the way is replaced once, where the source can be rewound. Raises
        InvalidRequest (empty, or over 512 MB), UploadExpired, UploadRejected, and what calls raise; whatever
        came to be at Manus is then deleted again as far as possible.
        """
        if not 0 < size <= LARGEST_FILE:
            raise errors.InvalidRequest(endpoint="file.upload")
        begin = source.tell() if source.seekable() else None
        for _ in range(MOST_ADDRESSES - 1):
            try:
                return self._try(filename, _Pieces(source, size, self.calls.monotonic), sha256)
            except errors.UploadExpired:
                if begin is None:
                    raise
                source.seek(begin)
        return self._try(filename, _Pieces(source, size, self.calls.monotonic), sha256)

    def _try(self, filename: str, pieces: _Pieces, sha256: str | None) -> Uploaded:
        opened = self.calls.write("file.upload", OpenUpload(filename=filename), wire.UploadOpened)
        try:
            self._put(opened, pieces)
            pieces.check(sha256)
            file = self._settled(opened.file.id, len(pieces))
        except Exception:  # reading the source may fail, too, or be forbidden in the middle
            self._take_back(opened.file.id)
            raise
        return Uploaded(file, pieces.digest)

    def _put(self, opened: wire.UploadOpened, pieces: _Pieces) -> None:
        left = _seconds_left(opened, self.wall())
        if left <= 0:
            raise errors.UploadExpired(endpoint=PUT)
        pieces.deadline = self.calls.monotonic() + left
        limits = replace(self.calls.limits, read=max(self.calls.limits.read, STORING_SECONDS), total=left)
        status = self.calls.put(PUT, opened.upload_url, pieces, limits)
        if status not in ACCEPTED:
            late = _seconds_left(opened, self.wall()) <= 0
            kind = errors.UploadExpired if late else errors.UploadRejected
            raise kind(endpoint=PUT, http_status=status)

    def _settled(self, file_id: str, size: int) -> wire.StoredFile:
        """The file once all of it is `uploaded`; raises UploadRejected when it is not to be, and Timeout."""
        pause = FIRST_LOOK_SECONDS
        for _ in range(SETTLE_LOOKS):
            file = self.calls.read("file.detail", FileId(file_id=file_id), wire.FileAnswer).file
            if file.status == "uploaded" and file.bytes in (None, size):
                return file
            if file.status in {*OVER, "uploaded"}:
                raise errors.UploadRejected(endpoint="file.detail")
            self.calls.sleep(pause)
            pause *= 2
        raise errors.Timeout(endpoint="file.detail")

    def _take_back(self, file_id: str) -> None:
        try:
            self.calls.write("file.delete", FileId(file_id=file_id), wire.Envelope)
        except errors.ManusError as error:
            # It vanishes by itself after 48 hours.
            log.info("manus_upload_left_behind", kind=type(error).__name__)


class _Pieces:
    """What is sent: counted, hashed, and refused once the deadline has passed or the length is not as told."""

    def __init__(self, source: BinaryIO, size: int, monotonic: Callable[[], float]) -> None:
        self.deadline = 0.0
        self._source = source
        self._size = size
        self._monotonic = monotonic
        self._sent = 0
        self._hash = hashlib.sha256()

    @property
    def digest(self) -> str:
        return self._hash.hexdigest()

    def __len__(self) -> int:
        return self._size

    def __iter__(self) -> Iterator[bytes]:
        while piece := self.read(PIECE):
            yield piece

    def read(self, size: int = -1, /) -> bytes:
        if self._monotonic() > self.deadline:
            raise errors.UploadExpired(endpoint=PUT)
        left = self._size - self._sent
        piece = self._source.read(min(left, PIECE if size < 0 else size))
        if left and not piece:
            raise errors.UploadRejected(endpoint=PUT)
        self._sent += len(piece)
        self._hash.update(piece)
        return piece

    def check(self, sha256: str | None) -> None:
        """Raise UploadRejected unless all was sent, there is no more of it, and it was what it should be."""
        whole = self._sent == self._size and not self._source.read(1)
        if not whole or (sha256 is not None and sha256 != self.digest):
            raise errors.UploadRejected(endpoint=PUT)


def _seconds_left(opened: wire.UploadOpened, wall: float) -> float:
    if opened.upload_expires_at is None:
        return ADDRESS_SECONDS
    return min(opened.upload_expires_at - wall - MARGIN_SECONDS, ADDRESS_SECONDS)
