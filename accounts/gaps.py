"""How far what a person can do reaches into what an occupation asks: a pure rule over figures.

All levels here are on O*NET's level scale, 0-7, and importance is on its scale 1-5 (the scales LV and IM of its
Scales Reference). Coverage is `sum(weight * met) / sum(weight)` over the skills asked for, where
`weight = importance * level` and `met = min(held / level, 1)`.
"""

import math
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)

TOP_LEVEL = 7.0
TOP_INVENTORY_LEVEL = 5
LEVEL_PER_IMPORTANCE = 1.53


@dataclass(frozen=True, slots=True)
class Need(Generic[K]):
    """What an occupation asks of a skill: importance 1-5, and level 0-7 or None where nobody has measured it."""

    skill: K
    importance: float
    level: float | None


@dataclass(frozen=True, slots=True)
class SkillGap(Generic[K]):
    """One need beside what is there: levels 0-7, `met` 0-1, and `gain`, what filling it would add to coverage."""

    need: Need[K]
    level: float
    held: float
    weight: float
    met: float
    gain: float


@dataclass(frozen=True, slots=True)
class Gap(Generic[K]):
    """The whole of it: coverage 0-1, or None where nothing is known of what is asked; the heaviest need first."""

    coverage: float | None
    skills: tuple[SkillGap[K], ...]

    @property
    def missing(self) -> tuple[SkillGap[K], ...]:
        """The needs that are not met, those whose filling would add most first."""
        lacking = (skill for skill in self.skills if skill.met < 1)
        return tuple(sorted(lacking, key=lambda skill: (-skill.gain, -skill.weight)))


def held_level(inventory_level: int) -> float:
    """A level of a person's inventory, 1-5, on O*NET's 0-7: `7 * level / 5`, so 1.4, 2.8, 4.2, 5.6, 7.

    Both scales begin at "not at all": a skill that is not in the inventory is its 0. So equal shares of the
    scales are equal levels, which is how O*NET itself compares scales of different length (its standardized
    score, `(figure - lowest) / (highest - lowest)`).
    """
    return TOP_LEVEL * inventory_level / TOP_INVENTORY_LEVEL


def needed_level(need: Need[K]) -> float:
    """The level that is asked for, 0-7; where it was not measured, one that such an importance goes with.

    That is `1.53 * (importance - 1)`, the least-squares line through "not important, no level" over all 59,772
    pairs of importance and level in Skills and Knowledge of O*NET 29.3 (R² 0.92, mean error 0.28 levels). A level
    that is not known is never taken for 0, which would let the skill drop out of the sum.
    """
    return LEVEL_PER_IMPORTANCE * (need.importance - 1) if need.level is None else need.level


def gap_of(needs: Iterable[Need[K]], inventory: Mapping[K, int]) -> Gap[K]:
    """What an occupation asks beside a person's inventory, levels 1-5 by skill.

    A skill that is asked for at level 0 weighs nothing. If none weighs anything, nothing is known of what the
    occupation asks, and there is no coverage.
    """
    weighed = [(need, needed_level(need)) for need in needs]
    total = math.fsum(need.importance * level for need, level in weighed)
    skills = sorted(
        (_skill_gap(need, level, inventory.get(need.skill, 0), total) for need, level in weighed),
        key=lambda skill: (-skill.weight, -skill.need.importance),
    )
    covered = math.fsum(skill.weight * skill.met for skill in skills)
    return Gap(covered / total if total else None, tuple(skills))


def _skill_gap(need: Need[K], level: float, inventory_level: int, total: float) -> SkillGap[K]:
    held, weight = held_level(inventory_level), need.importance * level
    met = min(held / level, 1.0) if level else 1.0
    return SkillGap(need, level, held, weight, met, weight * (1 - met) / total if total else 0.0)
