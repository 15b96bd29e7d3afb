"""The curves of TELL: how well one figure suits a range, an aim or a leaning, from 0 to 1."""

from typing import Final

import numpy as np

from matching.features import Floats, Integers
from matching.weights import Parameters

SMALLEST: Final = 0.5  # below half a month or hour nothing is told apart
MONTHS_A_YEAR: Final = 12

# How far two SOC codes are alike: by how many digits of fifteen-twenty-fifty-one they share.
SAME_DETAIL, SAME_BROAD, SAME_MINOR, SAME_MAJOR = 1.0, 0.8, 0.6, 0.4
_LIKENESS: Final = ((100, SAME_DETAIL), (1_000, SAME_BROAD), (10_000, SAME_MINOR), (1_000_000, SAME_MAJOR))


def fall_off(value: Floats | float, low: Floats | float, high: Floats | float, scale: float) -> Floats:
    """exp(-(d / scale)^2) of the distance d by which a value lies outside of [low, high]; all in one unit."""
    distance = np.maximum(np.maximum(np.subtract(low, value), np.subtract(value, high)), 0.0)
    return np.asarray(np.exp(-np.square(distance / scale)), dtype=np.float64)


def within(value: float, ranges: Floats, scale: float) -> Floats:
    """1 inside of ranges, (D, 2), and falling off outside; all in one unit."""
    return fall_off(value, ranges[:, 0], ranges[:, 1], scale)


def within_octaves(value: float, ranges: Floats, scale: float) -> Floats:
    """`within` by doublings: twice the upper bound is as far off as half the lower one."""
    return within(float(np.log2(max(value, SMALLEST))), np.log2(np.maximum(ranges, SMALLEST)), scale)


def has_been_there(months: float, era: Floats, scale: float) -> Floats:
    """1 for who is as many years ahead, (D,), as the goal is months away, and falling off for who is not yet."""
    return fall_off(era, months / MONTHS_A_YEAR, np.inf, scale)


def span_of_distance(years: float, figures: Parameters) -> tuple[float, float]:
    """From how many years ahead a Traveler helps somebody of so many years, and up to how many it remembers."""
    nearest = figures.nearest + figures.nearest_growth * years
    return nearest, nearest + figures.reach + figures.reach_growth * years


def right_distance(years: float, era: Floats, figures: Parameters) -> Floats:
    """1 for who is far enough ahead, (D,), to help somebody of so many years, and near enough to remember."""
    return fall_off(era, *span_of_distance(years, figures), figures.distance_scale)


def leaning(mine: Floats | float, theirs: Floats) -> Floats:
    """1 minus the squared distance of two places on an axis from -1 to 1, over 4, in the shape of `theirs`."""
    return 1 - np.square(theirs - mine) / 4


def same_branch(mine: int, soc: Integers) -> Floats:
    """How much of the SOC's tree two occupations share, by their codes as numbers, (G,)."""
    found = np.zeros(len(soc))
    for digits, likeness in reversed(_LIKENESS):
        found[soc // digits == mine // digits] = likeness
    return found
