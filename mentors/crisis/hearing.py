"""Hears that somebody may be in danger, and in which language it was said."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import msgspec

from mentors.crisis.plain import readings, spelt_out, unmarked
from timetravelers.kit.content import own_yaml

SIGNS = Path(__file__).with_name("signs")
_SENTENCE_END = re.compile(r"(?<=[.!?…;\u3002\uff01\uff1f\uff1b])\s*|\n+")
_QUOTED = re.compile(r"\"[^\"]*\"|“[^”]*”|„[^“”]*[“”]|«[^»]*»|(?<!\w)'[^']*'(?!\w)|\u300c[^\u300d]*\u300d")
# Characters in which it is looked for who is quoted.
BEFORE_A_QUOTE = 80
AFTER_A_QUOTE = 40


class Signs(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One language, as patterns. `says`: somebody means themselves, or somebody who is in danger now.

    `names`: it is named, which counts unless the same sentence has something of `aside` in it: a line of work, a book,
    statistics, somebody who died. `idle` are figures of speech and denials, which are not heard at all. What is
    quoted after something of `frames` was said by nobody who is here.
    """

    language: str
    says: tuple[str, ...]
    names: tuple[str, ...]
    aside: tuple[str, ...] = ()
    idle: tuple[str, ...] = ()
    frames: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Ear:
    """The signs of a language, made ready."""

    language: str
    says: re.Pattern[str]
    names: re.Pattern[str]
    spelt: re.Pattern[str]


@cache
def signs() -> tuple[Signs, ...]:
    """The files, checked; raises msgspec.ValidationError for one that is not as it should be."""
    return tuple(msgspec.convert(own_yaml(path.read_bytes()), type=Signs) for path in sorted(SIGNS.glob("*.yaml")))


def hears_crisis(text: str) -> bool:
    """Whether somebody may be in danger, in whatever language, and however it was written."""
    return crisis_language(text) is not None


def crisis_language(text: str) -> str | None:
    """The language in which somebody said that they, or another, may be in danger; None if nobody did."""
    for reading in readings(text):
        language = _heard(reading) or _heard_spelt_out(reading)
        if language is not None:
            return language
    return None


def _heard(reading: str) -> str | None:
    told = _idle().sub(" ", _unquoted(reading))
    said = _said(told) or _said(told.replace("\n", " "))
    return said or next(filter(None, map(_named, _SENTENCE_END.split(told))), None)


def _said(text: str) -> str | None:
    return next((ear.language for ear in _ears() if ear.says.search(text)), None)


def _named(sentence: str) -> str | None:
    named = next((ear.language for ear in _ears() if ear.names.search(sentence)), None)
    return named if named is not None and not _aside().search(sentence) else None


def _heard_spelt_out(reading: str) -> str | None:
    for word in spelt_out(reading):
        found = next((ear.language for ear in _ears() if ear.spelt.search(word)), None)
        if found is not None:
            return found
    return None


def _unquoted(text: str) -> str:
    """Without what somebody who is not here is quoted with."""
    return _QUOTED.sub(lambda quote: " " if _is_framed(quote) else quote.group(), text)


def _is_framed(quote: re.Match[str]) -> bool:
    text = quote.string
    near = f"{text[max(0, quote.start() - BEFORE_A_QUOTE) : quote.start()]} {text[quote.end() :][:AFTER_A_QUOTE]}"
    return _frames().search(near) is not None


@cache
def _ears() -> tuple[_Ear, ...]:
    return tuple(
        _Ear(one.language, _any(one.says), _any(one.names), _any(map(_tight, (*one.says, *one.names))))
        for one in signs()
    )


@cache
def _idle() -> re.Pattern[str]:
    return _any(one for each in signs() for one in each.idle)


@cache
def _aside() -> re.Pattern[str]:
    return _any(one for each in signs() for one in each.aside)


@cache
def _frames() -> re.Pattern[str]:
    return _any(one for each in signs() for one in each.frames)


def _any(patterns: Iterable[str]) -> re.Pattern[str]:
    """One pattern out of many; texts are compared without accents, so patterns are too."""
    return re.compile("|".join(f"(?:{unmarked(one)})" for one in patterns) or r"(?!)")


def _tight(pattern: str) -> str:
    """The same for words that were written letter by letter, and so have no blanks between them."""
    return pattern.replace(r"\b", "").replace(" ?", "").replace(" ", "")
