"""Structured output: fills a schema with what was said, as far as its names tell what is wanted."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from mentors.crisis import hears_crisis
from mentors.minutes import read_minutes, read_named
from mentors.rehearsal.book import books
from mentors.rehearsal.course import Course
from mentors.rehearsal.exchange import Exchange
from mentors.rehearsal.facts import skill_names
from mentors.rehearsal.listening import is_order, plain_line
from mentors.rehearsal.reading import read_briefing
from mentors.rehearsal.shapes import Schema, empty_value, kinds_of, resolved

MOST_ITEMS = 5
LONGEST_TEXT = 400
DEEPEST = 6
SENTENCE = re.compile(r"[^.!?\n]+[.!?]?")
SPOKEN_FOR = re.compile(
    r"\b(i will|i'll|i'm going to|i am going to|i plan to|next i|werde ich|ich werde|ich will|voy a)\b", re.IGNORECASE
)
DECIDED = re.compile(r"\b(i('ve| have)? decided|i choose|i chose|i'll take|entschieden|he decidido)\b", re.IGNORECASE)
ABOUT_ONESELF = re.compile(
    r"\b(i am|i'm|i have|i've|i work|i live|i like|i want|my|ich bin|ich habe|mein|soy|tengo|mi)\b", re.IGNORECASE
)
# By which words a sentence about oneself is of a kind that a schema may name; the first that fits counts.
KINDS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(rf"\b({words})\b", re.IGNORECASE))
    for kind, words in (
        ("constraint", "cannot|can't|only|at most|no time|hours a week|nur|höchstens|kann nicht|solo|no puedo"),
        ("preference", "like|love|prefer|enjoy|hate|mag|lieber|gern|prefiero|me gusta"),
        ("goal", "want|goal|become|hope|dream|plan to|ich will|ziel|möchte|quiero|meta"),
        ("person", "my (boss|manager|mentor|colleague|friend|team)|mein(e)? (chef|chefin|team)|mi (jefe|jefa|equipo)"),
        ("experience", "years?|months?|worked|used to|jahren?|monaten?|gearbeitet|años|meses|trabajé"),
        ("fact", ".+"),
    )
)


@dataclass(frozen=True, slots=True)
class Found:
    """Something in the conversation, and in which exchange (counted from 1) it was said, and in which others."""

    text: str
    number: int
    others: tuple[int, ...] = ()


def fill(schema: Schema, instructions: str, transcript: Sequence[Exchange]) -> Any:
    """A value that fits the schema, made of what was said in the conversation.

    If the last thing said are the minutes of a conversation, that conversation is meant, and its numbers.

    Guarantees: a pure function; what is not found is empty (or null where it may be); text that gives orders to the
    mentor, and what somebody in danger wrote, is not repeated. Raises LookupError for a schema that refers to nowhere.
    """
    return _Filler(schema, _Findings(instructions, _numbered(transcript))).value(schema, "", 0)


def _numbered(transcript: Sequence[Exchange]) -> list[tuple[int, Exchange]]:
    minutes = read_minutes(transcript[-1].said) if transcript else None
    if minutes is None:
        return list(enumerate(transcript, 1))
    return [(one.number, Exchange(one.text) if one.by_person else Exchange("", one.text)) for one in minutes]


class _Findings:
    """What a conversation holds, by what schemas ask for."""

    def __init__(self, instructions: str, exchanges: Sequence[tuple[int, Exchange]]) -> None:
        self._briefing = read_briefing(instructions)
        self._named = read_named(instructions)
        self._exchanges = exchanges
        self._said = [
            Found(told, number)
            for number, exchange in self._exchanges
            for sentence in SENTENCE.findall(exchange.said)
            if (told := _told(sentence))
        ]
        self._by_name: tuple[tuple[tuple[str, ...], Callable[[], list[Found]]], ...] = (
            (("question", "open"), lambda: self._matching(lambda text: text.endswith("?"))),
            (("action", "todo", "task", "step", "commit", "next"), self._actions),
            (("decision", "decided", "choice"), lambda: self._matching(DECIDED.search)),
            (("skill", "tool", "technolog"), self._skills),
            (("topic", "theme", "subject", "tag", "keyword"), self._topics),
            (("title", "headline"), lambda: self._said[:1]),
            (("summary", "gist", "overview", "recap"), self._summary),
            (("goal", "objective"), lambda: self._known(self._briefing.goal)),
            (("mission",), lambda: self._known(self._briefing.mission)),
            (("memor", "fact", "preference", "profile", "about"), self._about_oneself),
        )

    def named(self, name: str) -> list[Found]:
        """What fits a property's name; what was said, for a name that tells nothing."""
        lowered = name.casefold()
        for stems, find in self._by_name:
            if any(stem in lowered for stem in stems):
                return find()[:MOST_ITEMS]
        return self._said[:MOST_ITEMS]

    def _matching(self, wanted: Callable[[str], object]) -> list[Found]:
        return [found for found in self._said if wanted(found.text)]

    def _about_oneself(self) -> list[Found]:
        return [found for found in self._matching(ABOUT_ONESELF.search) if not found.text.endswith("?")]

    def _actions(self) -> list[Found]:
        own = self._matching(SPOKEN_FOR.search)
        steps = [book.lines.next_step.partition("{step}")[0] for book in books().values()]
        proposed = [
            Found(_clipped(sentence.group()), number)
            for number, exchange in self._exchanges
            for line in exchange.answered.splitlines()
            for step in steps
            if line.startswith(step) and (sentence := SENTENCE.search(line.removeprefix(step)))
        ]
        return own + proposed

    def _skills(self) -> list[Found]:
        """Those that we are told of with their numbers, which are those of the minutes; else what has a known name."""
        if self._named:
            return [Found(name, first, tuple(others)) for name, (first, *others) in self._named]
        names = skill_names(self._briefing)
        mentioned = [(name, one) for one in self._said for name in names if name.casefold() in one.text.casefold()]
        unique = {name: Found(name, one.number) for name, one in reversed(mentioned)}
        return list(reversed(unique.values()))

    def _topics(self) -> list[Found]:
        course = Course(0, self._briefing)
        unique: dict[str, Found] = {}
        for number, exchange in ((number, one) for number, one in self._exchanges if one.said):
            topic = course.take(exchange.said).topic
            if topic not in ("distress", "injection", "unknown", "greeting", "meeting"):
                unique.setdefault(topic, Found(topic, number))
        return list(unique.values())

    def _summary(self) -> list[Found]:
        if not self._said:
            return []
        first, *others = dict.fromkeys(found.number for found in self._said[:3])
        return [Found(_clipped(" ".join(found.text for found in self._said[:3])), first, tuple(others))]

    def _known(self, text: str | None) -> list[Found]:
        told = _told(text or "")
        return [Found(told, 1)] if told else []


class _Filler:
    """Walks a schema; `found` is what the object at hand is about."""

    def __init__(self, root: Schema, findings: _Findings) -> None:
        self._root = root
        self._findings = findings

    def value(self, schema: Schema, name: str, depth: int, found: Found | None = None) -> Any:
        schema = resolved(schema, self._root)
        empty = {**schema, "$defs": self._root.get("$defs", {})}
        if depth > DEEPEST:
            return empty_value(empty)
        if schema.get("enum"):
            return _enum(schema["enum"], found)
        if schema.get("anyOf"):
            return self._first_choice(schema["anyOf"], name, depth, found)
        kind = next((one for one in kinds_of(schema) if one != "null"), "null")
        if kind == "object":
            about = found or next(iter(self._findings.named(name)), None) if depth else None
            fields = schema.get("properties", {}).items()
            return {field: self.value(child, field, depth + 1, about) for field, child in fields}
        if kind == "array":
            return self._items(schema.get("items", {}), name, depth, found)
        return self._scalar(kind, schema, name, found)

    def _first_choice(self, choices: list[Schema], name: str, depth: int, found: Found | None) -> Any:
        real = [one for one in choices if kinds_of(resolved(one, self._root)) != ["null"]]
        return self.value((real or choices)[0], name, depth, found)

    def _items(self, schema: Schema, name: str, depth: int, found: Found | None) -> list[Any]:
        kinds = kinds_of(resolved(schema, self._root))
        if found is not None and _is_reference(name) and set(kinds) & {"integer", "number", "string"}:
            numbers = (found.number, *found.others)
            return list(numbers) if "integer" in kinds or "number" in kinds else [str(one) for one in numbers]
        if found is not None and depth > 1:
            return []
        return [self.value(schema, name, depth + 1, one) for one in self._findings.named(name)]

    def _scalar(self, kind: str, schema: Schema, name: str, found: Found | None) -> Any:
        about = found or next(iter(self._findings.named(name)), None)
        if kind == "string":
            nothing = None if "null" in kinds_of(schema) else ""
            if about is None:
                return nothing
            return str(about.number) if _is_reference(name) else about.text
        if kind in ("integer", "number"):
            return _number(kind, name, about)
        return False if kind == "boolean" else None


def _is_reference(name: str) -> bool:
    return re.search(r"(^|_)(ids?|refs?|numbers?|index|turns?|messages?)$", name.casefold()) is not None


def _number(kind: str, name: str, about: Found | None) -> float | int:
    if _is_reference(name):
        return about.number if about else 0
    sure = kind == "number" and any(stem in name.casefold() for stem in ("confidence", "score", "certain"))
    return 0.6 if sure and about else 0


def _enum(values: list[Any], found: Found | None) -> Any:
    """The value that is spoken of, else what the sentence is of, else the first."""
    said = found.text.casefold() if found else ""
    named = (value for value in values if isinstance(value, str) and value.casefold() in said)
    implied = (kind for kind, words in KINDS if kind in values and words.search(said))
    return next(named, None) or next(implied, values[0])


def _told(sentence: str) -> str:
    """A sentence on one line; empty for orders to the mentor and for what a person in danger wrote."""
    line = plain_line(sentence)
    return "" if not line.strip(".!?") or is_order(line) or hears_crisis(line) else _clipped(line)


def _clipped(text: str) -> str:
    line = text.strip()
    return line if len(line) <= LONGEST_TEXT else line[:LONGEST_TEXT].rstrip() + "…"
