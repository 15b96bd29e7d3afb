"""What comes of a look into a file: what was found in it, or a stable word on why it is refused."""

from dataclasses import dataclass
from enum import Enum


class Reason(Enum):
    """Why a file is refused: a code, and a sentence for whoever sent it."""

    EMPTY = "empty", "There is nothing in this file."
    CHANGED = "changed", "What arrived is not what was announced. Send it again."
    TOO_LARGE = "too_large", "This file is too large."
    TYPE_NOT_ALLOWED = "type_not_allowed", "Only PDF, DOCX, TXT, MD, CSV, PNG, JPEG and WebP are taken."
    WRONG_TYPE = "wrong_type", "This file is not what its name says."
    DAMAGED = "damaged", "This file cannot be read; it seems to be damaged."
    ENCRYPTED = "encrypted", "This file is locked by a password. Send it without one."
    ENCODING = "encoding", "This text is in an encoding that cannot be made out. Save it as UTF-8."
    MACROS = "macros", "This document holds macros. Save it without them."
    EMBEDDED = "embedded", "This document has other files inside. Send those by themselves."
    EXTERNAL = "external", "This document loads parts of itself from elsewhere."
    ACTIVE = "active", "This document runs something when it is opened."
    POLYGLOT = "polyglot", "This file is several kinds of file at once."
    PATH_NAMES = "path_names", "This file holds names that lead out of it."
    BOMB = "bomb", "This file becomes far too large when it is unpacked."
    TOO_COMPLEX = "too_complex", "This file takes too much time or memory to look into."
    UNREACHABLE = "unreachable", "This file could not be fetched."
    UNCHECKED = "unchecked", "This file could not be checked. Send it again."

    def __init__(self, code: str, says: str) -> None:
        self.code = code
        self.says = says


BY_CODE = {reason.code: reason for reason in Reason}


class Unacceptable(Exception):
    """The file is refused."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.code)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Found:
    """What is in a file; `text` is as much as was read of it. `is_remade`: clean bytes were made in its place."""

    media_type: str
    text: str = ""
    pages: int | None = None
    is_remade: bool = False
    has_thumbnail: bool = False
