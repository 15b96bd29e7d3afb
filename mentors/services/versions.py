"""Versions of Travelers: the one way in which a profile is written, whoever it comes from."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction

from accounts.models import AXES, Occupation, Skill, User
from mentors.events import TravelerEdited, TravelerVersionPublished
from mentors.models import Traveler, TravelerSkill, TravelerVersion
from mentors.personas import character_of, compile_instructions, instructions_hash
from mentors.profiles import Problem, Profile, problems_of
from timetravelers.kit.clock import now
from timetravelers.kit.content import schema_problems
from timetravelers.kit.events import publish
from timetravelers.kit.upserts import lock_table, upsert

Source = TravelerVersion.Source

# Columns of a Traveler that hold values of its profile, each under its own name.
_SAME = ("name", "era_years", "specializations", "story", "voice", "greeting", "boundaries", "languages", "capacity")
_RANGES = {
    "pace_hours": "pace_hours_per_week",
    "horizon_months": "horizon_months",
    "experience_years": "suits_years_experience",
    "career_stage": "career_stages",
}


@dataclass(frozen=True, slots=True)
class References:
    """What profiles refer to: occupations by code, skills by key."""

    occupations: Mapping[str, Occupation]
    skills: Mapping[str, Skill]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a version comes from, and what it was made for."""

    source: TravelerVersion.Source
    author: User | None = None
    note: str = ""


def lock_travelers() -> None:
    """Let one transaction at a time write Travelers: editors, loaders and those who show and hide them."""
    lock_table(Traveler)


def references_of(profiles: Iterable[Profile]) -> References:
    """The occupations and skills that profiles name, as far as there are such, in two queries."""
    kept = list(profiles)
    codes = {profile["occupation"] for profile in kept}
    keys = {link["skill"] for profile in kept for link in profile["skills"]}
    return References(
        occupations={row.code: row for row in Occupation.objects.filter(code__in=codes).only("code", "title")},
        skills={row.key: row for row in Skill.objects.filter(key__in=keys).only("key", "name")},
    )


def find_problems(profile: Profile) -> list[Problem]:
    """All that is wrong with a profile, whoever wrote it: by the schema of content files first, then by itself."""
    found = schema_problems(profile, settings.CONTENT_DIR, "traveler")
    if found:
        return [Problem(place, text) for place, text in found]
    references = references_of([profile])
    return problems_of(profile, occupations=references.occupations, skills=references.skills)


def instructions_for(profile: Profile, references: References) -> str:
    """What the provider would be told of a valid profile."""
    names = {key: row.name for key, row in references.skills.items()}
    occupation = references.occupations[profile["occupation"]].title
    return compile_instructions(character_of(profile, occupation=occupation, skills=names))


@transaction.atomic
def add_version(
    traveler: Traveler, profile: Profile, references: References, origin: Origin, *, portrait: str
) -> TravelerVersion:
    """Make a valid profile the newest version of a Traveler, which may be new itself.

    Needs `lock_travelers`. Writes the version, the Traveler's columns and its skills. Publishes TravelerEdited,
    and TravelerVersionPublished for one that people may meet.
    """
    traveler.version = traveler.version + 1 if traveler.pk else 1
    traveler.portrait = portrait
    for column, value in _columns(profile, references).items():
        setattr(traveler, column, value)
    traveler.save()
    _link_skills(traveler, profile, references)
    version = _record(traveler, profile, references, origin)
    publish(TravelerEdited(traveler.uid, version.number, origin.source))
    if traveler.is_published:
        publish(TravelerVersionPublished(traveler.uid, version.number))
    return version


def _record(traveler: Traveler, profile: Profile, references: References, origin: Origin) -> TravelerVersion:
    instructions = instructions_for(profile, references)
    return TravelerVersion.objects.create(
        traveler=traveler,
        number=traveler.version,
        profile=profile,
        portrait=traveler.portrait,
        occupation_title=references.occupations[profile["occupation"]].title,
        instructions=instructions,
        instructions_hash=instructions_hash(instructions),
        source=origin.source,
        author=origin.author,
        note=origin.note,
    )


def _columns(profile: Profile, references: References) -> dict[str, Any]:
    return {
        "occupation_id": references.occupations[profile["occupation"]].pk,
        "updated_at": now(),
        **{name: profile[name] for name in _SAME},
        **{axis: float(profile["teaching_style"][axis]) for axis in AXES},
        **{f"{column}_{end}": profile[name][end] for column, name in _RANGES.items() for end in ("min", "max")},
    }


def _link_skills(traveler: Traveler, profile: Profile, references: References) -> None:
    wanted = [
        TravelerSkill(traveler=traveler, skill=references.skills[link["skill"]], level=link["level"])
        for link in profile["skills"]
    ]
    key = ["traveler_id", "skill_id"]
    upsert(TravelerSkill.objects.filter(traveler=traveler), wanted, key=key, values=["level"], prune=True)


def newest_version(traveler: Traveler) -> TravelerVersion:
    """The version that a Traveler stands at."""
    return TravelerVersion.objects.get(traveler=traveler, number=traveler.version)
