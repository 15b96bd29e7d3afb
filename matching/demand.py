"""How much a person needs each skill: importance x level x gap, on O*NET's scales as `accounts.gaps` uses them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from accounts.gaps import held_level
from accounts.models import EvidenceGrade
from matching.features import Floats, Integers, Want
from matching.weights import Parameters

LEAST_ASKED: Final = 0.01


@dataclass(frozen=True, slots=True)
class Needs:
    """W skills, by id, with the level asked for, LEAST_ASKED to 7, and how much each is needed, (W,).

    `need` is what we take it for; it may be as little as `least` and as much as `most`, as far as what the person
    says of themselves can be doubted.
    """

    skills: Integers
    asked: Floats
    need: Floats
    least: Floats
    most: Floats


def needs_of(wants: Sequence[Want], figures: Parameters) -> Needs:
    """What the target asks, beside what is there. A skill asked for at next to no level is not needed.

    A stated level counts by its grade. An unlisted skill counts as not there, and might be there in full.
    """
    asked = [want for want in sorted(wants) if want.asked >= LEAST_ASKED]
    levels = np.array([want.asked for want in asked], dtype=np.float64)
    weight = np.array([want.importance for want in asked], dtype=np.float64) * levels
    credit, doubt = _by_grade(figures)
    held = np.array([held_level(want.own or 0) for want in asked], dtype=np.float64)
    counted = held * np.array([credit[want.grade] for want in asked], dtype=np.float64)
    lowest = held * np.array([1 - doubt[want.grade] for want in asked], dtype=np.float64)
    highest = np.where([want.own is None for want in asked], np.inf, held)
    least = figures.least_gap
    return Needs(
        skills=np.array([want.skill for want in asked], dtype=np.int64),
        asked=levels,
        need=weight * _gap(counted, levels, least),
        least=weight * _gap(highest, levels, least),
        most=weight * _gap(lowest, levels, least),
    )


def _gap(held: Floats, asked: Floats, least: float) -> Floats:
    return np.maximum(1 - held / asked, least)


def _by_grade(figures: Parameters) -> tuple[dict[str, float], dict[str, float]]:
    """The share of a stated level that counts, and the share that may be missing; nothing stated is claimed."""
    credit = {
        "": figures.credit_claimed,
        EvidenceGrade.CLAIMED: figures.credit_claimed,
        EvidenceGrade.DEMONSTRATED: figures.credit_demonstrated,
        EvidenceGrade.ATTESTED: 1.0,
    }
    doubt = {
        "": figures.doubt_claimed,
        EvidenceGrade.CLAIMED: figures.doubt_claimed,
        EvidenceGrade.DEMONSTRATED: figures.doubt_demonstrated,
        EvidenceGrade.ATTESTED: 0.0,
    }
    return {str(grade): share for grade, share in credit.items()}, {str(grade): share for grade, share in doubt.items()}
