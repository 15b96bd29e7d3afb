"""What a text may be read as, whatever it was dressed up in."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping

# Sounds of Japanese, which are no accents.
_KEPT_MARKS = frozenset("\u3099\u309a")
_LETTERS = str.maketrans(
    {"ß": "ss", "\u0131": "i", "ł": "l", "ø": "o", "đ": "d", "æ": "ae", "œ": "oe"}
    | dict.fromkeys("\u2019\u2018\u00b4`\u02bc", "'")
)
# Letters of other scripts that look like Latin ones; only read so in words that have Latin letters too.
_ALIKE = str.maketrans("аеорсухкмтіјѕԁӏһκιουραν", "aeopcyxkmtijsdlhkioupav")
_FIGURES = str.maketrans("013457$@!|", "oieastsaii")
_FIGURES_WITH_L = str.maketrans("013457$@!|", "oleastsall")
_FIGURED = re.compile(r"[\w$@!|]*[a-z][\w$@!|]*")
_MIXED = re.compile(r"\w+")
_LATIN = re.compile(r"[a-z]")
_MASK = re.compile(r"(?<=[a-z])[*#_]+(?=[a-z])")
_DRAWN_OUT = re.compile(r"([^\W\d_])\1{2,}")
_SPELT_OUT = re.compile(r"(?<![^\W_])(?:[^\W_][\W_]{1,3}){4,}[^\W_](?![^\W_])")
_BETWEEN = re.compile(r"[\W_]+")
_EAST = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
_SPACED_EAST = re.compile(rf"(?<=[{_EAST}])[ .\-_*]+(?=[{_EAST}])")
_VOWELS = "aeiou"


def unmarked(text: str) -> str:
    """Without accents, ligatures and what cannot be seen; letters keep their case."""
    parts = unicodedata.normalize("NFKD", text)
    kept = (one for one in parts if one in _KEPT_MARKS or unicodedata.category(one) not in ("Mn", "Me", "Cf", "Cs"))
    return unicodedata.normalize("NFC", "".join(kept)).translate(_LETTERS)


def readings(text: str) -> list[str]:
    """All that a text may be read as, in small letters and on single blanks, each once; the first is as it stands."""
    plain = _on_one_line(unmarked(text).casefold())
    latin = _MIXED.sub(_latin, plain)
    found = [plain, latin, *(_figured(latin, table) for table in (_FIGURES, _FIGURES_WITH_L))]
    found += [_MASK.sub(vowel, latin) for vowel in _VOWELS] if _MASK.search(latin) else []
    drawn = [_DRAWN_OUT.sub(kept, one) for one in found if _DRAWN_OUT.search(one) for kept in (r"\1", r"\1\1")]
    close = [_SPACED_EAST.sub("", plain)]
    return list(dict.fromkeys([*found, *drawn, *close]))


def spelt_out(reading: str) -> Iterator[str]:
    """Stretches of a reading that are written letter by letter, each as one word."""
    for stretch in _SPELT_OUT.findall(reading):
        yield _BETWEEN.sub("", stretch)


def _on_one_line(text: str) -> str:
    """Line ends stay, since they end sentences; any other stretch of blanks is one blank."""
    return "\n".join(" ".join(line.split()) for line in text.splitlines())


def _latin(word: re.Match[str]) -> str:
    return word.group().translate(_ALIKE) if _LATIN.search(word.group()) else word.group()


def _figured(text: str, table: Mapping[int, int]) -> str:
    return _FIGURED.sub(lambda word: word.group().translate(table), text)
