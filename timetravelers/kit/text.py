"""What text from people may hold, decided once for every door."""

import re
import unicodedata

# Written to be read by machines and not by people: tags, marks that turn the direction, marks without a width, and
# the selectors of variants past the first sixteen, of which a row can spell whatever somebody likes.
_UNSEEN = re.compile(
    r"[\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb"
    r"\U000e0000-\U000e007f\U000e0100-\U000e01ef]"
)
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x9f\ud800-\udfff]")


def normalise(text: str) -> str:
    """NFC, with line ends as `\\n` and no blank edges; meaning is untouched."""
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def has_control_characters(text: str) -> bool:
    """True for characters that no keyboard types and PostgreSQL or a terminal may choke on."""
    return _FORBIDDEN.search(text) is not None


def legible(text: str) -> str:
    """The same for text out of files of strangers: what nobody types, and what nobody can see, is taken out."""
    return normalise(_UNSEEN.sub("", _FORBIDDEN.sub("", text.replace("\x0c", "\n"))))
