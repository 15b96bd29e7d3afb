"""Which passages hold which words, and how well they fit a question by its words (Okapi BM25)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from consciousness.recall.words import Terms

Scores = NDArray[np.float32]

# BM25 as by Robertson and Zaragoza (2009): how soon repeating a word counts for little, and how much length does.
SATURATION, LENGTH = 1.2, 0.5


@dataclass(frozen=True, slots=True)
class Lexicon:
    """An inverted index of passages 0..n-1; `Lexicon.of` makes it.

    `terms` are all words in order; the passages of word i, and how often each holds it, lie in `passages` and
    `times` from `starts[i]` to `starts[i + 1]`. `said` has the words of passage p from `bounds[p]` to `bounds[p + 1]`.
    """

    terms: Terms
    starts: NDArray[np.int64]
    passages: NDArray[np.uint32]
    times: NDArray[np.uint8]
    said: Terms
    bounds: NDArray[np.int64]

    @classmethod
    def of(cls, passages: Sequence[Terms]) -> "Lexicon":
        bounds = np.zeros(len(passages) + 1, np.int64)
        np.cumsum([len(terms) for terms in passages], out=bounds[1:])
        said = np.concatenate([np.empty(0, np.uint32), *passages])
        holders = np.repeat(np.arange(len(passages), dtype=np.uint64), np.diff(bounds))
        pairs, times = np.unique(said.astype(np.uint64) << np.uint64(32) | holders, return_counts=True)
        terms, starts = np.unique((pairs >> np.uint64(32)).astype(np.uint32), return_index=True)
        return cls(
            terms=terms,
            starts=np.append(starts, len(pairs)).astype(np.int64),
            passages=pairs.astype(np.uint32),
            times=np.minimum(times, 255).astype(np.uint8),
            said=said,
            bounds=bounds,
        )

    def __len__(self) -> int:
        return len(self.bounds) - 1

    @property
    def lengths(self) -> NDArray[np.int64]:
        """How many words each passage has."""
        return np.diff(self.bounds)

    @property
    def nbytes(self) -> int:
        return sum(int(getattr(self, name).nbytes) for name in self.__slots__)

    def words_in(self, passage: int) -> Terms:
        """All words of a passage, repeated ones too."""
        return self.said[self.bounds[passage] : self.bounds[passage + 1]]

    def each(self) -> Iterator[Terms]:
        """The words of every passage."""
        return (self.words_in(passage) for passage in range(len(self)))

    def holders(self, terms: Terms) -> NDArray[np.int64]:
        """How many passages hold each of some words."""
        if not len(self.terms):
            return np.zeros(len(terms), np.int64)
        at = np.minimum(np.searchsorted(self.terms, terms), len(self.terms) - 1)
        return np.where(self.terms[at] == terms, self.starts[at + 1] - self.starts[at], 0)

    def fits(self, term: int, damping: Scores) -> tuple[NDArray[np.uint32], Scores]:
        """The passages that hold a word, and how well each fits it.

        `damping` is, for each passage, what a word's number of times is weighed against: `damping_of` its length.
        """
        at = int(np.searchsorted(self.terms, np.uint32(term)))
        if at == len(self.terms) or int(self.terms[at]) != term:
            return self.passages[:0], np.empty(0, np.float32)
        held = slice(int(self.starts[at]), int(self.starts[at + 1]))
        found, times = self.passages[held], self.times[held]
        fits: Scores = np.float32(SATURATION + 1) * times / (times + damping[found])
        return found, fits


def damping_of(lengths: NDArray[np.int64], average: float) -> Scores:
    """Of passages of these lengths, where the average passage has that many words."""
    return (SATURATION * (1 - LENGTH + LENGTH * lengths / max(average, 1e-9))).astype(np.float32)


def rarity(holders: NDArray[np.int64], passages: int) -> NDArray[np.float64]:
    """How much words say that so many of the passages hold: their inverse document frequency, above zero."""
    rare: NDArray[np.float64] = np.log1p((passages - holders + 0.5) / (holders + 0.5))
    return rare
