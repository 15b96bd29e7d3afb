"""Zip containers: one archive from the first byte to the last, of a size that can be told, with plain names."""

import stat
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from consciousness.vetting.verdicts import Reason, Unacceptable

MOST_MEMBERS = 3_000
MOST_UNPACKED = 120_000_000
MOST_RATIO = 200
SMALL = 1_000_000
PIECE = 1_000_000
LOCKED = 0x1
LOCAL_HEADER = 30
# What says a member's size behind it: with or without a mark, in either width.
MOST_SAID_BEHIND = 24
METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
# Archives, programs and old office documents; nothing that is to be seen begins like this.
CARRIERS = (
    b"PK\x03\x04", b"PK\x05\x06", b"Rar!", b"7z\xbc\xaf", b"BZh", b"\xfd7zXZ", b"MZ", b"\x7fELF",
    b"\xd0\xcf\x11\xe0", b"%PDF-", b"#!",
)  # fmt: skip
END = b"PK\x05\x06"
END_BYTES = 22


@contextmanager
def opened(path: Path) -> Iterator[zipfile.ZipFile]:
    """A harmless archive; raises Unacceptable."""
    _refuse_company(path)
    with zipfile.ZipFile(path) as archive:
        members = archive.infolist()
        _refuse_sizes(members)
        _refuse_names(members)
        _refuse_gaps(path, members, archive.start_dir)
        _refuse_contents(archive, members)
        yield archive


def read_member(archive: zipfile.ZipFile, name: str, most: int) -> bytes:
    """Unpack one member, never more than `most` bytes of it; raises Unacceptable, and KeyError if it is not there."""
    with archive.open(name) as member:
        body = member.read(most + 1)
    if len(body) > most:
        raise Unacceptable(Reason.BOMB)
    return body


def _refuse_company(path: Path) -> None:
    """Nothing stands before the archive or behind it; the directory says how it ends."""
    body = path.read_bytes()
    place = body.rfind(END)
    if place < 0:
        raise Unacceptable(Reason.DAMAGED)
    comment = int.from_bytes(body[place + END_BYTES - 2 : place + END_BYTES], "little")
    size, start = (int.from_bytes(body[place + at : place + at + 4], "little") for at in (12, 16))
    if comment or place + END_BYTES != len(body) or start + size != place:
        raise Unacceptable(Reason.POLYGLOT)


def _refuse_sizes(members: list[zipfile.ZipInfo]) -> None:
    if len(members) > MOST_MEMBERS or sum(one.file_size for one in members) > MOST_UNPACKED:
        raise Unacceptable(Reason.BOMB)
    for one in members:
        if one.flag_bits & LOCKED:
            raise Unacceptable(Reason.ENCRYPTED)
        if one.file_size > SMALL and one.file_size > MOST_RATIO * max(1, one.compress_size):
            raise Unacceptable(Reason.BOMB)


def _refuse_gaps(path: Path, members: list[zipfile.ZipInfo], directory: int) -> None:
    """Members follow each other from the first byte on; between them there is no room for what nobody lists."""
    end = 0
    with path.open("rb") as file:
        for one in sorted(members, key=lambda one: one.header_offset):
            _require_next(one.header_offset, end)
            file.seek(one.header_offset)
            header = file.read(LOCAL_HEADER)
            name, extra = (int.from_bytes(header[at : at + 2], "little") for at in (26, 28))
            end = one.header_offset + LOCAL_HEADER + name + extra + one.compress_size
    _require_next(directory, end)


def _require_next(place: int, end: int) -> None:
    if not end <= place <= end + (MOST_SAID_BEHIND if end else 0):
        raise Unacceptable(Reason.POLYGLOT)


def _refuse_contents(archive: zipfile.ZipFile, members: list[zipfile.ZipInfo]) -> None:
    """Unpack everything once: what is not as long as it says, or not what it was, raises BadZipFile."""
    for one in members:
        if one.compress_type not in METHODS:
            raise Unacceptable(Reason.DAMAGED)
        with archive.open(one) as member:
            if member.read(PIECE).startswith(CARRIERS):
                raise Unacceptable(Reason.EMBEDDED)
            while member.read(PIECE):
                pass


def _refuse_names(members: list[zipfile.ZipInfo]) -> None:
    names = [one.filename for one in members]
    if len({name.lower() for name in names}) != len(names):
        raise Unacceptable(Reason.POLYGLOT)
    for one in members:
        if _leads_out(one.filename) or stat.S_ISLNK(one.external_attr >> 16):
            raise Unacceptable(Reason.PATH_NAMES)


def _leads_out(name: str) -> bool:
    path = PurePosixPath(name)
    return path.is_absolute() or ".." in path.parts or "\\" in name or ":" in name or "\0" in name
