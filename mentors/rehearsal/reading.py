"""Reads a briefing back out of the text a task was given; lenient, since real prompts drift."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from mentors import briefing
from mentors.quoting import NOT_SAID
from mentors.rehearsal.exchange import Exchange

HEADING = re.compile(r"#{1,4}[ \t]*(\S.*?)[ \t#]*")
FIELD = re.compile(r"[-*][ \t]*([^:\n]{1,40}):[ \t]*(.*)")
SKILL = re.compile(r"(.*?)\s*(?:\(([^()]*)\))?")
KNOWN_HEADINGS = frozenset(heading.casefold() for heading in briefing.HEADINGS)
NOTHING = {"", NOT_SAID, briefing.NO_MISSION}


@dataclass(frozen=True, slots=True)
class Read:
    """What a briefing told; everything may be absent."""

    name: str | None = None
    era_years: int | None = None
    occupation: str | None = None
    story: str | None = None
    boundaries: str | None = None
    teaching_style: str | None = None
    display_name: str | None = None
    target: str | None = None
    years: float | None = None
    horizon_months: int | None = None
    weekly_hours: float | None = None
    skills: tuple[tuple[str, str], ...] = ()
    missing: tuple[str, ...] = ()
    preferences: tuple[str, ...] = ()
    goal: str | None = None
    mission: str | None = None
    milestone: str | None = None
    earlier: tuple[Exchange, ...] = ()


@dataclass(slots=True)
class _Section:
    fields: dict[str, str] = field(default_factory=dict)
    blocks: list[list[str]] = field(default_factory=list)  # each time it is told; quotation marks and all

    @property
    def lines(self) -> list[str]:
        """All that is told in it, each block once."""
        return [line for place, block in enumerate(self.blocks) if block not in self.blocks[:place] for line in block]

    def text(self) -> str | None:
        """What is told first."""
        texts = ("\n".join(re.sub(r"^>[ \t]?", "", line) for line in block).strip() for block in self.blocks)
        return next((text for text in texts if text not in NOTHING), None)

    def items(self, name: str) -> tuple[str, ...]:
        found = (item.strip() for item in (self.get(name) or "").split(";"))
        return tuple(item for item in found if item)

    def get(self, name: str) -> str | None:
        value = self.fields.get(name.casefold(), "").strip()
        return None if value in NOTHING else value

    def number(self, name: str) -> float | None:
        found = re.search(r"\d{1,6}(?:\.\d{1,3})?", self.get(name) or "")
        return float(found.group()) if found else None

    def whole(self, name: str) -> int | None:
        number = self.number(name)
        return None if number is None else int(number)


def read_briefing(text: str) -> Read:
    """Everything a text tells that is laid out like ours; `earlier` is what was said before, oldest first."""
    sections = _sections(text)
    empty = _Section()
    persona = sections.get(briefing.WHO_YOU_ARE.casefold(), empty)
    person = sections.get(briefing.THE_PERSON.casefold(), empty)
    return Read(
        name=persona.get("Name"),
        era_years=persona.whole("Years ahead"),
        occupation=persona.get("Occupation"),
        story=persona.get("Story"),
        boundaries=persona.get("Boundaries"),
        teaching_style=persona.get("Teaching style"),
        display_name=person.get("Name"),
        target=person.get("Target occupation"),
        years=person.number("Years of experience"),
        horizon_months=person.whole("Goal horizon in months"),
        weekly_hours=person.number("Hours a week"),
        skills=_skills(person.items("Skills")),
        missing=person.items("Skills still missing"),
        preferences=person.items("Learning preferences"),
        goal=sections.get(briefing.GOAL.casefold(), empty).text(),
        mission=sections.get(briefing.MISSION.casefold(), empty).text(),
        milestone=sections.get(briefing.MILESTONE.casefold(), empty).text() or person.get("Milestone"),
        earlier=tuple(_exchanges(sections.get(briefing.SAID_BEFORE.casefold(), empty).lines)),
    )


def divided(parts: Sequence[str]) -> tuple[str, str]:
    """A message's text parts as (instructions, what the person says).

    The words are the last of several parts, or, where there is no section of ours, the whole text. Headings that a
    person writes into a part of their own are words.
    """
    texts = [part for part in parts if part.strip()]
    if not texts:
        return "", ""
    if len(texts) > 1:
        return "\n".join(texts[:-1]), texts[-1]
    return ("", texts[0]) if read_briefing(texts[0]) == Read() else (texts[0], "")


def split_message(parts: Sequence[str]) -> tuple[Read, str]:
    """A message's text parts as (briefing, what the person says)."""
    instructions, words = divided(parts)
    return read_briefing(instructions), words


def _sections(text: str) -> dict[str, _Section]:
    sections: dict[str, _Section] = {}
    current: _Section | None = None
    for line in text.split("\n"):
        heading = HEADING.fullmatch(line)
        if heading and heading.group(1).casefold() in KNOWN_HEADINGS:
            current = sections.setdefault(heading.group(1).casefold(), _Section())
            current.blocks.append([])
        elif current is not None:
            _add_line(current, line)
    return sections


def _add_line(section: _Section, line: str) -> None:
    section.blocks[-1].append(line)
    found = FIELD.fullmatch(line)
    if found:
        section.fields.setdefault(found.group(1).strip().casefold(), found.group(2))


def _exchanges(lines: Sequence[str]) -> Iterator[Exchange]:
    """What a section quotes of earlier turns; a line that was quoted cannot pass for one that says who speaks."""
    said: list[str] = []
    answered: list[str] = []
    into: list[str] | None = None
    for line in lines:
        if line == briefing.THEY_SAID and (said or answered):
            yield Exchange("\n".join(said), "\n".join(answered))
            said, answered = [], []
        if line in (briefing.THEY_SAID, briefing.THEY_WERE_ANSWERED):
            into = said if line == briefing.THEY_SAID else answered
        elif into is not None and line.startswith(">"):
            into.append(line[1:].removeprefix(" "))
    if said or answered:
        yield Exchange("\n".join(said), "\n".join(answered))


def _skills(items: Sequence[str]) -> tuple[tuple[str, str], ...]:
    found = (SKILL.fullmatch(item) for item in items)
    return tuple((match.group(1), match.group(2) or "") for match in found if match and match.group(1))
