"""People of one aim, some at a time, and the order in which Travelers come for each of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from matching.askers import Aimed
from matching.features import AXES, Floats
from matching.fits import leaning
from matching.grounds import Aim, Ground, Places, Rough, aim_of
from matching.ranking import MOST_STEPS
from matching.sheets import NEUTRAL, in_points
from matching.weights import POINT_GRAIN, TOTAL

TOGETHER: Final = 512  # people of a block: their rough scores stay near the processor
MORE: Final = 1.5  # times as many are looked at as are wanted, and twice as many again until that is enough
ROUNDING: Final = 2.0**-24  # of float32
SCORE_BITS: Final = 7  # scores with a point to spare are less than 128
NOBODY: Final = -1

Truths = NDArray[np.bool_]


def blocks_of(ground: Ground, aimed: Aimed) -> Iterator["Block"]:
    """People of one aim, TOGETHER at most at a time."""
    aim = aim_of(ground, aimed)
    for first in range(0, len(aimed.who), TOGETHER):
        some = slice(first, first + TOGETHER)
        yield Block(ground, aim, aimed.who[some], aimed.need[some], aimed.total[some])


@dataclass(frozen=True, slots=True)
class Block:
    """n people of one aim, by their places among the askers, `who`, and their needs as in Aimed."""

    ground: Ground
    aim: Aim
    who: Places
    need: Floats
    total: Floats

    def fill(self, found: Places) -> Iterator[int]:
        """Write the lists of these people among all; those that hang on a tie are left out, and named."""
        rough, pending = self.rough(), np.arange(len(self.who))
        size = rough.shape[1]
        looked_at = min(int(MORE * self.ground.limit), size)
        while pending.size:
            here = rough if len(pending) == len(rough) else rough[pending]
            some, edge = highest(here, looked_at)
            scores = here[_rows(here), some].astype(np.float64)
            listed = self._listed(some, scores, self.error)
            proven = listed.is_proven(edge + self.error)
            close = proven & listed.tied
            self._write(found, pending[proven], listed.rows[proven])
            yield from self._fill_exactly(found, pending[close], some[close], np.isfinite(scores[close]))
            pending, looked_at = pending[~proven], min(2 * looked_at, size)

    def _fill_exactly(self, found: Places, people: Places, some: Places, may: Truths) -> Iterator[int]:
        """The same for some of them, out of Travelers of whom it is known that they hold the best."""
        if not people.size:
            return
        listed = self._listed(some, np.where(may, self.exact(people, some), -np.inf), 0.0)
        self._write(found, people, listed.rows)
        yield from self.who[people[listed.tied]].tolist()

    def _write(self, found: Places, people: Places, rows: Places) -> None:
        found[self.who[people], : rows.shape[1]] = rows

    @property
    def error(self) -> float:
        """By how many points a rough score may be off: the terms of a sum never come to more than twice TOTAL and
        some, each rounding to at most ROUNDING of that (Higham, Accuracy and Stability, 2002, section 3.1)."""
        terms = len(self.aim.traits) + 8
        return terms * ROUNDING * 4 * TOTAL + 16 * POINT_GRAIN

    def rough(self) -> Rough:
        """All scores, (n, N), up to the error; -inf for whom the hard rules keep away."""
        ground, askers = self.ground, self.ground.askers
        rough = self._wants() @ self.aim.traits
        for table, code in ((ground.rough_plans, askers.plan), (ground.rough_careers, askers.career)):
            rough += table.take(code[self.who], axis=0)
        if ground.rules.without:
            for row, at in enumerate(self.who.tolist()):
                columns = ground.column[list(ground.rules.without[at])]
                rough[row, columns[columns < len(ground)]] = -np.inf
        return rough

    def _wants(self) -> Rough:
        """What people make of the traits: points for each, (n, T)."""
        askers, skills = self.ground.askers, self.ground.points("skills")
        share = askers.sure[self.who] * (self.ground.points("style") / AXES)
        mine, asked = askers.style[self.who], self.total > 0
        need = self.need * (skills / np.where(asked, self.total, 1.0))[:, None]
        # 1 - (theirs - mine)^2 / 4, multiplied out
        own = (share * (1 - mine**2 / 4)).sum(axis=1) - NEUTRAL * self.ground.points("style") * askers.told[self.who]
        own += self.ground.nothing - np.where(asked, NEUTRAL * skills, 0.0)
        return np.column_stack([need, share * mine / 2, -share / 4, own, np.ones(len(own))]).astype(np.float32)

    def _listed(self, some: Places, totals: Floats, error: float) -> "_Listed":
        """The order of some Travelers, (n, k), for some people of the block, by totals that may be off by `error`."""
        order = np.argsort(-totals, axis=1)
        ground, row = self.ground, _rows(order)
        totals, some = totals[row, order], some[row, order]
        standing = totals - _steps_before(ground.group[some]) * ground.weights.parameters.step_back
        first = np.argsort(-standing, axis=1, kind="stable")[:, : ground.limit + 1]
        standing, rows = standing[row, first], ground.matrix.rows[ground.places[some[row, first]]]
        rows[np.isneginf(standing)] = NOBODY
        full = standing.shape[1] >= ground.limit
        worst = standing[:, ground.limit - 1] - error if full else np.full(len(rows), -np.inf)
        tied = np.any(_are_close(totals, 2 * error) & (totals[:, 1:] >= worst[:, None] - error), axis=1)
        if error:
            tied |= np.any(_are_close(standing, 2 * error), axis=1)
        return _Listed(rows[:, : ground.limit], worst, np.asarray(tied))

    def exact(self, people: Places, some: Places) -> Floats:
        """The totals of `scores_at`, (n, k): every sum here is exact, whatever its order."""
        ground, askers, who = self.ground, self.ground.askers, self.who[people]
        totals = ground.nothing + self.aim.points[some]
        totals += ground.plans[askers.plan[who][:, None], some]
        totals += ground.careers[askers.career[who][:, None], some]
        totals += self._style(who, some)
        if not self.need.shape[1]:
            return totals
        skills, total = ground.points("skills"), self.total[people][:, None]
        covered = np.matmul(self.aim.met[some], self.need[people][:, :, None])[:, :, 0]
        gained = in_points(covered / np.where(total > 0, total, 1.0), skills) - in_points(NEUTRAL, skills)
        return np.asarray(totals + np.where(total > 0, gained, 0.0))

    def _style(self, who: Places, some: Places) -> Floats:
        askers, points = self.ground.askers, self.ground.points("style")
        untold = in_points((1 - askers.told[who]) * NEUTRAL, points) - in_points(NEUTRAL, points)
        mine, sure = askers.style[who].T[:, :, None], askers.sure[who].T[:, :, None]
        known = in_points(sure * leaning(mine, self.ground.style[:, some]) / AXES, points)
        return np.asarray(known.sum(axis=0) + untold[:, None])


@dataclass(frozen=True, slots=True)
class _Listed:
    """Rows in order, (n, limit); where the last stands at least, -inf for a list that is not full; whose order is not
    sure: for exact scores a tie, for rough ones any that are closer than they are sure."""

    rows: Places
    worst: Floats
    tied: Truths

    def is_proven(self, edge: Floats) -> Truths:
        """Whether nobody comes in of those who were not looked at, who score up to the edge, (n,)."""
        return np.asarray((self.worst > edge) | (edge == -np.inf))


def _are_close(falling: Floats, distance: float) -> Truths:
    """Whether figures are hardly less than those before them, (n, k - 1)."""
    return (falling[:, :-1] <= falling[:, 1:] + distance) & np.isfinite(falling[:, 1:])


def highest(rough: Rough, number: int) -> tuple[Places, Floats]:
    """Where in each row the highest so many are, (n, number), and what no other goes beyond, (n,).

    A score and its place make one whole number: partitioning numbers takes half the time of partitioning places.
    """
    size = rough.shape[1]
    if number == size:
        return np.tile(np.arange(size), (len(rough), 1)), np.full(len(rough), -np.inf)
    bits = size.bit_length()
    grains = np.float32(2 ** (31 - bits - SCORE_BITS))  # of a point; from one point below nothing on, 0 for -inf
    keys = np.maximum((rough + np.float32(1.0)) * grains, 0.0).astype(np.int32)
    keys <<= bits
    keys |= np.arange(size, dtype=np.int32)
    keys.partition(size - number, axis=1)
    best = keys[:, size - number :]
    least = best[:, 0] >> bits
    return best & (2**bits - 1), np.where(least > 0, (least + 1) / float(grains) - 1.0, -np.inf)


def _rows(table: NDArray[Any]) -> Places:
    """Places of rows, to be paired with places in them."""
    return np.arange(len(table))[:, None]


def _steps_before(groups: NDArray[np.int16]) -> NDArray[np.int8]:
    """How many of its own occupation come before each, (n, k), MOST_STEPS at most."""
    by_place = np.ascontiguousarray(groups.T)
    found = np.zeros(by_place.shape, dtype=np.int8)
    for place in range(1, len(by_place)):
        ahead = (by_place[:place] == by_place[place]).sum(axis=0, dtype=np.int32)
        found[place] = np.minimum(ahead, MOST_STEPS)
    return found.T
