"""Loading the career taxonomy from content files."""

from collections.abc import Iterator, Mapping, Set
from pathlib import Path
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import Q

from accounts.classification import group_code
from accounts.models import (
    AlternateTitle,
    Field,
    MinorGroup,
    Occupation,
    OccupationSkill,
    RelatedOccupation,
    Skill,
    Source,
)
from accounts.services.search_terms import refresh_search_terms
from timetravelers.kit.content import ContentError, Document, read_document, read_documents
from timetravelers.kit.upserts import Tally, lock_table, upsert

T = TypeVar("T")
Entries = list[tuple[str, dict[str, Any]]]  # the place in words, and the entry


@transaction.atomic
def load_taxonomy(*, folder: Path) -> Tally:
    """Bring fields with their groups, skills, occupations and the links between them to what the content folder says.

    All or nothing; idempotent; one loader at a time (locks the table of fields against writers). Links of
    the occupations in the files become exactly what the files say; rows that the files do not mention stay,
    since people refer to them. What a release of O*NET has said of an occupation stays as well: of such ones
    only our own alternate titles and the links to our own skills are loaded. Raises ContentError naming file
    and place.
    """
    lock_table(Field)
    document = read_document(folder, "taxonomy/fields.yaml", "fields")
    fields, fields_tally = _load_fields(document)
    groups, groups_tally = _load_groups(document, fields)
    skills, skills_tally = _load_skills(read_document(folder, "taxonomy/skills.yaml", "skills"))
    documents = read_documents(folder, "taxonomy/occupations", "occupations")
    entries = [entry for document in documents for entry in _entries(document, "occupations")]
    _refuse_repeats(entries, "code")
    imported = set(Occupation.objects.filter(source=Source.ONET).values_list("code", flat=True))
    occupations, occupations_tally = _load_occupations(entries, fields, groups, imported)
    titles = _load_titles(entries, occupations)
    links = _link_skills(entries, occupations, skills, imported) + _link_neighbours(entries, occupations, imported)
    written = fields_tally + groups_tally + skills_tally + occupations_tally + titles + links
    return written + refresh_search_terms()


def _entries(document: Document, name: str) -> Entries:
    return [(f"{document.file}|/{name}/{index}", entry) for index, entry in enumerate(document.data[name])]


def _refuse_repeats(entries: Entries, name: str) -> None:
    seen: set[str] = set()
    for place, entry in entries:
        if entry[name] in seen:
            raise _error(f"{place}/{name}", f"{entry[name]} is there twice")
        seen.add(entry[name])


def _error(place: str, problem: str) -> ContentError:
    file, _, pointer = place.partition("|")
    return ContentError(file, pointer, problem)


def _known(rows: Mapping[str, T], name: str, place: str) -> T:
    if name not in rows:
        raise _error(place, f"{name} is not known")
    return rows[name]


def _load_fields(document: Document) -> tuple[dict[str, Field], Tally]:
    entries = _entries(document, "fields")
    _refuse_repeats(entries, "code")
    rows = {
        entry["code"]: Field(code=entry["code"], name=entry["name"], description=entry["summary"])
        for _, entry in entries
    }
    tally = upsert(Field.objects.all(), rows.values(), key=["code"], values=["name", "description"])
    return rows, tally


def _load_groups(document: Document, fields: Mapping[str, Field]) -> tuple[dict[str, MinorGroup], Tally]:
    entries = [
        (f"{place}/groups/{index}", {"field": field["code"], **group})
        for place, field in _entries(document, "fields")
        for index, group in enumerate(field["groups"])
    ]
    _refuse_repeats(entries, "code")
    rows = {}
    for place, entry in entries:
        if entry["code"][:2] != entry["field"][:2]:
            raise _error(f"{place}/code", f"{entry['code']} is not in {entry['field']}")
        rows[entry["code"]] = MinorGroup(code=entry["code"], name=entry["name"], field_id=fields[entry["field"]].pk)
    return rows, upsert(MinorGroup.objects.all(), rows.values(), key=["code"], values=["name", "field_id"])


def _load_skills(document: Document) -> tuple[dict[str, Skill], Tally]:
    entries = _entries(document, "skills")
    _refuse_repeats(entries, "key")
    rows = {entry["key"]: _skill(entry) for _, entry in entries}
    values = ["name", "kind", "onet_id", "description", "aliases", "source", "retired_at"]
    return rows, upsert(Skill.objects.all(), rows.values(), key=["key"], values=values)


def _skill(entry: dict[str, Any]) -> Skill:
    return Skill(
        key=entry["key"],
        name=entry["name"],
        kind=entry["kind"],
        onet_id=entry.get("onet_id", ""),
        description=entry.get("description", ""),
        aliases=entry.get("aliases", []),
    )


def _load_occupations(
    entries: Entries, fields: Mapping[str, Field], groups: Mapping[str, MinorGroup], imported: Set[str]
) -> tuple[dict[str, Occupation], Tally]:
    rows = {
        entry["code"]: Occupation(
            code=entry["code"],
            title=entry["title"],
            field_id=(field := _known(fields, entry["field"], f"{place}/field")).pk,
            minor_group_id=_group_of(groups, field, entry["code"], place).pk,
            description=entry["description"],
            job_zone=entry["job_zone"],
            figures_estimated="figures" in entry,
        )
        for place, entry in entries
    }
    own = [row for row in rows.values() if row.code not in imported]
    values = ["title", "field_id", "minor_group_id", "description", "job_zone", "figures_estimated"]
    tally = upsert(Occupation.objects.filter(source=Source.STARTER), own, key=["code"], values=values)
    return {**rows, **{row.code: row for row in Occupation.objects.filter(code__in=imported & rows.keys())}}, tally


def _group_of(groups: Mapping[str, MinorGroup], field: Field, occupation: str, place: str) -> MinorGroup:
    code = group_code(occupation, groups)
    if code is None:
        raise _error(f"{place}/code", f"no field has a minor group for {occupation}")
    if groups[code].field_id != field.pk:
        raise _error(f"{place}/field", f"{occupation} is not in {field.code}")
    return groups[code]


def _load_titles(entries: Entries, occupations: Mapping[str, Occupation]) -> Tally:
    present = AlternateTitle.objects.filter(occupation__code__in=occupations)
    theirs = set(present.filter(source=Source.ONET).values_list("occupation", "title"))
    wanted = [
        AlternateTitle(occupation_id=occupations[entry["code"]].pk, title=title)
        for _, entry in entries
        for title in entry["alternate_titles"]
        if (occupations[entry["code"]].pk, title) not in theirs
    ]
    own = present.filter(source=Source.STARTER)
    return upsert(own, wanted, key=["occupation_id", "title"], values=[], prune=True)


def _link_skills(
    entries: Entries, occupations: Mapping[str, Occupation], skills: Mapping[str, Skill], imported: Set[str]
) -> Tally:
    wanted = [
        OccupationSkill(
            occupation_id=occupations[entry["code"]].pk,
            skill_id=skill.pk,
            importance=float(link["importance"]),
            level=None if link.get("level") is None else float(link["level"]),
        )
        for place, entry in entries
        for at, link in _links(place, entry, "skills", "skill")
        if not ((skill := _known(skills, link["skill"], f"{at}/skill")).onet_id and entry["code"] in imported)
    ]
    theirs = ~Q(skill__onet_id="") & Q(occupation__source=Source.ONET)
    return upsert(
        OccupationSkill.objects.filter(~theirs, occupation__code__in=occupations),
        wanted,
        key=["occupation_id", "skill_id"],
        values=["importance", "level"],
        prune=True,
    )


def _link_neighbours(entries: Entries, occupations: Mapping[str, Occupation], imported: Set[str]) -> Tally:
    wanted = [
        RelatedOccupation(
            occupation_id=occupations[entry["code"]].pk,
            related_id=_known(occupations, link["code"], f"{at}/code").pk,
            tier=link["tier"],
            rank=rank,
        )
        for place, entry in entries
        for rank, (at, link) in enumerate(_links(place, entry, "related", "code"), start=1)
        if entry["code"] not in imported
    ]
    return upsert(
        RelatedOccupation.objects.filter(occupation__code__in=occupations.keys() - imported),
        wanted,
        key=["occupation_id", "related_id"],
        values=["tier", "rank"],
        prune=True,
    )


def _links(place: str, entry: dict[str, Any], name: str, key: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """The links of an occupation with their places; refuses two to the same thing, or one to itself."""
    seen = {entry["code"]}
    for index, link in enumerate(entry[name]):
        at = f"{place}/{name}/{index}"
        if link[key] in seen:
            raise _error(f"{at}/{key}", f"{link[key]} is linked twice, or is the occupation itself")
        seen.add(link[key])
        yield at, link
