"""Why a Traveler suits a person: one sentence a letter, made from the numbers that made the score."""

from dataclasses import dataclass

from matching.people import Person
from matching.scoring import SAME, SAME_FIELD, WEIGHTS
from mentors.models import Traveler

MOST_SKILLS = 2
ALIKE, PARTLY_ALIKE = 0.75, 0.5  # fits of learning style from which the words change


@dataclass(frozen=True, slots=True)
class Reason:
    """A sentence for the person; `unknown` when something they could tell would make it surer."""

    text: str
    unknown: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One Traveler's numbers: points by letter, closeness and coverage (0-1), ids of skills that help most."""

    points: dict[str, float]
    closeness: float
    coverage: float
    skills: tuple[int, ...]


def reasons(person: Person, traveler: Traveler, row: Row, unknown: frozenset[str]) -> dict[str, Reason]:
    """A reason for each letter."""
    texts = {
        "time": _time(person, traveler),
        "expertise": _expertise(person, traveler, row),
        "learning_style": _learning_style(person, traveler, row),
        "longitude": _longitude(person, traveler),
    }
    return {letter: Reason(text, letter in unknown) for letter, text in texts.items()}


def _time(person: Person, traveler: Traveler) -> str:
    months, hours = person.features.goal_horizon_months, person.features.weekly_hours
    horizon = (traveler.horizon_months_min, traveler.horizon_months_max)
    pace = (traveler.pace_hours_min, traveler.pace_hours_max)
    parts = []
    if months is not None:
        where = f"{_where(months, horizon)} the {_span(horizon)} months {traveler.name} plans for"
        parts.append(f"your goal, {_count(months, 'month')} away, is {where}")
    if hours is not None:
        verb = "is" if hours == 1 else "are"
        parts.append(f"your {_count(hours, 'hour')} a week {verb} {_where(hours, pace)} a pace of {_span(pace)}")
    text = " and ".join(parts) or "you have not told your time frame yet, so this counts as neutral"
    return _sentence(text)


def _expertise(person: Person, traveler: Traveler, row: Row) -> str:
    if person.target is None:
        return "You have not chosen a target occupation yet, so this counts as neutral."
    origin = f"{traveler.name} comes from {traveler.occupation.title}, {_nearness(row.closeness)}"
    if not person.skill_names:
        return f"{origin}."
    if not row.skills:
        return f"{origin}, and has other skills than those you need."
    best = " and ".join(person.skill_names[skill] for skill in row.skills)
    return f"{origin}, and masters {row.coverage:.0%} of what you need, most of all {best}."


def _nearness(closeness: float) -> str:
    if closeness == SAME:
        return "the occupation you aim for"
    if closeness > SAME_FIELD:
        return "close to the occupation you aim for"
    return "in the field you aim for" if closeness else "outside the field you aim for"


def _learning_style(person: Person, traveler: Traveler, row: Row) -> str:
    if all(axis is None for axis in person.features.style):
        return "You have not set how you like to learn, so this counts as neutral."
    fit = row.points["learning_style"] / WEIGHTS["learning_style"]
    degree = "is much like" if fit >= ALIKE else "is partly like" if fit >= PARTLY_ALIKE else "differs from"
    return f"The way {traveler.name} teaches {degree} the way you like to learn, which counts for little."


def _longitude(person: Person, traveler: Traveler) -> str:
    years = person.features.years_experience
    ahead = _count(traveler.era_years, "year")
    if years is None:
        return f"{traveler.name} is {ahead} ahead; your own experience is not known and counts as neutral."
    suits = (traveler.experience_years_min, traveler.experience_years_max)
    verb = "lies" if years == 1 else "lie"
    mine = f"your {_count(years, 'year')} of experience {verb} {_where(years, suits)} the {_span(suits)}"
    return _sentence(f"{mine} that suit {traveler.name}, who is {ahead} ahead")


def _where(value: float, span: tuple[int, int]) -> str:
    return "within" if span[0] <= value <= span[1] else "outside"


def _span(span: tuple[int, int]) -> str:
    return f"{span[0]}" if span[0] == span[1] else f"{span[0]} to {span[1]}"


def _count(number: float, unit: str) -> str:
    return f"{number:g} {unit}" if number == 1 else f"{number:g} {unit}s"


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}."
