"""Travelers of one's own, for tests that do not want the starting content."""

from itertools import count
from typing import Any

from mentors.models import Traveler, TravelerSkill
from tests.factories.accounts import make_occupation, make_skill

_numbers = count(1)


def make_traveler(slug: str = "", *, skills: dict[str, int] | None = None, **facts: Any) -> Traveler:
    """A published Traveler, a data scientist of the middle of everything unless told otherwise."""
    slug = slug or f"traveler-{next(_numbers)}"
    defaults = {
        "name": slug.replace("-", " ").title(),
        "era_years": 10,
        "story": "I counted pallets at night.",
        "voice": "Warm and exact.",
        "greeting": "Hello, I am an AI Traveler.",
        "boundaries": ["Writes no coursework for you: ask your instructor."],
        "specializations": ["Forecasting"],
        "languages": ["en"],
        "capacity": 40,
        "pace_hours_min": 3,
        "pace_hours_max": 8,
        "horizon_months_min": 3,
        "horizon_months_max": 18,
        "experience_years_min": 0,
        "experience_years_max": 8,
        "active_reflective": 0.0,
        "sensing_intuitive": 0.0,
        "visual_verbal": 0.0,
        "sequential_global": 0.0,
    }
    occupation = facts.pop("occupation", None) or make_occupation()
    traveler = Traveler.objects.create(slug=slug, occupation=occupation, **{**defaults, **facts})
    for key, level in (skills or {}).items():
        TravelerSkill.objects.create(traveler=traveler, skill=make_skill(key), level=level)
    return traveler
