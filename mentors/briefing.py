"""What a mentor is briefed on: the headings of every section there is, the person, and what the session is for."""

from __future__ import annotations

from dataclasses import dataclass

from mentors.quoting import NOT_SAID, inline, item, listed, quoted

WHO_YOU_ARE = "Who you are"
HOW_TO_ANSWER = "How to answer"
THE_PERSON = "The person you mentor"
GOAL = "Goal of this session"
WHY_YOU = "Why they were matched with you"
MISSION = "Mission in hand"
MILESTONE = "Milestone in hand"
REMEMBERED = "What you remember of them"
FILES = "Files they gave you"
SUMMARY = "What was said earlier, in short"
LONG_AGO = "What was said long ago"
SAID_BEFORE = "What was said before"
WHAT_THEY_SAY = "What they say now"

HEADINGS = (
    WHO_YOU_ARE, HOW_TO_ANSWER, THE_PERSON, GOAL, WHY_YOU, MISSION, MILESTONE, REMEMBERED, FILES, SUMMARY, LONG_AGO,
    SAID_BEFORE,
)  # fmt: skip
THEY_SAID = "They said:"
THEY_WERE_ANSWERED = "They were answered:"

NO_MISSION = "none"
MOST_SKILLS = 10
MOST_PREFERENCES = 6


@dataclass(frozen=True, slots=True)
class Person:
    """What a mentor needs to know of a person, and nothing else: no protected attribute has a place here.

    `skills` are pairs of name and level; levels are whatever scale the caller uses, written out.
    """

    target_occupation: str | None = None
    years_experience: float | None = None
    goal_horizon_months: int | None = None
    weekly_hours: float | None = None
    skills: tuple[tuple[str, str], ...] = ()
    missing_skills: tuple[str, ...] = ()
    learning_preferences: tuple[str, ...] = ()
    display_name: str | None = None


def told_person(person: Person) -> str:
    """The person, a line a fact. Whatever the texts hold, no line begins with '#'; each of them is clipped."""
    return "\n".join(_person_lines(person)) + "\n"


def told_goal(goal: str) -> str:
    """What the session is for, in the person's words; the same holds."""
    return "\n".join(quoted(goal, 200) or [NOT_SAID]) + "\n"


def told_mission(mission: str) -> str:
    """What the person is working on; the same holds."""
    return "\n".join(quoted(mission, 250) or [NO_MISSION]) + "\n"


def _person_lines(person: Person) -> list[str]:
    skills = (f"{item(name, 12)} ({item(level, 4)})" for name, level in person.skills[:MOST_SKILLS])
    missing = (item(name, 12) for name in person.missing_skills[:MOST_SKILLS])
    preferences = (item(one, 12) for one in person.learning_preferences[:MOST_PREFERENCES])
    return [
        f"- Name: {inline(person.display_name or '', 20)}",
        f"- Target occupation: {inline(person.target_occupation or '', 30)}",
        f"- Years of experience: {_figure(person.years_experience)}",
        f"- Goal horizon in months: {_figure(person.goal_horizon_months)}",
        f"- Hours a week: {_figure(person.weekly_hours)}",
        f"- Skills: {listed(skills)}",
        f"- Skills still missing: {listed(missing)}",
        f"- Learning preferences: {listed(preferences)}",
    ]


def _figure(value: float | None) -> str:
    return NOT_SAID if value is None else f"{value:g}"
