"""What has to hold within a record once its fields are put together; each field alone was checked at the door."""

from collections.abc import Callable, Mapping
from typing import Any

from accounts.errors import RecordInconsistent
from accounts.models import Education, EvidenceGrade, Experience, Goal, Record, UserSkill
from accounts.spans import latest_day
from timetravelers.kit.errors import FieldError


def settle(record: Record, before: Mapping[str, Any]) -> None:
    """Bring a record to where it agrees with itself; raises RecordInconsistent if it cannot.

    `before` holds what the changed fields were, and is empty for a new record.
    """
    _RULES[type(record)](record, before)


def _settle_goal(goal: Goal, _before: Mapping[str, Any]) -> None:
    if (goal.occupation_id is None) == (goal.field_id is None):
        raise _inconsistent("/occupation", "one_target", "Name an occupation or a field, and not both.")


def _settle_experience(experience: Experience, _before: Mapping[str, Any]) -> None:
    if experience.occupation_id is None and not experience.title:
        raise _inconsistent("/title", "required", "Name an occupation or a title.")
    if experience.started > latest_day():
        raise _inconsistent("/started", "future", "This lies in the future.")
    if experience.ended is None:
        return
    if experience.ended > latest_day():
        raise _inconsistent("/ended", "future", "This lies in the future; leave it out for work that goes on.")
    if experience.ended < experience.started:
        raise _inconsistent("/ended", "before_start", "This is before the start.")


def _settle_education(education: Education, _before: Mapping[str, Any]) -> None:
    start, end = education.start_year, education.end_year
    if start is not None and end is not None and end < start:
        raise _inconsistent("/end_year", "before_start", "This is before the start.")


def _settle_skill(skill: UserSkill, before: Mapping[str, Any]) -> None:
    if (skill.skill_id is None) != bool(skill.name):
        raise _inconsistent("/name", "one_name", "Name a skill by its key or in words of your own, and not both.")
    if "name" in before or skill.level > before.get("level", skill.level):
        # What somebody vouched for was another skill, or less of it.
        skill.grade = EvidenceGrade.CLAIMED


def _inconsistent(pointer: str, code: str, detail: str) -> RecordInconsistent:
    return RecordInconsistent(errors=(FieldError(pointer, code, detail),))


_RULES: dict[type[Record], Callable[[Any, Mapping[str, Any]], None]] = {
    Goal: _settle_goal,
    Experience: _settle_experience,
    Education: _settle_education,
    UserSkill: _settle_skill,
}
