"""What files may be called."""

import re
from pathlib import PurePath

from consciousness.errors import FileNameUnusable, FileTypeNotTaken
from consciousness.models.files import MAX_NAME_CHARACTERS
from consciousness.vetting.kinds import MEDIA_TYPES
from timetravelers.kit.text import legible

# Of paths, of addresses, and what systems of people's own make more of than a name.
_SPECIAL = re.compile(r'[/\\:*?"<>|\r\n\t]')
_SPACES = re.compile(r"\s+")
UNNAMED = "file"


def usable_name(name: str) -> str:
    """A plain name with an ending that is taken, shortened if need be.

    Raises FileNameUnusable for a path, or nothing, and FileTypeNotTaken.
    """
    plain = _SPACES.sub(" ", legible(name))
    if _SPECIAL.search(name) or not plain or plain.startswith("."):
        raise FileNameUnusable("Send a plain file name.")
    return _shortened(plain)


def name_for(told: str) -> str:
    """The same for a name that a Traveler's engine gave: what cannot be used is left out. Raises FileTypeNotTaken."""
    plain = _SPACES.sub(" ", legible(_SPECIAL.sub(" ", told))).lstrip(".")
    return _shortened(plain or UNNAMED)


def _shortened(name: str) -> str:
    ending = PurePath(name).suffix
    if ending.lower() not in MEDIA_TYPES:
        raise FileTypeNotTaken("Only PDF, DOCX, TXT, MD, CSV, PNG, JPEG and WebP are taken.")
    return name[: -len(ending)][: MAX_NAME_CHARACTERS - len(ending)].rstrip() + ending
