"""The briefing that opens a conversation: the Traveler, the person, and what the session is for."""

from __future__ import annotations

from dataclasses import dataclass

from mentors.quoting import NOT_SAID, inline, item, listed, quoted

WHO_YOU_ARE = "Who you are"
HOW_TO_ANSWER = "How to answer"
THE_PERSON = "The person you mentor"
GOAL = "Goal of this session"
MISSION = "Mission in hand"
SAID_BEFORE = "What was said before"
WHAT_THEY_SAY = "What they say now"

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


def compose_briefing(instructions: str, person: Person, goal: str, mission: str | None) -> str:
    """The briefing as Markdown sections, in a fixed order: the Traveler's instructions, then what is new.

    `instructions` are those of the session's TravelerVersion, or empty where a project already holds them.
    Guarantees: outside of the instructions a line begins with '#' only where a section of ours begins, whatever
    the given texts hold; the result stays well inside the token limit of one message (each text is clipped),
    so that words have room.
    """
    sections = (
        (THE_PERSON, _person_lines(person)),
        (GOAL, quoted(goal, 200) or [NOT_SAID]),
        (MISSION, quoted(mission or "", 250) or [NO_MISSION]),
    )
    own = "\n\n".join("\n".join((f"# {heading}", *lines)) for heading, lines in sections) + "\n"
    return f"{instructions}\n{own}" if instructions else own


def compose_opening(briefing: str, words: str) -> str:
    """The whole first message: a briefing and, quoted below it, what the person says."""
    return "\n".join((briefing, f"# {WHAT_THEY_SAY}", *quoted(words, None))) + "\n"


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
