"""Others' texts inside of ours, so that they can pass for nothing but what they are."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from mentors.manus.tokens import clip_to_tokens

NOT_SAID = "not said"


def inline(text: str, limit: int) -> str:
    """A value on one line, of at most `limit` tokens; what spanned lines is joined, so it can never begin one."""
    return clip_to_tokens(" ".join(plain(text).split()), limit) or NOT_SAID


def item(text: str, limit: int) -> str:
    """A value inside a list: without the characters that structure the list."""
    return clip_to_tokens(re.sub(r"[;()\s]+", " ", plain(text)).strip(), limit)


def listed(items: Iterable[str]) -> str:
    """Items on one line."""
    return "; ".join(one for one in items if one) or NOT_SAID


def quoted(text: str, limit: int | None) -> list[str]:
    """Text of several lines, each line quoted, so that none of them can pass for a heading."""
    cleaned = plain(text).strip()
    clipped = cleaned if limit is None else clip_to_tokens(cleaned, limit)
    return [f"> {line.rstrip()}".rstrip() for line in clipped.split("\n")] if clipped else []


def plain(text: str) -> str:
    """Text with every kind of line break as a newline, and without control and unpaired characters."""
    lines = "\n".join(text.splitlines())
    return "".join(
        character for character in lines if character in "\n\t" or unicodedata.category(character) not in ("Cc", "Cs")
    )
