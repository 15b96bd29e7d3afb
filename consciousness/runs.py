"""Runs of words: whether a text repeats another one, and the text without what it repeats."""

import re
import unicodedata
from dataclasses import dataclass

# So many words in a row are nobody's by chance.
RUN = 5
GONE = "[…]"
_WORD = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)*")


@dataclass(frozen=True, slots=True)
class Runs:
    """All runs of five words of a text; of a shorter one none, since anybody says so few."""

    known: frozenset[tuple[str, ...]]

    def are_in(self, text: str) -> bool:
        """Whether a text repeats any of them, whatever its case and signs."""
        words = [word for word, _, _ in _words(text)]
        return any(run in self.known for run in _runs(words))

    def taken_from(self, text: str) -> str:
        """The text with each stretch that repeats them replaced by a sign that something is gone."""
        found = _words(text)
        words = [word for word, _, _ in found]
        gone = [
            (found[place][1], found[place + RUN - 1][2]) for place, run in enumerate(_runs(words)) if run in self.known
        ]
        kept: list[str] = []
        reached = 0
        for first, last in gone:
            if first > reached or not kept:
                kept += [text[reached:first], GONE]
            reached = last
        return "".join([*kept, text[reached:]]) if gone else text


NOTHING = Runs(frozenset())


def runs_of(*texts: str) -> Runs:
    """The runs of some texts."""
    return Runs(frozenset(run for text in texts for run in _runs([word for word, _, _ in _words(text)])))


def _runs(words: list[str]) -> list[tuple[str, ...]]:
    return [tuple(words[place : place + RUN]) for place in range(len(words) - RUN + 1)]


def _words(text: str) -> list[tuple[str, int, int]]:
    """Each word as it is compared, and where it stands."""
    return [
        (unicodedata.normalize("NFKC", found[0]).casefold(), found.start(), found.end())
        for found in _WORD.finditer(text)
    ]
