"""The lists of many people at once: to each of them the one that `ranking.top` gives, in much less time.

People who aim for the same are scored against all Travelers as one product of matrices in float32, to which comes what
their plans and careers say, row by row. That is rough, within a bound that is known. Of the roughly best half as many
again as are wanted make the list; it is that of everybody as soon as its last one stands higher than anybody else could
score, and as long as it is not, more are looked at. Where scores are closer to each other than they are sure, the exact
ones decide. Whose order hangs on a tie of exact scores, in which intervals count, is left to `ranking.top` itself.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from matching.askers import Askers
from matching.blocks import NOBODY, blocks_of
from matching.grounds import Ground, Places, Rules, ground_of
from matching.matrix import TravelerMatrix
from matching.ranking import Filters, top
from matching.weights import Weights

__all__ = ["NOBODY", "Lists", "Rules", "lists_of"]

NO_RULES: Final = Rules()


@dataclass(frozen=True, slots=True)
class Lists:
    """The caller's rows, best first, (U, limit), NOBODY after the last; how many were left to `top`, for ties."""

    rows: Places
    tied: int


def lists_of(
    askers: Askers, matrix: TravelerMatrix, weights: Weights, rules: Rules = NO_RULES, limit: int = 10
) -> Lists:
    """The best `limit` for everybody; askers were weighed by the parameters of these weights."""
    found = np.full((len(askers), limit), NOBODY, dtype=np.intp)
    if not len(askers):
        return Lists(found, 0)
    ground = ground_of(askers, matrix, weights, rules, limit)
    if not len(ground):
        return Lists(found, 0)
    tied = [at for aimed in askers.aims for block in blocks_of(ground, aimed) for at in block.fill(found)]
    for at in tied:
        rows = _alone(ground, at)
        found[at] = NOBODY
        found[at, : len(rows)] = rows
    return Lists(found, len(tied))


def _alone(ground: Ground, at: int) -> Places:
    """One person's list, the slow way."""
    askers, rules = ground.askers, ground.rules
    allowed = np.ones(len(ground.matrix), dtype=np.bool_) if rules.allowed is None else rules.allowed.copy()
    if rules.without:
        allowed[list(rules.without[at])] = False
    filters = Filters(askers.careers[askers.career[at]][2], allowed)
    return np.asarray(top(askers.people[at], ground.matrix, ground.weights, filters, ground.limit).rows)
