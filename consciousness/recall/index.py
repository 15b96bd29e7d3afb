"""All passages of one person, ready to be searched; it grows at the end."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from consciousness.recall.groups import Groups, Places
from consciousness.recall.lexicon import Lexicon, Scores, damping_of, rarity
from consciousness.recall.vectors import DIMENSIONS, Code, Point, Vectors
from consciousness.recall.words import Terms

# A part is read anew together with what comes after it while it is not this much larger.
MUCH_LARGER = 4

# What a word that is said in the turn beside is worth to a passage, and one that is said in the same conversation.
BESIDE, ALONG = 0.6, 0.3


@dataclass(frozen=True, slots=True)
class Entry:
    """A passage as an index keeps it.

    `group` says which conversation it is of, `at` when it was, in seconds; `terms` are its numbered words, and `code`
    what it means, if that has been computed. `speaker` numbers who said it, from 1, where speakers have names;
    `asking` is the share of it that only asks.
    """

    key: int
    group: int
    at: float
    terms: Terms
    code: Code | None
    speaker: int = 0
    asking: float = 0.0


@dataclass(frozen=True, slots=True)
class Part:
    """Passages that came together."""

    keys: NDArray[np.int64]
    groups: NDArray[np.int64]
    at: NDArray[np.float64]
    speakers: NDArray[np.int32]
    asking: Scores
    lexicon: Lexicon
    vectors: Vectors

    @classmethod
    def of(cls, entries: Sequence[Entry]) -> "Part":
        codes = np.zeros((len(entries), DIMENSIONS), np.int8)
        for place, entry in enumerate(entries):
            if entry.code is not None:
                codes[place] = entry.code
        return cls(
            keys=np.array([entry.key for entry in entries], np.int64),
            groups=np.array([entry.group for entry in entries], np.int64),
            at=np.array([entry.at for entry in entries], np.float64),
            speakers=np.array([entry.speaker for entry in entries], np.int32),
            asking=np.array([entry.asking for entry in entries], np.float32),
            lexicon=Lexicon.of([entry.terms for entry in entries]),
            vectors=Vectors.of(codes),
        )

    def __len__(self) -> int:
        return len(self.keys)

    def entries(self, standing: NDArray[np.bool_]) -> Iterator[Entry]:
        """What of it still stands."""
        for place in np.flatnonzero(standing).tolist():
            code = self.vectors.codes[place] if self.vectors.known[place] else None
            yield Entry(
                key=int(self.keys[place]),
                group=int(self.groups[place]),
                at=float(self.at[place]),
                terms=self.lexicon.words_in(place),
                code=code,
                speaker=int(self.speakers[place]),
                asking=float(self.asking[place]),
            )


class Index:
    """Passages 0..n-1 in the order in which they came; one that was replaced keeps its place for a while.

    It never changes, so that many may search it at once: `changed` gives another one.
    """

    def __init__(self, parts: Sequence[Part] = (), standing: NDArray[np.bool_] | None = None) -> None:
        self.parts = tuple(parts)
        self.standing = np.ones(sum(map(len, parts)), np.bool_) if standing is None else standing

    @classmethod
    def of(cls, entries: Sequence[Entry]) -> "Index":
        return cls([Part.of(entries)] if entries else [])

    def changed(self, new: Sequence[Entry]) -> "Index":
        """The index with new passages at its end, in place of those of the same keys."""
        standing = self.standing & ~np.isin(self.keys, [entry.key for entry in new])
        parts, fresh = list(self.parts), list(new)
        while parts and fresh and len(parts[-1]) < MUCH_LARGER * len(fresh):
            last = parts.pop()
            standing, of_last = standing[: -len(last)], standing[-len(last) :]
            fresh = [*last.entries(of_last), *fresh]
        if fresh:
            parts.append(Part.of(fresh))
            standing = np.concatenate([standing, np.ones(len(fresh), np.bool_)])
        return Index(parts, standing)

    def __len__(self) -> int:
        return len(self.standing)

    @property
    def nbytes(self) -> int:
        """About what it takes in memory once it has been searched."""
        held = sum(part.lexicon.nbytes + part.vectors.nbytes for part in self.parts)
        return held + 110 * len(self)

    @cached_property
    def keys(self) -> NDArray[np.int64]:
        return np.concatenate([np.empty(0, np.int64), *(part.keys for part in self.parts)])

    @cached_property
    def at(self) -> NDArray[np.float64]:
        """When each passage was, in seconds."""
        return np.concatenate([np.empty(0), *(part.at for part in self.parts)])

    @cached_property
    def speakers(self) -> NDArray[np.int32]:
        """Who said each passage, by number; 0 where nobody says."""
        return np.concatenate([np.empty(0, np.int32), *(part.speakers for part in self.parts)])

    @cached_property
    def asking(self) -> Scores:
        """Which share of each passage only asks."""
        return np.concatenate([np.empty(0, np.float32), *(part.asking for part in self.parts)])

    @cached_property
    def lengths(self) -> NDArray[np.int64]:
        """How many words that say something each passage has."""
        return np.concatenate([np.empty(0, np.int64), *(part.lexicon.lengths for part in self.parts)])

    @cached_property
    def known(self) -> NDArray[np.bool_]:
        """Whose meaning has been computed."""
        return np.concatenate([np.empty(0, np.bool_), *(part.vectors.known for part in self.parts)])

    @cached_property
    def groups(self) -> "Groups":
        return Groups.of(np.where(self.standing, self._numbers, np.iinfo(np.int64).max), self.at)

    def of_group(self, group: int) -> NDArray[np.bool_]:
        """Which passages are of a conversation."""
        belongs: NDArray[np.bool_] = self._numbers == group
        return belongs

    @cached_property
    def _numbers(self) -> NDArray[np.int64]:
        return np.concatenate([np.empty(0, np.int64), *(part.groups for part in self.parts)])

    def by_words(self, terms: Terms, weights: Scores | None = None) -> Scores:
        """How well each passage fits different words, each with its weight."""
        scores = np.zeros(len(self), np.float32)
        for places, fits in self._fitting(terms, weights):
            scores[places] += fits
        found: Scores = scores * self.standing
        return found

    def by_words_around(self, terms: Terms) -> Scores:
        """The same, but a word that is said beside it, or elsewhere in its conversation, counts as well, for less.

        So one passage is found where question and answer, or a name and what was done, share the words between them.
        """
        reached = np.zeros(len(self), np.float32)
        for places, fits in self._fitting(terms, None):
            reached += self.groups.reaching(places, fits, BESIDE, ALONG)
        found: Scores = reached[self.groups.ranks] * self.standing
        return found

    def _fitting(self, terms: Terms, weights: Scores | None) -> Iterator[tuple[Places, Scores]]:
        """For each word of a part, the passages that hold it and what it counts for in each."""
        said = self.rarity(terms) * (1.0 if weights is None else weights)
        for term, weight in zip(terms.tolist(), said.astype(np.float32), strict=True):
            found = [(first, *part.lexicon.fits(term, self._damping[first:])) for part, first in self._placed()]
            if found:
                places = np.concatenate([first + held.astype(np.intp) for first, held, _ in found])
                yield places, weight * np.concatenate([fits for _, _, fits in found])

    def by_meaning(self, point: Point) -> Scores:
        """How near each passage is to a point: its cosine; 0 where none has been computed."""
        near = [part.vectors.cosines(point) for part in self.parts]
        found: Scores = np.concatenate([np.empty(0, np.float32), *near]) * self.standing
        return found

    def rarity(self, terms: Terms) -> NDArray[np.float64]:
        """How much each of some words says here."""
        return rarity(self.holders(terms), max(len(self), 1))

    def holders(self, terms: Terms) -> NDArray[np.int64]:
        """How many passages hold each of some words."""
        held = np.zeros(len(terms), np.int64)
        for part in self.parts:
            held += part.lexicon.holders(terms)
        return held

    def words_in(self, place: int) -> Terms:
        """The numbered words of a passage."""
        part, first = self._part_of(place)
        return part.lexicon.words_in(place - first)

    def _placed(self) -> Iterator[tuple[Part, int]]:
        first = 0
        for part in self.parts:
            yield part, first
            first += len(part)

    def _part_of(self, place: int) -> tuple[Part, int]:
        return next((part, first) for part, first in self._placed() if place < first + len(part))

    @cached_property
    def _damping(self) -> Scores:
        return damping_of(self.lengths, float(self.lengths.mean()) if len(self) else 1.0)
