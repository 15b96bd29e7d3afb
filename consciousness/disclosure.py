"""What the AI provider is told of a person: career facts out of the catalogue, and what the person says here.

All of it is read through a Telling, so that a column which may not leave, or a consent which is not live, is
left out by itself. Neither name nor address nor any protected attribute has a place here.
"""

from collections.abc import Mapping
from functools import partial
from typing import Any
from uuid import UUID

from accounts.models import AXES, Experience, OccupationSkill, Profile, UserSkill
from accounts.selectors import consented_purposes, years_of_experience
from consciousness.models import Extract, File, Memory, Message, Session, SummaryLine
from mentors.briefing import Person
from mentors.crisis import hears_crisis
from missions.models import Mission
from missions.selectors import missions_in_hand
from timetravelers.kit.disclosure import Telling, discloses

TARGET = ("target_occupation", "target_occupation__title")
FACTS = ("goal_horizon_months", "weekly_hours")
PROFILE = discloses(Profile, *TARGET, *FACTS, *AXES)
STATED_YEARS = discloses(Profile, "years_experience")
WORKED_YEARS = discloses(Experience, "started", "ended", worked_out=True)
SKILLS = discloses(UserSkill, "skill__name", "level")
GOAL = discloses(Session, "goal")
MISSION = discloses(Mission, "template__title")
WORDS = discloses(Message, "text")
MATCH = discloses(Session, "match")
MEMORIES = discloses(Memory, "kind", "text")
SUMMARIES = discloses(SummaryLine, "text")
FILE_NAMES = discloses(File, "name")
FILE_TEXTS = discloses(Extract, "text")

IMPORTANT = 3.0  # on O*NET's scale of 1 to 5
MOST_GAPS = 5
MOST_MISSIONS = 3
LEVELS = {1: "beginning", 2: "basic", 3: "solid", 4: "strong", 5: "teaches others"}
POLES = {
    "active_reflective": ("learns by doing", "learns by thinking it through"),
    "sensing_intuitive": ("likes facts and examples", "likes ideas and patterns"),
    "visual_verbal": ("likes pictures", "likes words"),
    "sequential_global": ("likes step by step", "likes the whole first"),
}
CLEAR_PREFERENCE = 0.2
NOT_SAID = "not said"


def telling_about(user_id: int) -> Telling:
    """A message to the AI provider about this person, under the consents that are live now."""
    return Telling(consented_purposes(user_id))


def person_told(user_id: int, telling: Telling) -> Person:
    """The person, as far as the telling goes."""
    rows = telling.read(PROFILE, Profile.objects.filter(user_id=user_id))
    profile = rows[0] if rows else dict.fromkeys(PROFILE.columns)
    known = _skills(user_id, telling)
    return Person(
        target_occupation=profile["target_occupation__title"],
        years_experience=telling.take(partial(years_of_experience, user_id), WORKED_YEARS, STATED_YEARS),
        goal_horizon_months=profile["goal_horizon_months"],
        weekly_hours=profile["weekly_hours"],
        skills=tuple(known.items()),
        missing_skills=_gaps(profile["target_occupation"], set(known)),
        learning_preferences=_preferences(profile),
    )


def goal_told(session: Session, telling: Telling) -> str:
    """What the session is for, in the person's words; empty if it may not leave."""
    return telling.take(lambda: "" if hears_crisis(session.goal) else session.goal, GOAL) or ""


def missions_told(user_id: int, telling: Telling) -> list[tuple[UUID, str]]:
    """The missions in hand by public id and title, the newest first, if they may leave."""
    return telling.take(partial(missions_in_hand, user_id, MOST_MISSIONS), MISSION) or []


def _preferences(values: Mapping[str, Any]) -> tuple[str, ...]:
    """In words, for the axes on which there is a clear preference."""
    return tuple(
        POLES[axis][values[axis] > 0]
        for axis in AXES
        if values[axis] is not None and abs(values[axis]) >= CLEAR_PREFERENCE
    )


def _skills(user_id: int, telling: Telling) -> dict[str, str]:
    # Skills in people's own words stay here: they may say anything about anybody.
    rows = UserSkill.objects.filter(user_id=user_id, skill__isnull=False).order_by("-level", "skill__name")
    told = telling.read(SKILLS, rows)
    return {row["skill__name"]: LEVELS.get(row["level"], NOT_SAID) for row in told if row["skill__name"] is not None}


def _gaps(occupation: int | None, known: set[str]) -> tuple[str, ...]:
    """The skills that the target occupation asks for most and the person did not name."""
    if occupation is None:
        return ()
    wanted = OccupationSkill.objects.filter(occupation=occupation, importance__gte=IMPORTANT).order_by(
        "-importance", "skill__name"
    )
    names = wanted.values_list("skill__name", flat=True)
    return tuple(name for name in names if name not in known)[:MOST_GAPS]
