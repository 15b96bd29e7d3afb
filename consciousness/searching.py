"""How words are looked for: languages, the word that somebody is still typing, and where in a text it was found.

A word of a message is indexed together with its person's number, so that the index of all is an index for each:
neither a common word nor the beginning of one leads past anybody else's messages.
"""

import re
from dataclasses import dataclass

# What PostgreSQL brings along, by language. Words are always found as they are written, too.
STEMMERS = {
    "ar": "arabic", "ca": "catalan", "da": "danish", "nl": "dutch", "en": "english", "fi": "finnish",
    "fr": "french", "de": "german", "el": "greek", "hi": "hindi", "hu": "hungarian", "id": "indonesian",
    "ga": "irish", "it": "italian", "lt": "lithuanian", "ne": "nepali", "no": "norwegian", "nb": "norwegian",
    "nn": "norwegian", "pt": "portuguese", "ro": "romanian", "ru": "russian", "sr": "serbian", "es": "spanish",
    "sv": "swedish", "ta": "tamil", "tr": "turkish", "yi": "yiddish", "hy": "armenian", "eu": "basque",
}  # fmt: skip
UNKNOWN_LANGUAGE = "english"

# Around what was found; nothing that is said holds them.
BEGINS, ENDS = "\x02", "\x03"
_MARKS = re.compile(f"[{BEGINS}{ENDS}]")
_LAST_WORD = re.compile(r"(?:^|\s)(\w{2,40})$")


@dataclass(frozen=True, slots=True)
class Typed:
    """A search as it was typed: all of it, and, where its last word may go on, what comes before and its beginning."""

    whole: str
    before: str = ""
    beginning: str = ""


@dataclass(frozen=True, slots=True)
class Snippet:
    """A piece of a text, and where in it something was found: pairs of first and last-but-one code point."""

    text: str
    ranges: tuple[tuple[int, int], ...]


def read_typed(text: str) -> Typed:
    """Take a search apart; never fails. Within quotation marks, words are whole."""
    typed = text.strip()
    match = _LAST_WORD.search(typed)
    if match is None or typed.count('"') % 2:
        return Typed(typed)
    return Typed(typed, typed[: match.start()], match[1])


def stemmer_of(languages: list[str]) -> str:
    """PostgreSQL's name for how words of a person's dearest language change."""
    return STEMMERS.get(languages[0].split("-")[0].lower(), UNKNOWN_LANGUAGE) if languages else UNKNOWN_LANGUAGE


def read_marked(marked: str) -> Snippet:
    """Text with marks as text with offsets; marks without a partner count for nothing."""
    text, ranges, begins = [], [], None
    length = place = 0
    for mark in _MARKS.finditer(marked):
        text.append(marked[place : mark.start()])
        length += mark.start() - place
        place = mark.end()
        if mark[0] == BEGINS:
            begins = length
        elif begins is not None:
            ranges.append((begins, length))
            begins = None
    text.append(marked[place:])
    return Snippet("".join(text), tuple(ranges))
