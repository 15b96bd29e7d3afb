"""A conversation written down with numbers, to be looked back on: what is found in it can point to what was said."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from mentors.manus.tokens import clip_to_tokens, estimated_tokens
from mentors.quoting import inline, quoted

HEADING = "# Conversation to look back on"
NAMED = "# Skills that they named"
PERSON, MENTOR = "The person", "The mentor"
LONGEST_ONE = 220
"""Tokens that each thing said may take, so that one long message does not push many others out."""

MOST_NAMED = 12
LONGEST_NAME = 20

_MARK = re.compile(rf"\[(\d{{1,18}})\] ({PERSON}|{MENTOR}):")
_NAME = re.compile(r"- (\S.*?):((?: \[\d{1,18}\])+)")
_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Minute:
    """One thing said, under its number."""

    number: int
    by_person: bool
    text: str


def compose_minutes(said: Sequence[Minute], tokens: int, count: Callable[[str], int] = estimated_tokens) -> str:
    """What was said in order, under its numbers, within `tokens` as `count` counts; what does not fit is the oldest.

    Guarantees: every line of anybody's words is quoted, so that none can pass for a number or a heading.
    """
    left = tokens - count(HEADING) - 1
    kept: list[str] = []
    for one in reversed(said):
        told = _told(one)
        left -= count(told) + 1
        if left < 0:
            break
        kept.append(told)
    return "\n".join([HEADING, *reversed(kept)])


def read_minutes(text: str) -> list[Minute] | None:
    """The same read back; None for a text that is nothing of the kind."""
    lines = text.split("\n")
    if HEADING not in lines:
        return None
    found: list[Minute] = []
    for line in lines[lines.index(HEADING) + 1 :]:
        mark = _MARK.fullmatch(line)
        if mark is not None:
            found.append(Minute(int(mark[1]), mark[2] == PERSON, ""))
        elif found and line.startswith(">"):
            last = found[-1]
            found[-1] = Minute(last.number, last.by_person, f"{last.text}\n{line[1:].strip()}".strip())
    return found


def compose_named(named: Mapping[str, Sequence[int]]) -> str:
    """Names out of a catalogue, each with the numbers under which it was named; empty for none."""
    lines = [
        f"- {inline(name, LONGEST_NAME)}: {' '.join(f'[{number}]' for number in numbers[:MOST_NAMED])}"
        for name, numbers in [*named.items()][:MOST_NAMED]
    ]
    return "\n".join((NAMED, *lines)) + "\n" if lines else ""


def read_named(text: str) -> list[tuple[str, tuple[int, ...]]]:
    """The same read back; empty for a text that tells none."""
    _, heading, rest = f"\n{text}".partition(f"\n{NAMED}\n")
    found = (_NAME.fullmatch(line) for line in rest.split("\n")) if heading else ()
    return [(one[1], tuple(map(int, _NUMBER.findall(one[2])))) for one in found if one is not None]


def _told(one: Minute) -> str:
    who = PERSON if one.by_person else MENTOR
    return "\n".join((f"[{one.number}] {who}:", *quoted(clip_to_tokens(one.text, LONGEST_ONE), None)))
