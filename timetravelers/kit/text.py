"""What text from people may hold, decided once for every door."""

import re
import unicodedata

_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x9f\ud800-\udfff]")


def normalise(text: str) -> str:
    """NFC, with line ends as `\\n` and no blank edges; meaning is untouched."""
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def has_control_characters(text: str) -> bool:
    """True for characters that no keyboard types and PostgreSQL or a terminal may choke on."""
    return _FORBIDDEN.search(text) is not None
