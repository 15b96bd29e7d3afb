"""Loading mission templates from content files."""

from collections.abc import Container, Iterator, Mapping
from pathlib import Path

from django.db import transaction

from accounts.models import Field, Skill
from missions.models import MissionTemplate
from timetravelers.kit.content import ContentError, Document, read_documents
from timetravelers.kit.upserts import Tally, lock_table

ANY_FIELD = "any"


@transaction.atomic
def load_missions(*, folder: Path) -> Tally:
    """Bring mission templates to what their content files say; a file that changed makes a new version.

    The version before stays for the missions that were taken on under it, and is offered no more. All or
    nothing; idempotent; one loader at a time (locks the table of templates against writers). Templates
    without a file stay. Raises ContentError.
    """
    lock_table(MissionTemplate)
    current = {row.slug: row for row in MissionTemplate.objects.filter(is_current=True)}
    documents = read_documents(folder, "missions", "mission")
    changed = [document for document in documents if _is_changed(document, current)]
    if not changed:
        return Tally(unchanged=len(documents))
    superseded = [current[slug].pk for document in changed if (slug := document.data["slug"]) in current]
    fields = set(Field.objects.values_list("code", flat=True))
    rows = [_template(document, current, fields) for document in changed]
    MissionTemplate.objects.filter(pk__in=superseded).update(is_current=False)
    MissionTemplate.objects.bulk_create(rows)
    _link_skills(changed, rows)
    return Tally(len(rows) - len(superseded), len(superseded), 0, len(documents) - len(changed))


def _is_changed(document: Document, current: Mapping[str, MissionTemplate]) -> bool:
    slug = document.data["slug"]
    if Path(document.file).stem != slug:
        raise ContentError(document.file, "/slug", f"the file is not called {slug}.yaml")
    return slug not in current or current[slug].content_hash != document.content_hash


def _template(document: Document, current: Mapping[str, MissionTemplate], fields: Container[str]) -> MissionTemplate:
    data, before = document.data, current.get(document.data["slug"])
    return MissionTemplate(
        slug=data["slug"],
        # An author who forgets to raise the number still gets a new version, never an edit of an old one.
        version=max(data["version"], before.version + 1) if before else data["version"],
        content_hash=document.content_hash,
        kind=data["kind"],
        title=data["title"],
        summary=data["summary"],
        field_codes=list(_field_codes(document, fields)),
        minutes=data["minutes"],
        difficulty=data["difficulty"],
        steps=data["steps"],
        evidence_kinds=data["evidence"]["kinds"],
        evidence_prompt=data["evidence"]["prompt"],
        evidence_min_words=data["evidence"]["min_words"],
        reward_points=data["reward_points"],
    )


def _field_codes(document: Document, fields: Container[str]) -> Iterator[str]:
    """The codes, all of them known; none for a mission that suits any field."""
    for index, code in enumerate(document.data["fields"]):
        if code == ANY_FIELD:
            continue
        if code not in fields:
            raise ContentError(document.file, f"/fields/{index}", f"{code} is not known")
        yield code


def _link_skills(documents: list[Document], rows: list[MissionTemplate]) -> None:
    skills = {row.key: row.pk for row in Skill.objects.only("key")}
    through = MissionTemplate.skills.through
    links = []
    for document, row in zip(documents, rows, strict=True):
        for index, key in enumerate(document.data["skills"]):
            if key not in skills:
                raise ContentError(document.file, f"/skills/{index}", f"{key} is not known")
            links.append(through(missiontemplate_id=row.pk, skill_id=skills[key]))
    through.objects.bulk_create(links)
