"""An occupation as its page shows it: what it is, what it asks for, how people come to it, and what is near."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, F, IntegerField, Value, When

from accounts.job_zones import Preparation, is_stepping_stone, preparation_for
from accounts.models import (
    AlternateTitle,
    Occupation,
    OccupationInterest,
    OccupationSkill,
    OccupationTask,
    OccupationTechnology,
    OccupationWorkStyle,
    RelatedOccupation,
)
from timetravelers.kit.errors import NotFound

MOST_TASKS = 12
MOST_TECHNOLOGIES = 40

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A living occupation nearby; a stepping stone if it asks for no more preparation."""

    code: str
    title: str
    tier: str
    job_zone: int | None
    stepping_stone: bool


@dataclass(frozen=True, slots=True)
class OccupationPage:
    """Everything on the page; `preparation` is None where there is no job zone, `nearest` unless it is retired."""

    code: str
    title: str
    field: Row
    minor_group: Row
    job_zone: int | None
    description: str
    retired: bool
    nearest: Row | None
    alternate_titles: list[str]
    preparation: Preparation | None
    figures_estimated: bool
    skills: list[Row]
    technologies: list[Row]
    tasks: list[Row]
    interests: list[Row]
    work_styles: list[Row]
    related: list[Neighbour]


def occupation_row(code: str) -> Occupation:
    """One occupation, also a retired one, with field and minor group; raises NotFound."""
    row = Occupation.objects.select_related("field", "minor_group").filter(code=code).first()
    if row is None:
        raise NotFound("There is no such occupation.")
    return row


def occupation_page(code: str) -> OccupationPage:
    """The page of an occupation, also of a retired one, in eight queries; raises NotFound."""
    row = occupation_row(code)
    near = neighbours_of(row)
    return OccupationPage(
        code=row.code,
        title=row.title,
        field={"code": row.field.code, "name": row.field.name},
        minor_group={"code": row.minor_group.code, "name": row.minor_group.name},
        job_zone=row.job_zone,
        description=row.description,
        retired=row.is_retired,
        nearest=nearest_of(row, near),
        alternate_titles=list(AlternateTitle.objects.filter(occupation=row).values_list("title", flat=True)),
        preparation=preparation_for(row.job_zone),
        figures_estimated=row.figures_estimated,
        skills=_skills(row),
        technologies=_technologies(row),
        tasks=_tasks(row),
        interests=_interests(row),
        work_styles=_work_styles(row),
        related=near,
    )


def neighbours_of(row: Occupation) -> list[Neighbour]:
    """The living occupations near to one, the closest first."""
    links = RelatedOccupation.objects.filter(occupation=row, related__retired_at=None)
    columns = ("related__code", "related__title", "tier", "related__job_zone")
    near = links.order_by("rank", "related__code").values_list(*columns)
    return [
        Neighbour(code, title, tier, job_zone, is_stepping_stone(job_zone, row.job_zone))
        for code, title, tier, job_zone in near
    ]


def nearest_of(row: Occupation, near: list[Neighbour]) -> Row | None:
    """Where to look instead of a retired occupation, if a living one is known to be near."""
    if not row.is_retired or not near:
        return None
    return {"code": near[0].code, "title": near[0].title}


def _rows(found: Iterable[Mapping[str, Any]]) -> list[Row]:
    return [dict(row) for row in found]


def is_estimated(row: Occupation, onet_id: str) -> bool:
    """Whether an occupation's figures for a skill are not O*NET's, which rates its own elements, and not everywhere."""
    return row.figures_estimated or not onet_id


def _skills(row: Occupation) -> list[Row]:
    links = OccupationSkill.objects.filter(occupation=row, skill__retired_at=None)
    named = {"key": F("skill__key"), "name": F("skill__name"), "kind": F("skill__kind")}
    found = _rows(links.order_by("-importance", "skill__key").values("importance", "level", "skill__onet_id", **named))
    for link in found:
        link["estimated"] = is_estimated(row, link.pop("skill__onet_id"))
    return found


def _technologies(row: Occupation) -> list[Row]:
    links = OccupationTechnology.objects.filter(occupation=row, skill__retired_at=None)
    named = {"key": F("skill__key"), "name": F("skill__name"), "hot": F("skill__hot")}
    found = links.order_by("-skill__hot", "-in_demand", "skill__name").values("in_demand", **named)
    return _rows(found[:MOST_TECHNOLOGIES])


def _tasks(row: Occupation) -> list[Row]:
    places = [When(kind=kind, then=Value(place)) for place, kind in enumerate(OccupationTask.Kind.values)]
    core_first = Case(*places, default=Value(len(places)), output_field=IntegerField())
    found = OccupationTask.objects.filter(occupation=row).order_by(core_first, "onet_id")
    return _rows(found.values("statement", "kind")[:MOST_TASKS])


def _interests(row: Occupation) -> list[Row]:
    found = OccupationInterest.objects.filter(occupation=row).order_by("-score", "area")
    return _rows(found.values("area", "score", "high_point"))


def _work_styles(row: Occupation) -> list[Row]:
    named = {"name": F("style__name"), "description": F("style__description")}
    found = OccupationWorkStyle.objects.filter(occupation=row).order_by("-importance", "style__name")
    return _rows(found.values("importance", **named))
