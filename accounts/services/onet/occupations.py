"""Merging what a release says of occupations: themselves, their titles, neighbours and tasks."""

from collections.abc import Mapping

from django.db.models import QuerySet

from accounts.classification import field_code, group_code
from accounts.models import (
    AlternateTitle,
    Field,
    MinorGroup,
    Occupation,
    OccupationTask,
    RelatedOccupation,
    Source,
)
from accounts.services.onet.reading import Line
from accounts.services.onet.release import Fact, Release
from accounts.services.onet.report import Diff
from timetravelers.kit.clock import now
from timetravelers.kit.upserts import upsert

Ids = Mapping[str, int]  # primary keys by code

# O*NET has one field beyond the civilian ones of our content.
MILITARY = "55-0000"
MILITARY_GROUPS = {
    "55-1000": "Officers and Tactical Operations Leaders",
    "55-2000": "First-Line Enlisted Supervisors",
    "55-3000": "Enlisted Tactical Operations and Crew",
}


def merge_occupations(release: Release) -> Diff:
    """Bring occupations to what the release says, by code; those that came from O*NET and are gone are retired.

    An occupation without a job zone in the release keeps the one it has.
    """
    facts = list(release.occupations())
    _make_military(facts)
    fields, groups = _fields(facts), _groups(facts)
    zones = {**dict(Occupation.objects.values_list("code", "job_zone")), **release.job_zones()}
    wanted = [
        Occupation(
            code=code,
            title=title,
            description=description,
            field_id=fields[code],
            minor_group_id=groups[code],
            job_zone=zones.get(code),
            source=Source.ONET,
        )
        for code, title, description, _ in facts
    ]
    values = ["title", "description", "field_id", "minor_group_id", "job_zone", "source", "retired_at"]
    tally = upsert(Occupation.objects.all(), wanted, key=["code"], values=values)
    gone = Occupation.objects.live().filter(source=Source.ONET).exclude(code__in=release.codes)
    return Diff.of(tally, retired=gone.update(retired_at=now()))


def _make_military(facts: list[Fact]) -> None:
    if not any(field_code(code) == MILITARY for code, *_ in facts):
        return
    description = "People who serve in the armed forces, in duties that civilian life does not know."
    named = {"name": "Military Specific", "description": description}
    field, _ = Field.objects.get_or_create(code=MILITARY, defaults=named)
    for code, name in MILITARY_GROUPS.items():
        MinorGroup.objects.get_or_create(code=code, defaults={"name": name, "field": field})


def _fields(facts: list[Fact]) -> dict[str, int]:
    """The primary key of the field of each occupation, by the occupation's code."""
    known = dict(Field.objects.values_list("code", "pk"))
    return {code: _field(known, field_code(code), line) for code, _, _, line in facts}


def _field(known: Mapping[str, int], field: str, line: Line) -> int:
    if field not in known:
        raise line.error(f"there is no field {field}; load the starting content first")
    return known[field]


def _groups(facts: list[Fact]) -> dict[str, int]:
    """The primary key of the minor group of each occupation, by the occupation's code."""
    known = dict(MinorGroup.objects.values_list("code", "pk"))
    return {code: known[_group(known, code, line)] for code, _, _, line in facts}


def _group(known: Mapping[str, int], occupation: str, line: Line) -> str:
    group = group_code(occupation, known)
    if group is None:
        raise line.error(f"no field has a minor group for {occupation}; load the starting content first, or add it")
    return group


def ids_of(release: Release) -> dict[str, int]:
    """The primary keys of the release's occupations, by code."""
    return dict(Occupation.objects.filter(code__in=release.codes).values_list("code", "pk"))


def merge_titles(release: Release, ids: Ids) -> Diff:
    """Make the alternate titles that came from O*NET those of the release; our own stay, and are not doubled."""
    present = AlternateTitle.objects.filter(occupation__in=ids.values())
    own = set(present.filter(source=Source.STARTER).values_list("occupation", "title"))
    wanted = (
        AlternateTitle(occupation_id=ids[code], title=title, source=Source.ONET)
        for code, title in release.titles()
        if (ids[code], title) not in own
    )
    theirs = present.filter(source=Source.ONET)
    return Diff.of(upsert(theirs, wanted, key=["occupation_id", "title"], values=[], prune=True))


def merge_neighbours(release: Release, ids: Ids) -> Diff:
    """Make the neighbours of every occupation that has some in the release exactly those."""
    wanted = [
        RelatedOccupation(occupation_id=ids[code], related_id=ids[related], tier=tier, rank=rank)
        for code, related, tier, rank in release.neighbours()
    ]
    present = RelatedOccupation.objects.filter(occupation__in={row.occupation_id for row in wanted})
    key, values = ["occupation_id", "related_id"], ["tier", "rank"]
    return Diff.of(upsert(present, wanted, key=key, values=values, prune=True))


def merge_tasks(release: Release, ids: Ids) -> Diff:
    """Make the tasks of the release's occupations exactly those of the release."""
    wanted = (
        OccupationTask(occupation_id=ids[task.code], onet_id=task.onet_id, statement=task.statement, kind=task.kind)
        for task in release.tasks()
    )
    values = ["occupation_id", "statement", "kind"]
    return Diff.of(upsert(_tasks(ids), wanted, key=["onet_id"], values=values, prune=True))


def _tasks(ids: Ids) -> "QuerySet[OccupationTask]":
    """All but those of occupations that are retired, which keep theirs."""
    return OccupationTask.objects.filter(occupation__in=ids.values())
