"""Why a Traveler suits a person: one sentence a letter and one for all, made from the numbers that made the score."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from accounts.career_stage import STAGES
from matching.features import PersonFeatures, TravelerFacts
from matching.fits import SAME_MAJOR, span_of_distance
from matching.weights import LETTERS, PARTS, Parameters

MOST_SKILLS: Final = 2
CLOSE: Final = 0.3
ALIKE, PARTLY_ALIKE = 0.9, 0.7  # fits of learning style from which the words change
NAMES: Final = {
    "time": "time",
    "expertise": "expertise",
    "learning_style": "learning style",
    "longitude": "stage of career",
}


@dataclass(frozen=True, slots=True)
class Reason:
    """A sentence for the person; `unknown` when something they could tell would make it surer."""

    text: str
    unknown: bool


@dataclass(frozen=True, slots=True)
class Pairing:
    """A person and a Traveler, in words and numbers: the target's title if there is one, how the Traveler is called
    and where it comes from, the fits by part, 0 to 1, the names of skills by which it helps most, and the curves."""

    person: PersonFeatures
    target: str | None
    name: str
    title: str
    traveler: TravelerFacts
    fits: Mapping[str, float]
    skills: tuple[str, ...]
    figures: Parameters


def reasons_of(pair: Pairing, unknown: frozenset[str], letter_of: Mapping[str, str]) -> dict[str, Reason]:
    """A reason for each letter; `unknown` are parts."""
    texts = {"time": _time, "expertise": _expertise, "learning_style": _learning_style, "longitude": _longitude}
    open_letters = {letter_of[part] for part in PARTS if part in unknown}
    return {letter: Reason(texts[letter](pair), letter in open_letters) for letter in LETTERS}


def headline(name: str, score: float, points: Mapping[str, float], limits: Mapping[str, float]) -> str:
    """One sentence for all: the score, what gives most of it, and what takes most away."""
    best = max(LETTERS, key=lambda letter: points[letter])
    worst = max(LETTERS, key=lambda letter: limits[letter] - points[letter])
    lost = limits[worst] - points[worst]
    text = f"{name} scores {score:.0f} of 100, {points[best]:.0f} of them for {NAMES[best]}"
    return f"{text}." if lost < 1 else f"{text}; {lost:.0f} are missing for {NAMES[worst]}."


def _time(pair: Pairing) -> str:
    months, hours = pair.person.goal_horizon_months, pair.person.weekly_hours
    traveler, parts = pair.traveler, []
    if months is not None:
        where = f"{_where(months, traveler.horizon)} the {_span(traveler.horizon)} months {pair.name} plans for"
        parts.append(f"your goal, {_count(months, 'month')} away, is {where}")
    if hours is not None:
        verb = "is" if hours == 1 else "are"
        span = _span(traveler.pace)
        parts.append(f"your {_count(hours, 'hour')} a week {verb} {_where(hours, traveler.pace)} a pace of {span}")
    return _sentence(" and ".join(parts) or "you have not told your time frame yet, so this counts as neutral")


def _expertise(pair: Pairing) -> str:
    if pair.target is None:
        return "You have not chosen a target occupation yet, so this counts as neutral."
    origin = f"{pair.name} comes from {pair.title}, {_nearness(pair.fits)}"
    if not pair.person.wants:
        return f"{origin}."
    covers = f"{origin}, and covers {pair.fits['skills']:.0%} of what you need"
    return f"{covers}, most of all {' and '.join(pair.skills)}." if pair.skills else f"{covers}."


def _nearness(fits: Mapping[str, float]) -> str:
    if fits["occupation"] == 1:
        return "the occupation you aim for"
    if fits["occupation"] >= CLOSE:
        return "close to the occupation you aim for"
    return "in the field you aim for" if fits["field"] >= SAME_MAJOR else "outside the field you aim for"


def _learning_style(pair: Pairing) -> str:
    if all(axis is None for axis in pair.person.style):
        return "You have not set how you like to learn, so this counts as neutral."
    fit = pair.fits["style"]
    degree = "is much like" if fit >= ALIKE else "is partly like" if fit >= PARTLY_ALIKE else "differs from"
    return f"The way {pair.name} teaches {degree} the way you like to learn, which counts for little."


def _longitude(pair: Pairing) -> str:
    ahead = _count(pair.traveler.era, "year")
    years, stage = pair.person.years_experience, pair.person.stage
    if years is None:
        known = "" if stage is None else f"; your stage of career, {STAGES[stage]}, {_suits(pair)}"
        return f"{pair.name} is {ahead} ahead{known}; your own experience is not known and counts as neutral."
    verb = "lies" if years == 1 else "lie"
    span = pair.traveler.years
    mine = f"your {_count(years, 'year')} of experience {verb} {_where(years, span)} the {_span(span)}"
    return _sentence(f"{mine} that suit {pair.name}, who is {ahead} ahead, {_distance(pair, years)}")


def _suits(pair: Pairing) -> str:
    return "suits it" if pair.fits["stage"] == 1 else "is not one that it suits best"


def _distance(pair: Pairing, years: float) -> str:
    nearest, _ = span_of_distance(years, pair.figures)
    if pair.fits["distance"] == 1:
        return "far enough to help and near enough to remember"
    return "which is near for a mentor of yours" if pair.traveler.era < nearest else "which is far from where you are"


def _where(value: float, span: tuple[float, float]) -> str:
    return "within" if span[0] <= value <= span[1] else "outside"


def _span(span: tuple[float, float]) -> str:
    low, high = span
    return f"{low:g}" if low == high else f"{low:g} to {high:g}"


def _count(number: float, unit: str) -> str:
    return f"{number:g} {unit}" if number == 1 else f"{number:g} {unit}s"


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}."
