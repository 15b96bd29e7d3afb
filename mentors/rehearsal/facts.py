"""What the mentor knows of a person, put into words that fit into a sentence."""

from __future__ import annotations

import math
import re

from mentors.crisis import hears_crisis
from mentors.rehearsal.book import Book
from mentors.rehearsal.listening import Heard, is_order, plain_line
from mentors.rehearsal.reading import Read

LONGEST_NAME = 60
LONGEST_PURPOSE = 90
LONGEST_STORY = 180
MOST_HOURS = 100
VOWELS = "aeiouAEIOU"


def facts_for(briefing: Read, heard: Heard, book: Book, label: str) -> dict[str, str]:
    """The values of a phrase book's slots; what is not known is said in words that fit as well."""
    slots = book.slots
    first, second = heard.options or (slots.a, slots.b)
    gap = _gap(briefing, heard)
    return {
        "target": _occupation(briefing.target, book, slots.target),
        "skill": _quoted(_skill(briefing, gap), book) or slots.skill,
        "gap": _quoted(gap, book) or slots.gap,
        "slot": _slot(briefing.weekly_hours, book),
        "horizon": _horizon(briefing.horizon_months, book),
        "era": str(briefing.era_years) if briefing.era_years else slots.era,
        "trade": _occupation(briefing.occupation, book, slots.trade),
        "a": first,
        "b": second,
        "label": label,
    }


def skill_names(briefing: Read) -> list[str]:
    """Everything of which a message may speak by name."""
    return [*briefing.missing, *(name for name, _ in briefing.skills)]


def name_of(text: str | None) -> str:
    """A name fit to stand in a sentence; empty for what is no name, or gives orders."""
    line = re.sub(r"[?!.;:]+", " ", plain_line(text or ""))
    line = " ".join(line.split())
    return "" if len(line) > LONGEST_NAME or is_order(line) or "//" in line else line


def purpose_of(text: str | None) -> str:
    """A goal or a mission, short enough to be quoted; empty for what gives orders or is none of a purpose."""
    line = " ".join(re.sub(r"[?¿]+", " ", plain_line(text or "")).split())
    if is_order(line) or hears_crisis(line):
        return ""
    return line if len(line) <= LONGEST_PURPOSE else line[:LONGEST_PURPOSE].rstrip() + "…"


def story_of(text: str | None) -> str:
    """The beginning of a Traveler's story, whole sentences if that can be."""
    line = " ".join(re.sub(r"[?¿]+", " ", plain_line(text or "")).split())
    if len(line) <= LONGEST_STORY:
        return line
    cut = line[:LONGEST_STORY]
    end = max(cut.rfind(mark) for mark in ".!?")
    return cut[: end + 1] if end > 0 else cut.rstrip() + "…"


def _skill(briefing: Read, gap: str) -> str:
    names = (name_of(name) for name, _ in briefing.skills)
    return next((name for name in names if name and name != gap), "")


def _gap(briefing: Read, heard: Heard) -> str:
    return next((name for one in (heard.skill, *briefing.missing) if (name := name_of(one))), "")


def _quoted(name: str, book: Book) -> str:
    quotes = book.slots.quotes
    return f"{quotes[0]}{name}{quotes[-1]}" if name and quotes else name


def _occupation(title: str | None, book: Book, otherwise: str) -> str:
    """An occupation as people say it: "a data scientist", where taxonomies write "Data Scientists"."""
    words = name_of(title).split()
    if not words:
        return otherwise
    words[-1] = _singular(words[-1])
    if book.slots.article != "english":
        return _quoted(" ".join(words), book)
    words = [_lowered(word) for word in words]
    return f"{'an' if words[0][0] in VOWELS else 'a'} {' '.join(words)}"


def _lowered(word: str) -> str:
    return word.lower() if word.istitle() else word


def _singular(word: str) -> str:
    if word.endswith(("ss", "us", "is", "ics", "S")) or not word.endswith("s"):
        return word
    return f"{word[:-3]}y" if word.endswith("ies") else word[:-1]


def _slot(weekly_hours: float | None, book: Book) -> str:
    if not weekly_hours:
        return book.slots.slot
    hours = max(1, math.ceil(min(weekly_hours, MOST_HOURS) / 3))
    return book.slots.slot_hours.format(hours=hours, weekly=f"{weekly_hours:g}")


def _horizon(months: int | None, book: Book) -> str:
    if not months:
        return book.slots.horizon
    return book.slots.one_month if months == 1 else book.slots.months.format(months=months)
