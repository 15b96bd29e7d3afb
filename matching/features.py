"""What TELL looks at: a person as numbers, and Travelers as the rows of arrays.

Only career facts have a place here; names, addresses, pictures and other protected data have none.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

AXES = 4


@dataclass(frozen=True, slots=True)
class PersonFeatures:
    """A person; None and empty mean that they did not say.

    `style` holds the learning-preference axes, each -1 to 1. `neighbours` maps ids of occupations near the
    target to their relatedness (0-1). `needs` maps ids of skills to how much they are wanted (0-1).
    """

    goal_horizon_months: float | None = None
    weekly_hours: float | None = None
    years_experience: float | None = None
    style: tuple[float | None, ...] = (None,) * AXES
    occupation: int | None = None
    career_field: int | None = None
    neighbours: Mapping[int, float] = field(default_factory=dict)
    needs: Mapping[int, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TravelerMatrix:
    """N Travelers over S skills. Ranges are pairs (low, high) with low <= high.

    `era`: years ahead, (N,). `horizon`: months, `pace`: hours a week, `experience`: years, each (N, 2).
    `style`: (N, 4), -1 to 1. `occupation`, `career_field`: ids, (N,). `skills`: ids, ascending, (S,). `mastery`:
    how well a Traveler masters a skill, 0 to 1, (N, S).
    """

    era: Floats
    horizon: Floats
    pace: Floats
    experience: Floats
    style: Floats
    occupation: Integers
    career_field: Integers
    skills: Integers
    mastery: Floats

    def __len__(self) -> int:
        return len(self.era)
