"""A transcript to take along, as Markdown or JSON, a line at a time; whatever was said stays text in both."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import orjson

DISCLOSURE = "The Traveler in this session is an AI mentor: its replies were written by a machine, and may be wrong."
_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """What stands above a transcript."""

    uid: str
    title: str
    goal: str
    traveler: str
    occupation: str
    state: str
    opened_at: datetime | None
    ended_at: datetime | None
    zone: ZoneInfo


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Something said; turns are counted from 1, and `after` is the turn that was answered to (0: the beginning)."""

    uid: str
    turn: int
    after: int
    on_branch: bool
    author: str
    text: str
    engine: str
    simulated: bool
    stand_in: bool
    superseded: bool
    created_at: datetime


def plain(text: str) -> str:
    """Text as Markdown that shows just this text: no mark-up, no links, no HTML, no code."""
    lines = [_plain_line(line) for line in text.replace("\r", "\n").split("\n")]
    pairs = zip(lines, [*lines[1:], ""], strict=True)
    # A backslash at the end of a line keeps the line break.
    return "\n".join(line + "\\" if line and following else line for line, following in pairs)


def _plain_line(line: str) -> str:
    words = line.lstrip()
    indent = "&nbsp;" * (len(line) - len(words)) if words else ""
    return indent + _PUNCTUATION.sub(r"\\\1", words.rstrip())


def markdown(heading: Heading, lines: Iterable[Line], *, tree: bool) -> Iterator[str]:
    """The transcript as Markdown; with `tree` each heading says where in the tree of turns it belongs."""
    yield f"# {plain(_one_line(heading.title or f'Session with {heading.traveler}'))}\n\n"
    yield f"- With: {plain(_one_line(heading.traveler))}, {plain(_one_line(heading.occupation))}\n"
    if heading.goal:
        yield f"- Goal: {plain(_one_line(heading.goal))}\n"
    for name, moment in (("Opened", heading.opened_at), ("Ended", heading.ended_at)):
        if moment is not None:
            yield f"- {name}: {_spoken(moment, heading.zone)}\n"
    yield f"- Times are of {plain(heading.zone.key)}\n\n> {DISCLOSURE}\n"
    for line in lines:
        where = f", {_where(line)}" if tree else ""
        yield f"\n## {_speaker(line, heading)}, {_spoken(line.created_at, heading.zone)}{where}\n\n{plain(line.text)}\n"


def json(heading: Heading, lines: Iterable[Line]) -> Iterator[str]:
    """The transcript as one JSON document."""
    head = {name: getattr(heading, name) for name in ("uid", "title", "goal", "traveler", "occupation", "state")}
    head |= {"opened_at": heading.opened_at, "ended_at": heading.ended_at, "time_zone": heading.zone.key}
    yield f'{{"disclosure":{_dump(DISCLOSURE)},"session":{_dump(head)},"messages":['
    for number, line in enumerate(lines):
        yield ("," if number else "") + _dump(line)
    yield "]}\n"


def _dump(value: Any) -> str:
    return orjson.dumps(value, option=orjson.OPT_UTC_Z).decode()


def _speaker(line: Line, heading: Heading) -> str:
    if line.author == "user":
        return "You"
    kind = "AI, a stand-in" if line.stand_in else "AI"
    return f"{plain(_one_line(heading.traveler))} ({kind})"


def _where(line: Line) -> str:
    after = f"after turn {line.after}" if line.after else "at the beginning"
    aside = "" if line.on_branch else ", on another branch"
    return f"turn {line.turn} {after}{aside}{', replaced' if line.superseded else ''}"


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _spoken(moment: datetime, zone: ZoneInfo) -> str:
    return moment.astimezone(zone).strftime("%Y-%m-%d %H:%M %z")
