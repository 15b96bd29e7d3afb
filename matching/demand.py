"""How much a person wants each skill, from what their target occupation asks and what they say they have."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

# What one can already do still matters a little: a Traveler who masters it can deepen it.
LEAST_GAP: Final = 0.1

# How near a neighbour is, by its tier among O*NET's Related Occupations.
RELATEDNESS: Final = {"primary-short": 0.85, "primary-long": 0.7, "supplemental": 0.5}


@dataclass(frozen=True, slots=True)
class Demand:
    """What an occupation asks of a skill: importance 1-5 and level 0-7, O*NET's scales IM and LV."""

    skill: int
    importance: float
    level: float | None


def needs(demands: Iterable[Demand], levels: Mapping[int, int]) -> dict[int, float]:
    """Importance times gap of each skill, both 0 to 1; `levels` are the person's own, 1 to 5.

    Scales are standardised as O*NET does, (score - lowest) / (highest - lowest). Without a level on record
    the importance stands in for it. A skill the person did not list counts as not there yet.
    """
    return {demand.skill: _need(demand, levels.get(demand.skill, 0)) for demand in demands}


def _need(demand: Demand, level: int) -> float:
    return _importance(demand) * _gap(demand, level)


def _importance(demand: Demand) -> float:
    return (demand.importance - 1) / 4


def _gap(demand: Demand, level: int) -> float:
    asked = _importance(demand) if demand.level is None else demand.level / 7
    return max(asked - level / 5, LEAST_GAP)
