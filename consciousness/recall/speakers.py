"""Who speaks, where speakers have names, and about which of them a question asks."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from consciousness.recall.passages import Passage
from consciousness.recall.scoring import Asked, Query
from consciousness.recall.words import DEFAULT_LANGUAGE, Terms, terms_of


@dataclass(frozen=True, slots=True)
class Speakers:
    """The names of those who speak, in the order of their numbers, which begin with 1."""

    names: tuple[str, ...] = ()
    language: str = DEFAULT_LANGUAGE

    @classmethod
    def of(cls, passages: Iterable[Passage], language: str = DEFAULT_LANGUAGE) -> "Speakers":
        return cls(tuple(sorted({passage.name for passage in passages} - {""})), language)

    def number_of(self, passage: Passage) -> int:
        """Who said a passage; 0 if it does not say."""
        return self.names.index(passage.name) + 1 if passage.name else 0

    def asked_about(self, asked: Asked) -> Asked:
        """The question with the one speaker whom it names, if it does.

        Half of everything was said by them, or to them: their names say nothing about where the answer is, and are
        not looked for.
        """
        names = [terms_of(name, self.language) for name in self.names]
        named = [number for number, terms in enumerate(names, start=1) if np.isin(terms, asked.whole.terms).any()]
        if not named:
            return asked
        every = np.concatenate(names)
        events = [(event, _without(query, every)) for event, query in asked.events]
        speaker = named[0] if len(named) == 1 else 0
        return replace(asked, whole=_without(asked.whole, every), events=events, speaker=speaker)


def _without(query: Query, names: Terms) -> Query:
    rest = query.terms[~np.isin(query.terms, names)]
    return replace(query, terms=rest) if len(rest) else query
