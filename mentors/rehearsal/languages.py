"""Which language a message is in, by its commonest words."""

from __future__ import annotations

import re
import unicodedata

from mentors.rehearsal.book import DEFAULT, books, other_languages

LONGEST_READ = 600
ENOUGH = 2
LONG_WORD = 7
LAST_LATIN = 0x24F
WORD = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)?")


def language_of(text: str, usual: str | None = None) -> str | None:
    """The language a text is surely in, as a tag; "other" for scripts that are not Latin; None when it is unclear.

    One word is enough to tell as long as no language is `usual`.
    """
    read = unicodedata.normalize("NFC", text[:LONGEST_READ]).casefold()
    if _mostly_not_latin(read):
        return "other"
    words = WORD.findall(read)
    scores = {language: _score(words, book.common, book.common_endings) for language, book in books().items()}
    scores |= {language: _score(words, common, ()) for language, common in other_languages().items()}
    best, second = sorted(scores, key=lambda language: -scores[language])[:2]
    sure = scores[best] >= ENOUGH and scores[best] > scores[second]
    guessed = usual is None and len(words) <= ENOUGH and scores[best] > scores[second]
    return best if sure or guessed else None


def spoken(*wishes: str | None) -> str:
    """The first of these language tags that there is a phrase book for."""
    tags = (wish.casefold().replace("_", "-").split("-")[0] for wish in wishes if wish)
    return next((tag for tag in tags if tag in books()), DEFAULT)


def _score(words: list[str], common: frozenset[str], endings: tuple[str, ...]) -> float:
    known = sum(1.0 for word in words if word in common)
    return known + sum(0.3 for word in words if len(word) >= LONG_WORD and endings and word.endswith(endings))


def _mostly_not_latin(text: str) -> bool:
    letters = [one for one in text[:200] if one.isalpha()]
    return 2 * sum(1 for one in letters if ord(one) > LAST_LATIN) > len(letters)
