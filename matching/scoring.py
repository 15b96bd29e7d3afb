"""TELL, version tell-1: four fits between 0 and 1, times their weights, summed to a score of 0 to 100.

Everything here is a pure function of arrays. A letter is made of parts with fixed shares; a part that the
person told nothing about counts as 0.5 and widens the interval by all it could have been. Points are rounded
to a millionth, so that ties are ties on every processor and in every order of Travelers.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from matching.features import AXES, Floats, PersonFeatures, TravelerMatrix

VERSION: Final = "tell-1"

# Points of 100. Learning style is small and capped: matching teaching to preferences is liked, and controlled
# studies do not find that it helps people learn (Pashler, McDaniel, Rohrer and Bjork, 2008,
# doi:10.1111/j.1539-6053.2009.01038.x).
WEIGHTS: Final = {"time": 20.0, "expertise": 45.0, "learning_style": 10.0, "longitude": 25.0}
LETTERS: Final = tuple(WEIGHTS)

NEUTRAL: Final = 0.5
HORIZON_SHARE, PACE_SHARE = 0.5, 0.5
OCCUPATION_SHARE, SKILL_SHARE = 0.6, 0.4
EXPERIENCE_SHARE, ERA_SHARE = 0.7, 0.3

SAME: Final = 1.0
SAME_FIELD: Final = 0.35
SMALLEST: Final = 0.5
OCTAVE: Final = 1.0  # falling off by a factor e at twice or half the bound
EXPERIENCE_SCALE: Final = 5.0  # years outside the range at which the fit has fallen by a factor e
ERA_SCALE: Final = 8.0  # years
ERA_NEAREST: Final = 3.0  # years: nobody is mentored by themselves of next week
ERA_REACH: Final = 12.0  # years past the goal that a Traveler still remembers well how it was
DECIMALS: Final = 6


@dataclass(frozen=True, slots=True)
class Fit:
    """A fit for each Traveler, (N,), what it could be at least and at most, and whether a part is unknown."""

    value: Floats
    low: Floats
    high: Floats
    unknown: bool


@dataclass(frozen=True, slots=True)
class Scores:
    """Points of N Travelers.

    `points`: (N, 4) in the order of LETTERS; `total`: (N,), their sum; `low` and `high`: (N,), the interval
    the total could lie in if the person told everything. `unknown`: letters in which something is missing.
    `closeness` and `coverage`: (N,), 0-1, the parts of Expertise.
    """

    points: Floats
    total: Floats
    low: Floats
    high: Floats
    unknown: frozenset[str]
    closeness: Floats
    coverage: Floats


def score(person: PersonFeatures, travelers: TravelerMatrix) -> Scores:
    """How well each Traveler suits the person; each row depends on that Traveler alone."""
    closeness, coverage = occupation_closeness(person, travelers), skill_coverage(person, travelers)
    fits = {
        "time": time_fit(person, travelers),
        "expertise": combine((OCCUPATION_SHARE, closeness), (SKILL_SHARE, coverage)),
        "learning_style": style_fit(person, travelers),
        "longitude": longitude_fit(person, travelers),
    }
    points = _points([fits[letter].value for letter in LETTERS])
    total = _sum(points)
    return Scores(
        points=points,
        total=total,
        low=np.minimum(total, _sum(_points([fits[letter].low for letter in LETTERS]))),
        high=np.maximum(total, _sum(_points([fits[letter].high for letter in LETTERS]))),
        unknown=frozenset(letter for letter in LETTERS if fits[letter].unknown),
        closeness=closeness.value,
        coverage=coverage.value,
    )


def time_fit(person: PersonFeatures, travelers: TravelerMatrix) -> Fit:
    """T: the goal's horizon (months) and the weekly hours, against the Traveler's ranges, in octaves."""
    horizon = ratio_fit(person.goal_horizon_months, travelers.horizon)
    pace = ratio_fit(person.weekly_hours, travelers.pace)
    return combine((HORIZON_SHARE, horizon), (PACE_SHARE, pace))


def longitude_fit(person: PersonFeatures, travelers: TravelerMatrix) -> Fit:
    """L: years of experience against the range the Traveler suits, and the distance it has travelled.

    The distance is right from the end of the person's goal (ERA_NEAREST years at least) to ERA_REACH years
    beyond it: far enough ahead to have been there, near enough to remember.
    """
    experience = range_fit(person.years_experience, travelers.experience, EXPERIENCE_SCALE)
    return combine((EXPERIENCE_SHARE, experience), (ERA_SHARE, era_fit(person, travelers)))


def era_fit(person: PersonFeatures, travelers: TravelerMatrix) -> Fit:
    """The distance travelled (years) against the goal's horizon (months)."""
    if person.goal_horizon_months is None:
        return _unknown(len(travelers))
    nearest = max(ERA_NEAREST, person.goal_horizon_months / 12)
    return _known(fall_off(travelers.era, nearest, nearest + ERA_REACH, ERA_SCALE))


def style_fit(person: PersonFeatures, travelers: TravelerMatrix) -> Fit:
    """S: 1 minus half the mean distance over the axes the person has set; distances are 0 to 2."""
    told = [axis for axis in range(AXES) if person.style[axis] is not None]
    if not told:
        return _unknown(len(travelers))
    wanted = np.array([person.style[axis] for axis in told], dtype=np.float64)
    value = 1 - np.abs(travelers.style[:, told] - wanted).mean(axis=1) / 2
    share = len(told) / AXES
    return Fit(value, value * share, value * share + (1 - share), unknown=len(told) < AXES)


def occupation_closeness(person: PersonFeatures, travelers: TravelerMatrix) -> Fit:
    """E, first part: 1 for the target occupation, less for its neighbours, least for others of its field."""
    if person.occupation is None:
        return _unknown(len(travelers))
    value = np.where(travelers.career_field == _or_nothing(person.career_field), SAME_FIELD, 0.0)
    for occupation, relatedness in person.neighbours.items():
        value = np.where(travelers.occupation == occupation, np.maximum(value, relatedness), value)
    return _known(np.where(travelers.occupation == person.occupation, SAME, value))


def skill_coverage(person: PersonFeatures, travelers: TravelerMatrix) -> Fit:
    """E, second part: the share of what the person needs that the Traveler masters, 0 to 1.

    Needs that nobody masters count in the denominator, so that other Travelers never move a score.
    """
    needed = sum(person.needs[skill] for skill in sorted(person.needs))
    if needed <= 0:
        return _unknown(len(travelers))
    need = np.array([person.needs.get(int(skill), 0.0) for skill in travelers.skills], dtype=np.float64)
    # Row by row and not as a matrix product: BLAS may round a row differently by its place in the matrix.
    covered = (travelers.mastery * need).sum(axis=1)
    return _known(np.minimum(covered / needed, 1.0))


def ratio_fit(value: float | None, ranges: Floats) -> Fit:
    """`range_fit` in octaves: twice the upper bound is as far off as half the lower one.

    Below SMALLEST, in months or hours, nothing is told apart.
    """
    octaves = np.log2(np.maximum(ranges, SMALLEST))
    return range_fit(None if value is None else float(np.log2(max(value, SMALLEST))), octaves, OCTAVE)


def range_fit(value: float | None, ranges: Floats, scale: float) -> Fit:
    """1 inside the ranges, (N, 2), and falling off smoothly outside; unknown without a value."""
    if value is None:
        return _unknown(len(ranges))
    return _known(fall_off(np.full(len(ranges), value), ranges[:, 0], ranges[:, 1], scale))


def fall_off(value: Floats, low: Floats | float, high: Floats | float, scale: float) -> Floats:
    """exp(-(d / scale)^2) of the distance d by which a value lies outside of [low, high]; all in one unit."""
    distance = np.maximum(np.maximum(low - value, value - high), 0.0)
    return np.asarray(np.exp(-np.square(distance / scale)), dtype=np.float64)


def combine(*parts: tuple[float, Fit]) -> Fit:
    """A fit made of parts by their shares, which sum to 1."""
    return Fit(
        value=np.sum([share * fit.value for share, fit in parts], axis=0),
        low=np.sum([share * fit.low for share, fit in parts], axis=0),
        high=np.sum([share * fit.high for share, fit in parts], axis=0),
        unknown=any(fit.unknown for _, fit in parts),
    )


def _points(fits: list[Floats]) -> Floats:
    weights = np.array([WEIGHTS[letter] for letter in LETTERS], dtype=np.float64)
    return np.asarray(np.round(np.stack(fits, axis=1) * weights, DECIMALS), dtype=np.float64)


def _sum(points: Floats) -> Floats:
    return np.asarray(np.round(points.sum(axis=1), DECIMALS), dtype=np.float64)


def _known(value: Floats) -> Fit:
    return Fit(value, value, value, unknown=False)


def _unknown(size: int) -> Fit:
    return Fit(np.full(size, NEUTRAL), np.zeros(size), np.ones(size), unknown=True)


def _or_nothing(key: int | None) -> int:
    return -1 if key is None else key
