"""Travelers of one's own, for tests that do not want the starting content."""

from datetime import datetime
from itertools import count
from typing import Any

from accounts.models import User
from mentors.models import ManusAccount, Traveler, TravelerProject, TravelerState
from mentors.profiles import Profile
from mentors.services.versions import Origin, Source, add_version, newest_version, references_of
from tests.factories.accounts import make_occupation, make_skill
from timetravelers.kit.clock import now

_numbers = count(1)

AXES = ("active_reflective", "sensing_intuitive", "visual_verbal", "sequential_global")
RANGES = {
    "pace_hours": "pace_hours_per_week",
    "horizon_months": "horizon_months",
    "experience_years": "suits_years_experience",
    "career_stage": "career_stages",
}
SUITS = {
    "pace_hours_min": 3,
    "pace_hours_max": 8,
    "horizon_months_min": 3,
    "horizon_months_max": 18,
    "experience_years_min": 0,
    "experience_years_max": 8,
    "career_stage_min": "growth",
    "career_stage_max": "establishment",
}


def make_traveler(
    slug: str = "", *, skills: dict[str, int] | None = None, version: int = 1, author: User | None = None, **facts: Any
) -> Traveler:
    """A published Traveler, a data scientist of the middle of everything unless told otherwise.

    It stands at `version`, with as many versions of the same. Facts are named as the Traveler's columns are.
    """
    slug = slug or f"traveler-{next(_numbers)}"
    state = facts.pop("state", TravelerState.PUBLISHED)
    if not facts.pop("is_published", True):
        state = TravelerState.RETIRED
    occupation = facts.pop("occupation", None) or make_occupation()
    for key in skills or {}:
        make_skill(key)
    profile = make_profile_of(slug, occupation.code, skills or {}, **facts)
    traveler = Traveler(slug=slug, state=state)
    for _ in range(version):
        add_version(
            traveler,
            profile,
            references_of([profile]),
            Origin(Source.STAFF if author else Source.CONTENT, author),
            portrait="",
        )
    return Traveler.objects.select_related("occupation__field").get(pk=traveler.pk)


def make_profile_of(slug: str, occupation: str, skills: dict[str, int], **facts: Any) -> Profile:
    """A profile, shorter than a content file's may be."""
    wanted = {**SUITS, **dict.fromkeys(AXES, 0.0), **facts}
    return {
        "slug": slug,
        "name": wanted.get("name", slug.replace("-", " ").title()),
        "era_years": wanted.get("era_years", 10),
        "occupation": occupation,
        "specializations": wanted.get("specializations", ["Forecasting"]),
        "skills": [{"skill": key, "level": level} for key, level in skills.items()],
        "story": wanted.get("story", "I counted pallets at night."),
        "teaching_style": {axis: wanted[axis] for axis in AXES},
        **{name: {end: wanted[f"{column}_{end}"] for end in ("min", "max")} for column, name in RANGES.items()},
        "languages": wanted.get("languages", ["en"]),
        "voice": wanted.get("voice", "Warm and exact."),
        "boundaries": wanted.get("boundaries", [BOUNDARY]),
        "greeting": wanted.get("greeting", "Hello, I am an AI Traveler."),
        "capacity": wanted.get("capacity", 40),
    }


BOUNDARY = {"refuses": "Writes no coursework for you.", "refers_to": "Ask your instructor."}


def make_account(name: str = "main", **facts: Any) -> ManusAccount:
    """An account at Manus whose key opens nothing."""
    return ManusAccount.objects.create(name=name, sealed_key="sealed", **facts)


def make_project(
    traveler: Traveler, account: ManusAccount, *, state: str = "synced", due_at: datetime | None = None, **facts: Any
) -> TravelerProject:
    """A project that holds a Traveler's newest instructions."""
    version = newest_version(traveler)
    number = next(_numbers)
    settled = (
        {} if state != "synced" else {"project_id": f"project-{number}", "synced_at": now(), "last_seen_at": now()}
    )
    defaults = {
        "version_number": version.number,
        "instructions_hash": version.instructions_hash,
        "name": f"TimeTravelers {traveler.slug} {number}",
        "due_at": due_at or now(),
        "state": state,
        **settled,
    }
    return TravelerProject.objects.create(traveler=traveler, account=account, **{**defaults, **facts})
