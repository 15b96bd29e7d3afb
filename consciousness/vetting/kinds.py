"""The kinds of files that are taken, told by their first bytes and held against their names."""

import re
import zipfile
from pathlib import Path, PurePath

from consciousness.vetting.verdicts import Reason, Unacceptable

HEAD = 1024
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
MEDIA_TYPES = {
    ".pdf": "application/pdf",
    ".docx": DOCX,
    ".txt": "text/plain",
    ".md": "text/markdown",
    ".csv": "text/csv",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".webp": "image/webp",
}
TEXTS = frozenset({"text/plain", "text/markdown", "text/csv"})
PICTURES = {"image/png": "PNG", "image/jpeg": "JPEG", "image/webp": "WEBP"}
TEXT = "text"
# Scripts and pages that a browser might be made to run out of something else.
# As long as they are so that the noise of a large photo does not hold them by chance.
MARKUP = re.compile(
    rb"<script|<\?php\s|<html[\s>]|<!doctype html|<svg\s[^>]{0,400}(?:xmlns|onload)|javascript:", re.IGNORECASE
)
# What begins like this is a page or a program, whatever its name says.
PAGE = re.compile(r"\s*<(?:!doctype\b|html\b|svg\b|script\b|\?xml\b|\?php\b)", re.IGNORECASE)
# What begins like this is no text, whatever else it is.
_STRANGERS = (
    b"GIF8", b"\x7fELF", b"\xd0\xcf\x11\xe0", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"II*\x00", b"MM\x00*",
    b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe", b"{\\rtf", b"%!PS", b"#!", b"MZ\x90", b"PK\x05\x06",
)  # fmt: skip


def media_type_of(name: str) -> str:
    """The type that a name promises; raises Unacceptable for one that is not taken."""
    promised = MEDIA_TYPES.get(PurePath(name).suffix.lower())
    if promised is None:
        raise Unacceptable(Reason.TYPE_NOT_ALLOWED)
    return promised


def sniff(path: Path, name: str) -> str:
    """The media type of a file whose bytes agree with its name; raises Unacceptable."""
    promised = media_type_of(name)
    with path.open("rb") as file:
        head = file.read(HEAD)
    if not head:
        raise Unacceptable(Reason.EMPTY)
    found = _told_by(head)
    if found != (TEXT if promised in TEXTS else promised):
        raise Unacceptable(Reason.WRONG_TYPE)
    if _is_several(path, head, found):
        raise Unacceptable(Reason.POLYGLOT)
    return promised


def _told_by(head: bytes) -> str:
    if head.startswith(b"%PDF-"):
        return "application/pdf"
    if head.startswith(b"PK\x03\x04"):
        return DOCX
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if head.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    return "" if head.startswith(_STRANGERS) else TEXT


def _is_several(path: Path, head: bytes, found: str) -> bool:
    """Whether another reader would take it for another kind: they look at the beginning, or for an archive's end."""
    if found != "application/pdf" and b"%PDF-" in head:
        return found != TEXT
    if found != DOCX and zipfile.is_zipfile(path):
        return True
    return found in PICTURES and _holds_markup(path)


def _holds_markup(path: Path) -> bool:
    return MARKUP.search(path.read_bytes()) is not None
