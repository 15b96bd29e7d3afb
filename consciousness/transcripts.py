"""A transcript to take along, as Markdown or JSON, a line at a time; whatever was said stays text in both."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import orjson

DISCLOSURE = "The Traveler in this session is an AI mentor: its replies were written by a machine, and may be wrong."
FOUND = "What came out of it"
KINDS = {
    "summary": "In short",
    "topic": "Topics",
    "decision": "Decisions",
    "action_item": "What to do",
    "skill": "Skills",
    "open_question": "Left open",
}
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
    kind: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Something that came out of the session, and the messages it rests on; never what was rejected."""

    uid: str
    kind: str
    text: str
    confirmed: bool
    edited: bool
    messages: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came out of a session, and how sure the person said they felt before and after, from 1 to 10."""

    found: tuple[Found, ...] = ()
    before: int | None = None
    after: int | None = None


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


NOTHING = Outcome()


def markdown(heading: Heading, lines: Iterable[Line], *, tree: bool, outcome: Outcome = NOTHING) -> Iterator[str]:
    """The transcript as Markdown; with `tree` each heading says where in the tree of turns it belongs."""
    yield f"# {plain(_one_line(heading.title or f'Session with {heading.traveler}'))}\n\n"
    yield from (f"- {fact}\n" for fact in facts_of(heading, plain))
    yield f"\n> {DISCLOSURE}\n"
    for line in lines:
        place = f", {where(line)}" if tree else ""
        who = f"{speaker(line, heading, plain)}, {when(line.created_at, heading.zone)}{place}"
        yield f"\n## {who}\n\n{plain(line.text)}\n"
    yield from _outcome(outcome)


def json(heading: Heading, lines: Iterable[Line], *, outcome: Outcome = NOTHING) -> Iterator[str]:
    """The transcript as one JSON document."""
    head = {name: getattr(heading, name) for name in ("uid", "title", "goal", "traveler", "occupation", "state")}
    head |= {"opened_at": heading.opened_at, "ended_at": heading.ended_at, "time_zone": heading.zone.key}
    yield f'{{"disclosure":{_dump(DISCLOSURE)},"session":{_dump(head)},"messages":['
    for number, line in enumerate(lines):
        yield ("," if number else "") + _dump(line)
    felt = {"before": outcome.before, "after": outcome.after}
    yield f'],"insights":{_dump(outcome.found)},"confidence":{_dump(felt)}}}\n'


def _outcome(outcome: Outcome) -> Iterator[str]:
    moments = (("before", outcome.before), ("after", outcome.after))
    felt = [f"{moment} {value} of 10" for moment, value in moments if value is not None]
    if outcome.found or felt:
        yield f"\n## {FOUND}\n"
    if felt:
        yield f"\nHow sure you said you felt: {', '.join(felt)}\n"
    for kind, title in KINDS.items():
        of_kind = [one for one in outcome.found if one.kind == kind]
        if of_kind:
            yield f"\n### {title}\n\n" + "".join(f"- {_told(one)}\n" for one in of_kind)


def _told(one: Found) -> str:
    words = plain(_one_line(one.text))
    return words if one.confirmed else f"{words} (drawn up by a machine, not confirmed by you)"


def _dump(value: Any) -> str:
    return orjson.dumps(value, option=orjson.OPT_UTC_Z).decode()


def facts_of(heading: Heading, quote: Callable[[str], str] = str) -> list[str]:
    """What stands above a transcript, a fact a line; `quote` is done to what people wrote."""
    moments = (("Opened", heading.opened_at), ("Ended", heading.ended_at))
    return [
        f"With: {quote(_one_line(heading.traveler))}, {quote(_one_line(heading.occupation))}",
        *([f"Goal: {quote(_one_line(heading.goal))}"] if heading.goal else []),
        *(f"{name}: {when(moment, heading.zone)}" for name, moment in moments if moment is not None),
        f"Times are of {quote(heading.zone.key)}",
    ]


def speaker(line: Line, heading: Heading, quote: Callable[[str], str] = str) -> str:
    """Who said it, and what they are."""
    if line.author == "user":
        return "You"
    if line.kind:
        return "An automatic card"
    return f"{quote(_one_line(heading.traveler))} ({'AI, a stand-in' if line.stand_in else 'AI'})"


def where(line: Line) -> str:
    """Its place in the tree of turns."""
    after = f"after turn {line.after}" if line.after else "at the beginning"
    aside = "" if line.on_branch else ", on another branch"
    return f"turn {line.turn} {after}{aside}{', replaced' if line.superseded else ''}"


def _one_line(text: str) -> str:
    return " ".join(text.split())


def when(moment: datetime, zone: ZoneInfo) -> str:
    """A moment as clocks there tell it."""
    return moment.astimezone(zone).strftime("%Y-%m-%d %H:%M %z")
