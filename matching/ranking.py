"""Who comes first: the exact best of many Travelers, found without looking at all of them.

Travelers come by score, but each steps back by `step_back` points for every Traveler of its own occupation before it,
MOST_STEPS times at most, so that a list is not all of one kind. Ties go to the higher score, then to the higher low
end of the interval, then to the caller's order, which is that of slugs.

How much an occupation can score at best is known before any of its Travelers is looked at. So those of the likeliest
occupations are scored first, and of all others only those that could still reach the worst of the best: first as
occupations, then each by itself, with the best that skills can give. Every score is the exact one, so the list is the
one that scoring everybody would give.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from matching.coverage import best_coverage
from matching.features import Floats, Integers, PersonFeatures
from matching.matrix import TravelerMatrix
from matching.scoring import Scores, scores_at, totals_at
from matching.sheets import Sheet, in_points, neutral_points, points_of, sheet_of
from matching.weights import Weights

MOST_STEPS: Final = 3
STAGES_BEYOND: Final = 2  # so many stages outside of those that a Traveler suits is beyond its boundaries
FEW: Final = 2_000  # rows that are scored sooner than thought about
ENOUGH: Final = 8  # times as many as are wanted say how good one has to be


@dataclass(frozen=True, slots=True)
class Filters:
    """Whom a person may meet at all: who speaks one of their `languages`, any if none is named, and is in `allowed`.

    `allowed` says it for each of the caller's rows (published, not full, not blocked), (N,); None allows everybody.
    A Traveler takes nobody whose career stage lies STAGES_BEYOND or further outside of those it suits.
    """

    languages: frozenset[str] = frozenset()
    allowed: NDArray[np.bool_] | None = None


@dataclass(frozen=True, slots=True)
class Ranking:
    """The best, in order: their `scores`, and by how many points each `stepped_back`, (n,)."""

    scores: Scores
    stepped_back: Floats

    def __len__(self) -> int:
        return len(self.stepped_back)

    @property
    def rows(self) -> Integers:
        """The caller's rows, best first."""
        return self.scores.rows


def top(
    person: PersonFeatures, matrix: TravelerMatrix, weights: Weights, filters: Filters = Filters(), limit: int = 10
) -> Ranking:
    """The best `limit` of those whom the filters let through, by exact scores."""
    sheet = sheet_of(person, matrix, weights)
    admits = _Admission(person, matrix, filters)
    points = points_of(sheet)
    if len(matrix) <= FEW:
        return _ranked(sheet, points, admits.of(np.arange(len(matrix))), limit)
    if not points.any() and sheet.skills is None:
        return _ranked(sheet, points, _first_of_each(matrix, admits.of(np.arange(len(matrix))), limit), limit)
    return _ranked(sheet, points, _reaching(sheet, points, admits, limit), limit)


def _first_of_each(matrix: TravelerMatrix, places: NDArray[np.intp], number: int) -> NDArray[np.intp]:
    """The first so many of each occupation, to whom a list comes down whose scores are all the same."""
    groups = matrix.group(places)
    firsts = np.searchsorted(groups, np.arange(len(matrix.occupations)))
    return places[np.arange(len(groups)) - firsts[groups] < number]


def _reaching(sheet: Sheet, points: Floats, admits: "_Admission", limit: int) -> NDArray[np.intp]:
    """The places of those who can be among the best, and maybe some who cannot."""
    bounds = _bounds(sheet, points)
    likeliest = admits.of(_sample(sheet.matrix, bounds, limit))
    worst = _worst(sheet, totals_at(sheet, points, likeliest), likeliest, limit)
    groups = np.flatnonzero(bounds >= worst)
    most = np.zeros(len(bounds))
    if sheet.skills is not None:
        most[groups] = in_points(best_coverage(sheet.skills, sheet.matrix, groups), sheet.limit("skills"))
        bounds = bounds - sheet.limit("skills") + most
        groups = groups[bounds[groups] >= worst]
    places = admits.of(_members(sheet.matrix, groups))
    if len(places) <= FEW:
        return places
    return _surviving(sheet, points, places, most[sheet.matrix.group(places)], worst)


def _surviving(
    sheet: Sheet, points: Floats, places: NDArray[np.intp], skills: Floats, worst: float
) -> NDArray[np.intp]:
    """Those of the places who can come to `worst` with so many points for skills, (n,), or fewer.

    They are looked at a column at a time, the one that tells them apart most first: most drop out early.
    """
    matrix = sheet.matrix
    tables = {name: points[first : first + len(matrix.values[name])] for name, first in matrix.firsts.items()}
    telling = sorted((name for name in tables if tables[name].any()), key=lambda name: -np.ptp(tables[name]))
    totals = skills + neutral_points(sheet)
    rest = sum(float(tables[name].max()) for name in telling)
    for name in telling:
        rest -= float(tables[name].max())
        totals = totals + matrix.look_up(name, tables[name], places)
        reach = totals + rest >= worst
        places, totals = places[reach], totals[reach]
    return places


class _Admission:
    """The hard rules, looked up by distinct values."""

    def __init__(self, person: PersonFeatures, matrix: TravelerMatrix, filters: Filters) -> None:
        self._matrix, self._allowed = matrix, filters.allowed
        self._speaks = speaks(filters.languages, matrix)
        self._takes = takes(person.stage, matrix)

    def of(self, places: NDArray[np.intp]) -> NDArray[np.intp]:
        """Those of the places that the rules let through."""
        matrix = self._matrix
        if not self._speaks.all():
            places = places[self._speaks[matrix.languages[places]]]
        if not self._takes.all():
            places = places[matrix.look_up("stages", self._takes, places)]
        return places if self._allowed is None else places[self._allowed[matrix.rows[places]]]


def speaks(languages: frozenset[str], matrix: TravelerMatrix) -> NDArray[np.bool_]:
    """By sets of languages whether a Traveler speaks one of these."""
    return np.array([not languages or not languages.isdisjoint(each) for each in matrix.tongues], dtype=np.bool_)


def takes(stage: int | None, matrix: TravelerMatrix) -> NDArray[np.bool_]:
    """By ranges of stages whether somebody in that stage is within a Traveler's boundaries; who is not known is."""
    lowest, highest = matrix.values["stages"][:, 0], matrix.values["stages"][:, 1]
    if stage is None:
        return np.ones(len(lowest), dtype=np.bool_)
    return np.asarray((lowest - stage < STAGES_BEYOND) & (stage - highest < STAGES_BEYOND))


def _bounds(sheet: Sheet, points: Floats) -> Floats:
    """What no Traveler of an occupation scores more than, (G,)."""
    matrix = sheet.matrix
    found = np.full(len(matrix.occupations), neutral_points(sheet))
    for name, first in matrix.firsts.items():
        table = points[first : first + len(matrix.values[name])]
        found += table if name == "group" else table.max(initial=0.0)
    return found + (0.0 if sheet.skills is None else sheet.limit("skills"))


def _sample(matrix: TravelerMatrix, bounds: Floats, limit: int) -> NDArray[np.intp]:
    """Some to set the mark: those of the occupations with the highest bounds, or, where bounds tell nothing apart,
    here and there one of all."""
    number = max(FEW // 4, 4 * limit)
    if bounds.min() == bounds.max():
        return np.arange(0, len(matrix), max(len(matrix) // number, 1))
    order = np.argsort(-bounds, kind="stable")
    sizes = np.cumsum(np.diff(matrix.starts)[order])
    return _members(matrix, order[: int(np.searchsorted(sizes, number)) + 1])


def _members(matrix: TravelerMatrix, occupations: NDArray[np.intp]) -> NDArray[np.intp]:
    """The places of all Travelers of some occupations."""
    starts, ends = matrix.starts[occupations], matrix.starts[occupations + 1]
    sizes = ends - starts
    before = np.cumsum(sizes) - sizes
    return np.repeat(starts - before, sizes) + np.arange(int(sizes.sum()))


def _ranked(sheet: Sheet, points: Floats, places: NDArray[np.intp], limit: int) -> Ranking:
    """The best of some Travelers."""
    if len(places) > limit:
        totals = totals_at(sheet, points, places)
        places = places[totals >= _worst(sheet, totals, places, limit)]
    scores = scores_at(sheet, places)
    order, back = in_order(scores, sheet, places)
    return Ranking(picked(scores, order[:limit]), back[order[:limit]])


def _worst(sheet: Sheet, totals: Floats, places: NDArray[np.intp], limit: int) -> float:
    """Where the last of the best of some Travelers stands; with more Travelers it could only be higher.

    For if one more of an occupation comes in, its best, second best and so on each score as much as before or more.
    """
    if len(totals) < limit:
        return -np.inf
    # Any of them will do; the highest give the most, and some more than are wanted hold enough occupations.
    some = min(ENOUGH * limit, len(totals))
    highest = np.argpartition(totals, -some)[-some:]
    totals, groups = totals[highest], sheet.matrix.group(places[highest])
    order = np.lexsort((-totals, groups))
    standing = totals[order] - _steps_back(groups[order], sheet)
    return float(np.partition(standing, -limit)[-limit])


def _steps_back(groups: NDArray[np.intp], sheet: Sheet) -> Floats:
    """By how many points each steps back, (n,), of Travelers in the order of their occupations, the best first."""
    ahead = np.arange(len(groups)) - np.searchsorted(groups, groups)
    return np.asarray(np.minimum(ahead, MOST_STEPS) * sheet.weights.parameters.step_back)


def in_order(scores: Scores, sheet: Sheet, places: NDArray[np.intp]) -> tuple[NDArray[np.intp], Floats]:
    """The order of the rule, and by how many points each steps back, (n,)."""
    groups = sheet.matrix.group(places)
    inside = np.lexsort((scores.rows, -scores.low, -scores.total, groups))
    back = np.empty(len(inside))
    back[inside] = _steps_back(groups[inside], sheet)
    return np.lexsort((scores.rows, -scores.low, -scores.total, back - scores.total)), back


def picked(scores: Scores, at: NDArray[np.intp]) -> Scores:
    """The scores of some, in an order of one's own."""
    return Scores(
        rows=scores.rows[at],
        total=scores.total[at],
        low=scores.low[at],
        high=scores.high[at],
        unknown=scores.unknown,
        **{name: getattr(scores, name)[:, at] for name in ("fits", "points", "least", "most")},
    )
