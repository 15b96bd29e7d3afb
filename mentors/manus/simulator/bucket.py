"""The place where uploads go and attachments come from: like a presigned S3 address, not like the API."""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus
from typing import Protocol

from mentors.manus.simulator.exchange import Answer, Ending, Request
from mentors.manus.simulator.faults import PUT, Fault, FaultScript, Occasion
from mentors.manus.simulator.files import LARGEST_ACCOUNT, LARGEST_FILE, Files
from mentors.manus.simulator.records import Account, FileRecord

CHUNK = 256 * 1024
SLOW_SECONDS = 3.0
HANG_SECONDS = 600.0
XML = "application/xml"
KEY_HEADER = "x-manus-api-key"


class Source(Protocol):
    """Where the bytes of an upload come from."""

    def read(self, size: int, /) -> bytes: ...


class Bucket:
    """Takes and gives bytes by address; the account's key has no business here and is refused."""

    def __init__(self, files: Files, faults: FaultScript) -> None:
        self._files = files
        self._faults = faults

    def put(self, request: Request, length: int, source: Source) -> Answer:
        """Store a body of `length` bytes; until the address expires it may be put again, as S3 has it."""
        place = self._files.at(request.path, _token(request))
        refusal = self._refusal(request, place, length)
        if place is None or refusal is not None:
            return refusal or _refused("AccessDenied")
        account, file = place
        fault = self._faults.take(Occasion((PUT,), account.name, (file.id, file.filename)))
        if fault is not None and fault.fault in ("403", "500", "503", "hang", "cut"):
            return _spoilt(fault)
        if not self._store(file, length, source):
            return _refused("IncompleteBody", HTTPStatus.BAD_REQUEST)
        if fault is not None and fault.fault == "spoilt":
            self._files.spoil(account, file)
        else:
            self._files.arrived(account, file, length, request.headers.get("content-type", ""))
        return _spoilt(fault) if fault is not None and fault.fault != "spoilt" else Answer(status=200, body=b"")

    def get(self, request: Request) -> Answer:
        """The bytes of a file for whoever has its address."""
        place = self._files.at(request.path, _token(request))
        if place is None or place[1].status != "uploaded":
            return _refused("NoSuchKey", HTTPStatus.NOT_FOUND)
        file = place[1]
        return Answer(status=200, body=self._files.path_of(file).read_bytes(), content_type=file.content_type)

    def _refusal(self, request: Request, place: tuple[Account, FileRecord] | None, length: int) -> Answer | None:
        if place is None or KEY_HEADER in request.headers or "authorization" in request.headers:
            return _refused("AccessDenied")
        account, file = place
        if not self._files.upload_is_open(file):
            return _refused("AccessDenied", said="Request has expired")
        if length > LARGEST_FILE or account.stored_bytes + length > LARGEST_ACCOUNT:
            return _refused("EntityTooLarge", HTTPStatus.BAD_REQUEST)
        return None

    def _store(self, file: FileRecord, length: int, source: Source) -> bool:
        """Write the body beside and then in place of what was there; False when it ends too soon."""
        left = length
        draft = self._files.path_of(file).with_suffix(".draft")
        with draft.open("wb") as out:
            while left and (chunk := source.read(min(CHUNK, left))):
                left -= out.write(chunk)
        if left:
            draft.unlink()
            return False
        draft.replace(self._files.path_of(file))
        return True


def _token(request: Request) -> str:
    return next(iter(request.query.get("X-Signature", ())), "")


def _spoilt(fault: Fault) -> Answer:
    name, whole = fault.fault, Answer(status=200, body=b"")
    if name == "slow":
        return replace(whole, delay=SLOW_SECONDS if fault.seconds is None else fault.seconds)
    if name == "hang":
        return replace(whole, ending=Ending.HANG, delay=HANG_SECONDS if fault.seconds is None else fault.seconds)
    if name.startswith("cut"):
        return replace(whole, ending=Ending.CUT)
    return _refused({"403": "AccessDenied", "500": "InternalError", "503": "SlowDown"}[name], HTTPStatus(int(name)))


def _refused(code: str, status: HTTPStatus = HTTPStatus.FORBIDDEN, said: str = "") -> Answer:
    body = f'<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>{code}</Code><Message>{said}</Message></Error>'
    return Answer(status=status, body=body.encode(), content_type=XML)
