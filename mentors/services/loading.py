"""Loading Travelers from content files."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.db import transaction

from accounts.models import AXES, Occupation, Skill
from mentors.models import Traveler, TravelerSkill
from timetravelers.kit.clock import now
from timetravelers.kit.content import ContentError, Document, read_documents
from timetravelers.kit.upserts import Tally, lock_table, upsert


@transaction.atomic
def load_travelers(*, folder: Path) -> Tally:
    """Bring Travelers to what their content files say; a file that changed raises its Traveler's `version`.

    All or nothing; idempotent; one loader at a time (locks the table of Travelers against writers). A file
    that has not changed overrides no edit by staff; Travelers without a file stay. Raises ContentError.
    """
    lock_table(Traveler)
    kept = {row.slug: row for row in Traveler.objects.all()}
    documents = read_documents(folder, "travelers", "traveler")
    changed = [document for document in documents if _is_changed(document, kept)]
    if not changed:
        return Tally(unchanged=len(documents))
    occupations = {row.code: row for row in Occupation.objects.only("code")}
    rows = [_traveler(document, occupations, kept) for document in changed]
    tally = upsert(Traveler.objects.all(), rows, key=["slug"], values=_values())
    _link_skills(changed, {row.slug: row for row in rows})
    return tally + Tally(unchanged=len(documents) - len(changed))


def _is_changed(document: Document, kept: Mapping[str, Traveler]) -> bool:
    slug = _slug(document)
    return slug not in kept or kept[slug].content_hash != document.content_hash


def _slug(document: Document) -> str:
    slug = str(document.data["slug"])
    if Path(document.file).stem != slug:
        raise ContentError(document.file, "/slug", f"the file is not called {slug}.yaml")
    return slug


def _values() -> list[str]:
    """Every column a file may change; the public id, the publish state and the time of making are not among them."""
    fixed = {"id", "uid", "slug", "is_published", "created_at"}
    return [name for field in Traveler._meta.concrete_fields if (name := field.attname) not in fixed]


def _traveler(document: Document, occupations: Mapping[str, Occupation], kept: Mapping[str, Traveler]) -> Traveler:
    data = document.data
    if data["occupation"] not in occupations:
        raise ContentError(document.file, "/occupation", f"{data['occupation']} is not known")
    return Traveler(
        slug=data["slug"],
        version=kept[data["slug"]].version + 1 if data["slug"] in kept else 1,
        content_hash=document.content_hash,
        updated_at=now(),  # a bulk write does not set it
        occupation_id=occupations[data["occupation"]].pk,
        boundaries=[f"{boundary['refuses']} {boundary['refers_to']}" for boundary in data["boundaries"]],
        **{name: data[name] for name in _SAME},
        **{axis: float(data["teaching_style"][axis]) for axis in AXES},
        **_range(document, "pace_hours_per_week", "pace_hours"),
        **_range(document, "horizon_months", "horizon_months"),
        **_range(document, "suits_years_experience", "experience_years"),
    )


_SAME = ("name", "era_years", "specializations", "story", "voice", "greeting", "languages", "capacity")


def _range(document: Document, name: str, column: str) -> dict[str, Any]:
    low, high = document.data[name]["min"], document.data[name]["max"]
    if low > high:
        raise ContentError(document.file, f"/{name}", "min is above max")
    return {f"{column}_min": low, f"{column}_max": high}


def _link_skills(documents: list[Document], travelers: Mapping[str, Traveler]) -> None:
    skills = {row.key: row.pk for row in Skill.objects.only("key")}
    wanted: dict[tuple[str, str], TravelerSkill] = {}
    for document in documents:
        slug = document.data["slug"]
        for index, link in enumerate(document.data["skills"]):
            key = link["skill"]
            if key not in skills or (slug, key) in wanted:
                raise ContentError(document.file, f"/skills/{index}/skill", f"{key} is not known, or there twice")
            wanted[slug, key] = TravelerSkill(traveler_id=travelers[slug].pk, skill_id=skills[key], level=link["level"])
    upsert(
        TravelerSkill.objects.filter(traveler__in=list(travelers.values())),
        wanted.values(),
        key=["traveler_id", "skill_id"],
        values=["level"],
        prune=True,
    )
