"""Many people as columns, laid out for scoring together: by what they aim for, and each distinct telling once."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from matching.coverage import amounts_of
from matching.demand import Needs, needs_of
from matching.features import AXES, Floats, PersonFeatures
from matching.weights import Parameters

ANY: Final[frozenset[str]] = frozenset()

H = TypeVar("H", bound=Hashable)

Plan = tuple[float | None, float | None]  # months to the goal, hours a week
Career = tuple[float | None, int | None, frozenset[str]]  # years, stage, languages


@dataclass(frozen=True, slots=True)
class Aimed:
    """People who aim for the same: their places among the askers, (n,), and one of them, who stands for the aim.

    `needs` are that one's; skills and levels are the same for all. `need` is how much each person needs each skill,
    (n, W), and `total` the sum of it, (n,): 0 for whom nothing is asked.
    """

    who: NDArray[np.intp]
    like: PersonFeatures
    needs: Needs
    need: Floats
    total: Floats


@dataclass(frozen=True, slots=True)
class Askers:
    """U people. `plan` and `career` say which of the distinct `plans` and `careers` each has, (U,).

    `style` are places on the axes, (U, AXES), `sure` how sure each is, 0 for an axis that is not told, and `told` how
    much of the axes is known, 0 to 1, (U,). `figures` are those by which needs were weighed.
    """

    people: Sequence[PersonFeatures]
    figures: Parameters
    aims: tuple[Aimed, ...]
    plans: tuple[Plan, ...]
    plan: NDArray[np.intp]
    careers: tuple[Career, ...]
    career: NDArray[np.intp]
    style: Floats
    sure: Floats
    told: Floats

    def __len__(self) -> int:
        return len(self.people)


def askers_of(
    people: Sequence[PersonFeatures], figures: Parameters, languages: Sequence[frozenset[str]] | None = None
) -> Askers:
    """People as columns; without `languages`, or with none for somebody, any Traveler's will do."""
    spoken = [ANY] * len(people) if languages is None else languages
    plans, plan = _distinct([(one.goal_horizon_months, one.weekly_hours) for one in people])
    pairs = zip(people, spoken, strict=True)
    careers, career = _distinct([(one.years_experience, one.stage, tongues) for one, tongues in pairs])
    return Askers(
        people=people,
        figures=figures,
        aims=_aims(people, figures),
        plans=plans,
        plan=plan,
        careers=careers,
        career=career,
        style=_axes([[axis or 0.0 for axis in one.style] for one in people]),
        sure=_axes([_sure(one) for one in people]),
        told=np.array([one.told for one in people], dtype=np.float64),
    )


def _distinct(values: Sequence[H]) -> tuple[tuple[H, ...], NDArray[np.intp]]:
    places = {value: place for place, value in enumerate(dict.fromkeys(values))}
    return tuple(places), np.array([places[value] for value in values], dtype=np.intp)


def _axes(rows: Sequence[Sequence[float]]) -> Floats:
    return np.array(rows, dtype=np.float64).reshape(len(rows), AXES)


def _sure(one: PersonFeatures) -> list[float]:
    known = zip(one.style, one.confidence, strict=True)
    return [0.0 if axis is None else sure for axis, sure in known]


def _aims(people: Sequence[PersonFeatures], figures: Parameters) -> tuple[Aimed, ...]:
    found: dict[Hashable, list[int]] = {}
    for at, one in enumerate(people):
        found.setdefault(_aim(one), []).append(at)
    return tuple(_aimed(people, at, figures) for at in found.values())


def _aim(one: PersonFeatures) -> Hashable:
    asked = tuple(sorted((want.skill, want.asked) for want in one.wants))
    return one.occupation, one.soc, frozenset(one.near.items()), one.words, asked


def _aimed(people: Sequence[PersonFeatures], at: Sequence[int], figures: Parameters) -> Aimed:
    needs = [needs_of(people[each].wants, figures) for each in at]
    # As for one person: who needs next to nothing of all, whatever they have of it, is asked nothing.
    need = np.array([amounts_of(one.need) * amounts_of(one.least).any() for one in needs], dtype=np.float64)
    return Aimed(np.array(at, dtype=np.intp), people[at[0]], needs[0], need, need.sum(axis=1))
