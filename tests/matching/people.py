"""People and Travelers that TELL has something to say about."""

from typing import Any

from accounts.models import OccupationSkill, RelatedOccupation, User
from matching.models import Algorithm
from matching.services.previewing import preview_weights
from matching.services.weights import draft_weights, publish_weights
from mentors.models import Traveler
from tests.factories.accounts import give_skill, make_occupation, make_profile, make_skill, make_user
from tests.factories.mentors import make_traveler


def make_dana(email: str = "", **facts: Any) -> User:
    """Aims for data science, knows some Python, has told everything."""
    data, statistics = make_occupation(), make_occupation("15-2041.00", "Statisticians")
    RelatedOccupation.objects.get_or_create(occupation=data, related=statistics, tier="primary-short")
    for key, importance in (("python", 5), ("statistics", 4)):
        wanted = {"importance": importance, "level": 7}
        OccupationSkill.objects.get_or_create(occupation=data, skill=make_skill(key), defaults=wanted)
    user = make_user(email)
    told = {"years_experience": 3, "goal_horizon_months": 12, "weekly_hours": 5}
    style = dict.fromkeys(("active_reflective", "sensing_intuitive", "visual_verbal", "sequential_global"), 0)
    make_profile(user, **{"target_occupation": data, **told, **style, **facts})
    give_skill(user, "python", 3)
    return user


def make_three() -> list[Traveler]:
    """A data scientist, a statistician and a nurse; in the order in which they suit Dana."""
    return [
        make_traveler("ada", skills={"python": 5, "statistics": 5}),
        make_traveler("bo", occupation=make_occupation("15-2041.00", "Statisticians")),
        make_traveler("cy", occupation=make_occupation("29-1141.00", "Registered Nurses")),
    ]


def make_staff() -> User:
    """Somebody who may do everything with weights."""
    return make_user(is_superuser=True, is_staff=True, role="admin")


def draft_letters(staff: User, **points: float) -> Algorithm:
    """A draft with these points by letter, otherwise as usual."""
    return draft_weights(actor=staff, weights={"letters": points})


def publish_letters(staff: User, **points: float) -> Algorithm:
    """The same, looked at and live."""
    draft = draft_letters(staff, **points)
    preview_weights(actor=staff, algorithm=draft.uid)
    return publish_weights(actor=staff, algorithm=draft.uid)
