"""What verdicts say of pairs: which of two Travelers suited one person better, and by how much."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

import numpy as np

from matching.learning import Pairs
from matching.weights import LETTERS

Fits = Mapping[str, float]

# What an act says of how a Traveler suits, -1 to 1: having worked says more than having looked.
ACCEPTED: Final = 0.5
DECLINED: Final = -0.5
COMPLETED: Final = 0.75
PASSED_OVER: Final = -0.1
FEWEST_STARS, MIDDLE_STARS, MOST_STARS = 1, 3, 5

SOMEBODY_ELSE: Final = -1  # who was passed over stands for no Traveler in particular


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one person made of one Traveler (by id), -1 to 1, and the fits of the four letters, 0 to 1."""

    traveler: int
    value: float
    fits: Fits


def value_of_stars(stars: int) -> float:
    """1 to 5 stars as -1 to 1."""
    return (stars - MIDDLE_STARS) / (MOST_STARS - MIDDLE_STARS)


def stars_of_value(value: float) -> int:
    """And back."""
    return round(value * (MOST_STARS - MIDDLE_STARS)) + MIDDLE_STARS


def pairs_from(people: Iterable[Sequence[Verdict]]) -> Pairs:
    """Pairs out of each person's verdicts, in their order; each person counts alike, however much they said."""
    gaps: list[list[float]] = []
    strength: list[float] = []
    for verdicts in people:
        pairs = list(_pairs_of(verdicts))
        whole = sum(weight for _, _, weight in pairs)
        for better, worse, weight in pairs:
            gaps.append([better[letter] - worse[letter] for letter in LETTERS])
            strength.append(weight / whole)
    return Pairs(np.array(gaps, dtype=np.float64).reshape(-1, len(LETTERS)), np.array(strength, dtype=np.float64))


def has_pairs(verdicts: Sequence[Verdict]) -> bool:
    """Whether there is anything to learn from what somebody said."""
    return next(_pairs_of(verdicts), None) is not None


def _pairs_of(verdicts: Iterable[Verdict]) -> Iterator[tuple[Fits, Fits, float]]:
    """Better and worse, by fits, and by how much; of two verdicts on one Traveler nothing follows."""
    for one, other in combinations(verdicts, 2):
        if one.traveler != other.traveler and one.value != other.value:
            better, worse = (one, other) if one.value > other.value else (other, one)
            yield better.fits, worse.fits, better.value - worse.value
