"""How much of what a person needs Travelers cover: importance x level x gap, met at the Traveler's level."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from matching.demand import Needs
from matching.features import Floats, places_in
from matching.matrix import Places, TravelerMatrix
from matching.weights import Parameters

# Powers of two by which products of needs and shares add up without rounding, in any order, for a thousand skills.
NEED_GRAIN: Final = 2.0**-16
MET_GRAIN: Final = 2.0**-20


@dataclass(frozen=True, slots=True)
class Skills:
    """W needs laid over a matrix; a last one, of nothing, stands for every skill that is not needed.

    `need` and `asked` (levels), (W + 1,). `slots` says which need a column of the matrix is, (S + 1,), `implied` what
    of each an occupation covers unnamed, 0 to 1, (W + 1, G), and `covered` what that comes to, (G,). `total` is the
    sum of the needs; what no Traveler can cover counts in it, so that other Travelers never move a score.
    """

    need: Floats
    asked: Floats
    slots: NDArray[np.intp]
    implied: Floats
    covered: Floats
    total: float


def skills_of(needs: Needs, matrix: TravelerMatrix, figures: Parameters) -> Skills | None:
    """Needs over a matrix; None if they come to nothing."""
    need = _and_nothing(amounts_of(needs.need))
    if not amounts_of(needs.least).any():
        return None
    columns, known = places_in(matrix.skills, needs.skills)
    slots = np.full(len(matrix.skills) + 1, len(needs.need), dtype=np.intp)
    slots[columns] = known
    implied = np.zeros((len(need), len(matrix.occupations)))
    implied[known] = _met(figures.implied * matrix.asked[columns], needs.asked[known, None])
    return Skills(need, _and_nothing(needs.asked, np.inf), slots, implied, need @ implied, float(need.sum()))


def coverage(skills: Skills, matrix: TravelerMatrix, places: Places) -> Floats:
    """The part of the needs that Travelers cover, 0 to 1, (n,): skills that they name at their own level."""
    group, slots = matrix.group(places), skills.slots[matrix.named[:, places]]
    met = _met(matrix.held[:, places], skills.asked[slots])
    more = skills.need[slots] * np.maximum(met - skills.implied[slots, group], 0.0)
    return np.asarray((skills.covered[group] + more.sum(axis=0)) / skills.total)


def coverage_ends(skills: Skills, needs: Needs, matrix: TravelerMatrix, places: Places) -> tuple[Floats, Floats]:
    """The ends of the share covered, (n,), where each need may be as little as its least and as much as its most.

    A share c / (c + u) of what is covered and what is not grows with the one and falls with the other: it is lowest
    where what the Traveler covers is needed least and what it lacks most.
    """
    amounts = np.array([_and_nothing(amounts_of(each)) for each in (needs.least, needs.most)])
    least, most = amounts.sum(axis=1).tolist()
    low, high = (amounts @ shares_met(skills, matrix, places)) / np.array([[least], [most]])
    lowest = low * least / (low * least + (1 - high) * most)
    highest = high * most / (high * most + (1 - low) * least)
    return lowest, highest


def best_coverage(skills: Skills, matrix: TravelerMatrix, groups: NDArray[np.intp]) -> Floats:
    """What no Traveler of some occupations goes beyond, 0 to 1, (g,)."""
    columns = np.flatnonzero(skills.slots[:-1] < len(skills.need) - 1)
    known = skills.slots[columns]
    met = _met(matrix.best[np.ix_(columns, groups)], skills.asked[known, None])
    met = np.maximum(met, skills.implied[np.ix_(known, groups)])
    return np.asarray((skills.need[known] @ met) / skills.total)


def amounts_of(need: Floats) -> Floats:
    """Needs as multiples of NEED_GRAIN."""
    return np.asarray(np.rint(need / NEED_GRAIN) * NEED_GRAIN)


def _and_nothing(amounts: Floats, last: float = 0.0) -> Floats:
    """With a last one that stands for what is not needed."""
    return np.concatenate((amounts, (last,)))


def shares_met(skills: Skills, matrix: TravelerMatrix, places: Places) -> Floats:
    """What of each need Travelers meet, 0 to 1, (W + 1, n); `coverage` is their sum by need over its total."""
    found = skills.implied[:, matrix.group(places)]
    slots = skills.slots[matrix.named[:, places]]
    needed = slots < len(skills.need) - 1
    slot, place, held = slots[needed], np.nonzero(needed)[1], matrix.held[:, places][needed]
    found[slot, place] = np.maximum(found[slot, place], _met(held, skills.asked[slot]))
    return found


def _met(held: Floats, asked: Floats) -> Floats:
    share = held / asked
    np.minimum(share, 1.0, out=share)
    share *= 1 / MET_GRAIN
    np.rint(share, out=share)
    share *= MET_GRAIN
    return share
