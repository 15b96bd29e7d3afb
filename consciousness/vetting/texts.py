"""Plain text: the encoding is made out, and what is no text after all is refused."""

import codecs
from pathlib import Path

from charset_normalizer import from_bytes

from consciousness.vetting.kinds import PAGE
from consciousness.vetting.verdicts import Found, Reason, Unacceptable

MOST_CHARACTERS = 200_000
# So much is enough to tell an encoding by.
SAMPLE = 64 * 1024
MOST_CHAOS = 0.1
MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
CONTROLS = frozenset(map(chr, {*range(32), 127} - {9, 10, 12, 13, 27}))


def look(path: Path, media_type: str) -> Found:
    """All of a text, or its beginning; raises Unacceptable."""
    text = _decode(path.read_bytes())
    if not text.strip():
        raise Unacceptable(Reason.EMPTY)
    if PAGE.match(text) or any(character in CONTROLS for character in text):
        raise Unacceptable(Reason.WRONG_TYPE)
    return Found(media_type, text[:MOST_CHARACTERS])


def _decode(body: bytes) -> str:
    try:
        return body.decode(_encoding(body))
    except (UnicodeDecodeError, LookupError):
        raise Unacceptable(Reason.ENCODING) from None


def _encoding(body: bytes) -> str:
    for mark, encoding in MARKS:
        if body.startswith(mark):
            return encoding
    if _is_utf8(body):
        return "utf-8"
    if b"\0" in body:
        raise Unacceptable(Reason.WRONG_TYPE)
    best = from_bytes(body[:SAMPLE], threshold=MOST_CHAOS).best()
    if best is None:
        raise Unacceptable(Reason.ENCODING)
    return best.encoding


def _is_utf8(body: bytes) -> bool:
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True
