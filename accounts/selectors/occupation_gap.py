"""How far a person's own skills reach into an occupation, and into those near to it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from accounts.gaps import Gap, Need, SkillGap, gap_of
from accounts.job_zones import Preparation, preparation_for
from accounts.models import Occupation, OccupationSkill, UserSkill
from accounts.selectors.occupation_page import (
    Neighbour,
    Row,
    is_estimated,
    nearest_of,
    neighbours_of,
    occupation_row,
)

MOST_MISSING_BESIDE = 5  # of a neighbour; the rest is a page away
DIGITS = 4


class Held(NamedTuple):
    """What a person has of a skill: the level of the inventory, 1-5, and what stands behind it."""

    level: int
    grade: str


class Asked(NamedTuple):
    """A row of what an occupation asks, with the skill's names."""

    occupation: str
    skill: int
    importance: float
    level: float | None
    key: str
    name: str
    kind: str
    onet_id: str


@dataclass(frozen=True, slots=True)
class OccupationGap:
    """One's own gap to an occupation; `skills` with the heaviest first, `missing` with what would help most first.

    `coverage` is None where nothing is known of what the occupation asks; how it is computed says `accounts.gaps`.
    """

    code: str
    title: str
    retired: bool
    nearest: Row | None
    job_zone: int | None
    preparation: Preparation | None
    figures_estimated: bool
    coverage: float | None
    skills: list[Row]
    missing: list[Row]
    neighbours: list[Row]
    stepping_stones: list[Row]


def occupation_gap(user_id: int, code: str) -> OccupationGap:
    """A person's gap to an occupation and its living neighbours, in four queries; raises NotFound."""
    row = occupation_row(code)
    near = neighbours_of(row)
    asked = _asked([row.code, *(neighbour.code for neighbour in near)])
    held = _inventory(user_id)
    gap = _gap(asked[row.code], held)
    beside = [_neighbour(neighbour, asked[neighbour.code], held) for neighbour in near]
    names = {need.skill: need for need in asked[row.code]}
    return OccupationGap(
        code=row.code,
        title=row.title,
        retired=row.is_retired,
        nearest=nearest_of(row, near),
        job_zone=row.job_zone,
        preparation=preparation_for(row.job_zone),
        figures_estimated=row.figures_estimated,
        coverage=_rounded(gap.coverage),
        skills=[_skill(row, skill, names[skill.need.skill], held) for skill in gap.skills],
        missing=_missing(gap.missing, names),
        neighbours=beside,
        stepping_stones=_stepping_stones(beside),
    )


def _asked(codes: list[str]) -> dict[str, list[Asked]]:
    """What each of the occupations asks, retired skills left out."""
    columns = ("occupation__code", "skill", "importance", "level", "skill__key", "skill__name", "skill__kind")
    links = OccupationSkill.objects.filter(occupation__code__in=codes, skill__retired_at=None).order_by("skill__key")
    found: dict[str, list[Asked]] = {code: [] for code in codes}
    for link in links.values_list(*columns, "skill__onet_id"):
        asked = Asked(*link)
        found[asked.occupation].append(asked)
    return found


def _inventory(user_id: int) -> dict[int, Held]:
    """The taxonomy's skills in the person's list; those in words of their own are asked for nowhere."""
    known = UserSkill.objects.filter(user_id=user_id, skill__isnull=False)
    return {skill: Held(level, grade) for skill, level, grade in known.values_list("skill", "level", "grade")}


def _gap(asked: Iterable[Asked], held: Mapping[int, Held]) -> Gap[int]:
    needs = (Need(need.skill, need.importance, need.level) for need in asked)
    return gap_of(needs, {skill: has.level for skill, has in held.items()})


def _neighbour(neighbour: Neighbour, asked: list[Asked], held: Mapping[int, Held]) -> Row:
    gap = _gap(asked, held)
    names = {need.skill: need for need in asked}
    return {
        "code": neighbour.code,
        "title": neighbour.title,
        "tier": neighbour.tier,
        "job_zone": neighbour.job_zone,
        "stepping_stone": neighbour.stepping_stone,
        "coverage": _rounded(gap.coverage),
        "missing": _missing(gap.missing[:MOST_MISSING_BESIDE], names),
    }


def _skill(row: Occupation, skill: SkillGap[int], named: Asked, held: Mapping[int, Held]) -> Row:
    has = held.get(named.skill)
    return {
        "key": named.key,
        "name": named.name,
        "kind": named.kind,
        "importance": named.importance,
        "level": round(skill.level, DIGITS),
        "level_measured": named.level is not None,
        "estimated": is_estimated(row, named.onet_id),
        "weight": round(skill.weight, DIGITS),
        "held": has and {"level": has.level, "grade": has.grade, "on_scale": round(skill.held, DIGITS)},
        "met": round(skill.met, DIGITS),
        "gain": round(skill.gain, DIGITS),
    }


def _missing(skills: Iterable[SkillGap[int]], names: Mapping[int, Asked]) -> list[Row]:
    return [
        {
            "key": names[skill.need.skill].key,
            "name": names[skill.need.skill].name,
            "levels": round(skill.level - skill.held, DIGITS),
            "gain": round(skill.gain, DIGITS),
        }
        for skill in skills
    ]


def _stepping_stones(beside: list[Row]) -> list[Row]:
    """Neighbours that ask for no more preparation, the best covered first; what is not known comes last."""
    stones = [neighbour for neighbour in beside if neighbour["stepping_stone"]]
    stones.sort(key=lambda stone: -1 if stone["coverage"] is None else stone["coverage"], reverse=True)
    return [{name: stone[name] for name in ("code", "title", "job_zone", "coverage")} for stone in stones]


def _rounded(share: float | None) -> float | None:
    return None if share is None else round(share, DIGITS)
