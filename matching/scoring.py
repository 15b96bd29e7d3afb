"""TELL itself: a person against Travelers, part by part.

Time, Expertise, Learning style and Longitude of career, each made of parts. A part is a fit between 0 and 1 times the
points that the weights give it. What the person did not tell counts as neutral, with an interval as wide as the part.
Points are multiples of a power of two, so that they add up to the score exactly, in any order.
"""

from dataclasses import dataclass

import numpy as np

from matching.coverage import coverage, coverage_ends
from matching.features import Floats, Integers, PersonFeatures
from matching.matrix import STYLES, Places, TravelerMatrix
from matching.sheets import COLUMN_OF, NEUTRAL, Sheet, in_points, neutral_points, sheet_of
from matching.weights import LETTER_OF, LETTERS, PARTS, VERSION, Weights

__all__ = ["LETTERS", "PARTS", "VERSION", "Scores", "score_rows"]

_STYLE, _SKILLS = PARTS.index("style"), PARTS.index("skills")


@dataclass(frozen=True, slots=True)
class Scores:
    """Points of n Travelers, the caller's `rows`, (n,), with P parts in the order of PARTS.

    `fits`, 0 to 1, and `points`: (P, n). `total`: the sum of the points, (n,). `least` and `most`: points by part,
    (P, n), that it could be if the person told everything, and `low` and `high` their sums, (n,). `unknown` are parts
    of which nothing, or not everything, is told.
    """

    rows: Integers
    fits: Floats
    points: Floats
    total: Floats
    least: Floats
    most: Floats
    low: Floats
    high: Floats
    unknown: frozenset[str]

    def letters(self, at: int) -> dict[str, float]:
        """Points by letter of one of the Travelers; they sum to its total."""
        found = dict.fromkeys(LETTERS, 0.0)
        for (_, letter), points in zip(LETTER_OF.items(), self.points[:, at].tolist(), strict=True):
            found[letter] += points
        return found


def score_rows(
    person: PersonFeatures, matrix: TravelerMatrix, weights: Weights, rows: Integers | None = None
) -> Scores:
    """The scores of some of the caller's rows, all if none are named; each depends on that Traveler alone."""
    rows = np.arange(len(matrix)) if rows is None else rows
    return scores_at(sheet_of(person, matrix, weights), matrix.places[rows])


def scores_at(sheet: Sheet, places: Places) -> Scores:
    """The scores of Travelers in places of the matrix, with everything that explains them."""
    fits = _fits(sheet, places)
    limits = np.array(sheet.weights.points)[:, None]
    points, least, most = (in_points(each, limits) for each in (fits, *_ends(sheet, places, fits)))
    known = sum(
        in_points(sheet.matrix.look_up(name, table, places), sheet.limit("style"))
        for name, table in zip(STYLES, sheet.style, strict=True)
    )
    for ends, untold in ((least, 0.0), (points, NEUTRAL), (most, 1.0)):
        ends[_STYLE] = known + in_points((1 - sheet.told) * untold, sheet.limit("style"))
    least, most = np.minimum(least, points), np.maximum(most, points)
    return Scores(
        rows=sheet.matrix.rows[places],
        fits=fits,
        points=points,
        total=points.sum(axis=0),
        least=least,
        most=most,
        low=least.sum(axis=0),
        high=most.sum(axis=0),
        unknown=unknown_parts(sheet),
    )


def totals_at(sheet: Sheet, points: Floats, places: Places) -> Floats:
    """The totals of `scores_at` alone, (n,), by `points_of` the sheet."""
    codes = sheet.matrix.codes[:, places]
    totals = points[codes].sum(axis=0) + neutral_points(sheet)
    if sheet.skills is not None:
        totals += in_points(coverage(sheet.skills, sheet.matrix, places), sheet.limit("skills"))
    return np.asarray(totals)


def unknown_parts(sheet: Sheet) -> frozenset[str]:
    """The parts of which the person did not tell everything, or, of their skills, nothing."""
    known = {*sheet.tables, *(("style",) if sheet.told == 1 else ()), *(("skills",) if sheet.listed else ())}
    return frozenset(PARTS) - known


def _fits(sheet: Sheet, places: Places) -> Floats:
    """The fit of each part, 0 to 1, (P, n)."""
    matrix = sheet.matrix
    fits = np.full((len(PARTS), len(matrix.rows[places])), NEUTRAL)
    for part, table in sheet.tables.items():
        fits[PARTS.index(part)] = matrix.look_up(COLUMN_OF[part], table, places)
    fits[_STYLE] = (1 - sheet.told) * NEUTRAL
    for name, table in zip(STYLES, sheet.style, strict=True):
        fits[_STYLE] += matrix.look_up(name, table, places)
    if sheet.skills is not None:
        fits[_SKILLS] = coverage(sheet.skills, matrix, places)
    return fits


def _ends(sheet: Sheet, places: Places, fits: Floats) -> tuple[Floats, Floats]:
    """The lowest and the highest that fits could be."""
    lows, highs = fits.copy(), fits.copy()
    untold = [PARTS.index(part) for part in unknown_parts(sheet)]
    lows[untold], highs[untold] = 0.0, 1.0
    if sheet.skills is not None:
        lows[_SKILLS], highs[_SKILLS] = coverage_ends(sheet.skills, sheet.needs, sheet.matrix, places)
    return lows, highs
