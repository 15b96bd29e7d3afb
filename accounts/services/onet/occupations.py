"""Merging what a release says of occupations: themselves, their titles, neighbours and tasks."""

from collections.abc import Mapping

from django.db.models import QuerySet

from accounts.models import AlternateTitle, Field, Occupation, OccupationTask, RelatedOccupation, Source
from accounts.services.onet.reading import Line
from accounts.services.onet.release import Fact, Release
from accounts.services.onet.report import Diff
from timetravelers.kit.clock import now
from timetravelers.kit.upserts import upsert

Ids = Mapping[str, int]  # primary keys by code

# O*NET has one field beyond the civilian ones of our content.
MILITARY = "55-0000"


def merge_occupations(release: Release) -> Diff:
    """Bring occupations to what the release says, by code; those that came from O*NET and are gone are retired.

    An occupation without a job zone in the release keeps the one it has.
    """
    facts = list(release.occupations())
    fields = _fields(facts)
    zones = {**dict(Occupation.objects.values_list("code", "job_zone")), **release.job_zones()}
    wanted = [
        Occupation(
            code=code,
            title=title,
            description=description,
            field_id=fields[code],
            job_zone=zones.get(code),
            source=Source.ONET,
        )
        for code, title, description, _ in facts
    ]
    values = ["title", "description", "field_id", "job_zone", "source", "retired_at"]
    tally = upsert(Occupation.objects.all(), wanted, key=["code"], values=values)
    gone = Occupation.objects.live().filter(source=Source.ONET).exclude(code__in=release.codes)
    return Diff.of(tally, retired=gone.update(retired_at=now()))


def _fields(facts: list[Fact]) -> dict[str, int]:
    """The primary key of the field of each occupation, by the occupation's code."""
    if any(code.startswith(MILITARY[:2]) for code, *_ in facts):
        description = "People who serve in the armed forces, in duties that civilian life does not know."
        Field.objects.get_or_create(code=MILITARY, defaults={"name": "Military Specific", "description": description})
    known = dict(Field.objects.values_list("code", "pk"))
    return {code: _field(known, f"{code[:2]}-0000", line) for code, _, _, line in facts}


def _field(known: Mapping[str, int], field: str, line: Line) -> int:
    if field not in known:
        raise line.error(f"there is no field {field}; load the starting content first")
    return known[field]


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
