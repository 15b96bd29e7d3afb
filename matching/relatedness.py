"""How near occupations are to each other: over the graph of O*NET and more than one step, and by what they are made of.

Three things speak for nearness, each 0 to 1, and their sum is brought to a scale on which the nearest neighbours come
close to 1: that one is listed as related to the other, that both are alike (in their titles, in the skills that they
ask for and in the interests that they suit), and that those nearest to the one are linked to the other. The weights of
likeness were found on O*NET 29.3 with every occupation's own list hidden (`make bench ARGS=tell_quality`).
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import log
from typing import Final

import numpy as np

from matching.features import Floats

CLOSEST: Final = 0.95  # the strength of a link of rank 1
FADING: Final = 0.975  # from each rank to the next
BACKWARDS: Final = 0.9  # a link counts the other way round too, a little less
NEIGHBOURS: Final = 20  # through so many a second step is taken
TITLES, SKILLS, INTERESTS = 1.0, 0.3, 0.2
ALL: Final = 2.2  # the sum of the three at which occupations are as near as can be
NEAREST: Final = 0.95
LEAST: Final = 0.15  # what is less near than that is not near
UNIMPORTANT: Final = 1.0  # on O*NET's scale of importance
DECIMALS: Final = 4


@dataclass(frozen=True, slots=True)
class Described:
    """An occupation: the words of all its titles, how important skills are to it, by id, 1-5, and its interests."""

    words: Sequence[str]
    importance: Mapping[int, float]
    interests: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Link:
    """That one occupation, by its place, lists another; rank 1 is the closest."""

    one: int
    other: int
    rank: int


@dataclass(frozen=True, slots=True)
class Relatedness:
    """Nearness of n occupations: `links` and `alike`, (n, n), 0 to 1."""

    links: Floats
    alike: Floats

    def row(self, place: int) -> Floats:
        """How near all are to one, (n,), 0 to NEAREST."""
        near = self.links[place] + self.alike[place]
        found = (near + self._second_step(near.copy(), place)) / ALL
        found[place] = 0.0
        return np.asarray(np.minimum(found, NEAREST))

    def _second_step(self, near: Floats, place: int) -> Floats:
        """The mean of the links of the nearest, by how near they are."""
        near[place] = 0.0
        nearest = np.argsort(-near, kind="stable")[:NEIGHBOURS]
        weight = near[nearest]
        total = float(weight.sum())
        return (weight / total) @ self.links[nearest] if total > 0 else np.zeros_like(near)


def relatedness(described: Sequence[Described], links: Iterable[Link]) -> Relatedness:
    """Nearness from what is known of occupations, in their order."""
    linked = np.zeros((len(described), len(described)))
    for link in links:
        linked[link.one, link.other] = CLOSEST * FADING ** (link.rank - 1)
    alike = TITLES * _cosines(_title_vectors([one.words for one in described]))
    alike += SKILLS * _cosines(_standardised([one.importance for one in described], UNIMPORTANT))
    alike += INTERESTS * _cosines(_standardised([one.interests for one in described]))
    return Relatedness(np.maximum(linked, BACKWARDS * linked.T), alike / (TITLES + SKILLS + INTERESTS))


def nearness(row: Floats, ids: Sequence[int]) -> dict[int, float]:
    """Those that are near at all, by id, rounded."""
    return {ids[place]: round(float(row[place]), DECIMALS) for place in np.flatnonzero(row >= LEAST).tolist()}


def _title_vectors(titles: Sequence[Sequence[str]]) -> Floats:
    """Term frequency, dampened, times inverse document frequency (Salton and Buckley, 1988)."""
    documents = Counter(word for words in titles for word in set(words))
    columns = {word: column for column, word in enumerate(documents)}
    found = np.zeros((len(titles), len(columns)))
    for row, words in enumerate(titles):
        for word, count in Counter(words).items():
            found[row, columns[word]] = (1 + log(count)) * log(len(titles) / documents[word])
    return found


def _standardised(figures: Sequence[Mapping[int, float] | Mapping[str, float]], absent: float | None = None) -> Floats:
    """Figures by column, less the mean and over the deviation; without `absent`, a missing one is the mean."""
    columns = {key: column for column, key in enumerate(dict.fromkeys(key for row in figures for key in row))}
    found = np.full((len(figures), len(columns)), np.nan if absent is None else absent)
    for row, known in enumerate(figures):
        found[row, [columns[key] for key in known]] = list(known.values())
    if not columns:
        return found
    spread = np.nanstd(found, axis=0)
    scaled = (found - np.nanmean(found, axis=0)) / np.where(spread > 0, spread, 1.0)
    return np.asarray(np.nan_to_num(scaled))


def _cosines(vectors: Floats) -> Floats:
    """Cosines of all pairs of rows, none below 0."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit = vectors / np.where(lengths > 0, lengths, 1.0)
    return np.asarray(np.maximum(unit @ unit.T, 0.0))
