"""The phrase books: what the mentor hears and says, a file a language."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import msgspec

from timetravelers.kit.content import own_yaml

PHRASES = Path(__file__).with_name("phrases")
DEFAULT = "en"
NOT_BOOKS = frozenset({"orders", "others"})


class Variant(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One idea, one step and one question."""

    idea: str
    step: str
    question: str


class Topic(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a message may be about, how that is heard, and what there is to say."""

    label: str
    variants: tuple[Variant, ...]
    hears: tuple[str, ...] = ()
    takes_up: tuple[str, ...] = ()


class Feeling(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    hears: tuple[str, ...]
    lines: tuple[str, ...]


class Domain(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Something that no mentor does, whoever it is."""

    hears: tuple[str, ...]
    refuses: str


class Tail(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A sentence for those who like to learn in some way."""

    stems: tuple[str, ...]
    line: str


class Lead(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a mentor who teaches in some way leads up to a question."""

    stems: tuple[str, ...]
    lines: tuple[str, ...]


class Lines(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Single sentences; those in tuples are used one after another."""

    disclosure: str
    hello: str
    hello_nobody: str
    next_step: str
    before_then: str
    foreign: str
    story: str
    boundary: str
    referral: str
    after_crisis: str
    openers: tuple[str, ...]
    answering: tuple[str, ...]
    again: tuple[str, ...]
    wordless: tuple[str, ...]
    recalls: tuple[str, ...]
    mission: tuple[str, ...]
    milestone: tuple[str, ...]
    goal: tuple[str, ...]


class Slots(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What stands in for facts that are not known; `article` is how names are put into sentences."""

    target: str
    skill: str
    gap: str
    slot: str
    slot_hours: str
    horizon: str
    one_month: str
    months: str
    era: str
    trade: str
    a: str
    b: str
    article: str
    quotes: str = ""


class Book(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One language; `common` words and endings give it away, `joints` are words between clauses."""

    language: str
    name: str
    common: frozenset[str]
    common_endings: tuple[str, ...]
    joints: tuple[str, ...]
    lines: Lines
    slots: Slots
    when: tuple[str, ...]
    options: tuple[str, ...]
    feelings: dict[str, Feeling]
    topics: dict[str, Topic]
    deeper: tuple[Variant, ...]
    tails: tuple[Tail, ...]
    leads: tuple[Lead, ...]
    domains: tuple[Domain, ...]
    lower_after_lead: bool = False


@cache
def books() -> Mapping[str, Book]:
    """All phrase books by language, checked; raises msgspec.ValidationError if a file is not what it should be."""
    paths = [path for path in sorted(PHRASES.glob("*.yaml")) if path.stem not in NOT_BOOKS]
    found = (msgspec.convert(own_yaml(path.read_bytes()), type=Book) for path in paths)
    return {book.language: book for book in found}


@cache
def orders() -> tuple[str, ...]:
    """Patterns of what wants to give the mentor other rules, in whatever language it is said."""
    return msgspec.convert(own_yaml((PHRASES / "orders.yaml").read_bytes()), type=tuple[str, ...])


@cache
def other_languages() -> Mapping[str, frozenset[str]]:
    """Common words of languages that there is no phrase book for."""
    raw = own_yaml((PHRASES / "others.yaml").read_bytes())
    return msgspec.convert(raw, type=dict[str, frozenset[str]])


@cache
def pattern(text: str) -> re.Pattern[str]:
    """A pattern of a phrase book, compiled once."""
    return re.compile(text, re.IGNORECASE)


def any_matches(patterns: tuple[str, ...], text: str) -> bool:
    return any(pattern(one).search(text) for one in patterns)
