"""Figures of matches, out of TELL and as they are stored."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from matching.features import PersonFeatures
from matching.matrix import TravelerMatrix
from matching.scoring import Scores, score_rows
from matching.weights import LETTER_OF, LETTERS, PARTS, Weights

Contributions = dict[str, dict[str, float]]


@dataclass(frozen=True, slots=True)
class Scored:
    """One row of the catalogue: its score, the interval around it, and by part the fit (0-1) and the points."""

    row: int
    score: float
    low: float
    high: float
    contributions: Contributions


def scores_of(person: PersonFeatures, matrix: TravelerMatrix, weights: Weights, rows: Sequence[int]) -> list[Scored]:
    """The figures of these rows, in their order."""
    if not rows:
        return []
    return figures_of(score_rows(person, matrix, weights, np.array(rows, dtype=np.int64)))


def figures_of(scores: Scores) -> list[Scored]:
    """The same, one by one."""
    return [_one(scores, at, int(row)) for at, row in enumerate(scores.rows)]


def _one(scores: Scores, at: int, row: int) -> Scored:
    pairs = zip(PARTS, scores.fits[:, at].tolist(), scores.points[:, at].tolist(), strict=True)
    return Scored(
        row=row,
        score=float(scores.total[at]),
        low=float(scores.low[at]),
        high=float(scores.high[at]),
        contributions={part: {"fit": fit, "points": points} for part, fit, points in pairs},
    )


def points_by_letter(contributions: Mapping[str, Mapping[str, Any]]) -> dict[str, float]:
    """Points by letter, which sum to the score."""
    found = dict.fromkeys(LETTERS, 0.0)
    for part, letter in LETTER_OF.items():
        found[letter] += contributions[part]["points"]
    return found


def fits_in(contributions: Mapping[str, Mapping[str, Any]], weights: Weights) -> dict[str, float]:
    """Fits, 0 to 1, of the parts and of the letters that they make up by their shares."""
    letters = dict.fromkeys(LETTERS, 0.0)
    parts = {part: float(contributions[part]["fit"]) for part in PARTS}
    for part, letter in LETTER_OF.items():
        letters[letter] += weights.parts[letter][part] * parts[part]
    return {**letters, **parts}
