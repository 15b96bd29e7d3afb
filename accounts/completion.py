"""How complete a profile is, and what to tell next: a pure function of what is there."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final


@dataclass(frozen=True, slots=True)
class Part:
    """Something a profile can hold: points of 100, how many make it whole, and what it is good for.

    `improves` names the letter of the matching algorithm that becomes surer, or is empty.
    """

    section: str
    key: str
    weight: int
    reason: str
    improves: str = ""
    wanted: int = 1


@dataclass(frozen=True, slots=True)
class PartState:
    """A part, and how many of the wanted are there."""

    part: Part
    there: int

    @property
    def points(self) -> Fraction:
        return Fraction(self.part.weight * self.there, self.part.wanted)

    @property
    def is_complete(self) -> bool:
        return self.there == self.part.wanted


@dataclass(frozen=True, slots=True)
class SectionState:
    """A section, its points of 100, and its parts."""

    key: str
    weight: int
    percent: int
    parts: tuple[PartState, ...]


@dataclass(frozen=True, slots=True)
class Completion:
    """Percent of the whole, sections in order, and the part that would add most; None when nothing is missing."""

    percent: int
    sections: tuple[SectionState, ...]
    next_part: PartState | None


_TIME, _EXPERTISE, _STYLE, _LONGITUDE = "time", "expertise", "learning_style", "longitude"

# Of parts that add as much, the first is asked for first.
PARTS: Final = (
    Part("identity", "display_name", 4, "Travelers know what to call you."),
    Part("identity", "headline", 2, "One line tells a Traveler who you are before you speak."),
    Part("identity", "picture", 2, "Human mentors see whom they are talking to."),
    Part("identity", "languages", 2, "You are answered in a language you like."),
    Part("identity", "time_zone", 2, "Days, streaks and reminders follow your own clock."),
    Part("goals", "target_occupation", 15, "We look for Travelers who come from where you want to go.", _EXPERTISE),
    Part("goals", "goal_horizon_months", 7, "We look for Travelers who plan as far ahead as you do.", _TIME),
    Part("goals", "goal", 4, "Travelers know what moves you, in your own words."),
    Part("experience", "years_experience", 10, "We look for Travelers who suit people as far on as you.", _LONGITUDE),
    Part("experience", "experience", 5, "Your career stage follows from what you have done.", _LONGITUDE),
    Part("education", "education", 5, "Travelers need not ask what you have already learned."),
    Part("skills", "skills", 12, "We look for Travelers who have the skills you still lack.", _EXPERTISE, wanted=4),
    Part("learning_preferences", "learning_preferences", 12, "You meet company you may enjoy.", _STYLE, wanted=4),
    Part("availability", "weekly_hours", 7, "We look for Travelers whose pace fits your week.", _TIME),
    Part("availability", "availability", 6, "What we suggest falls into hours that you have."),
    Part("consent", "ai_provider", 5, "Without it no Traveler can answer you."),
)
SECTIONS: Final = tuple(dict.fromkeys(part.section for part in PARTS))


def completion(there: Mapping[str, int]) -> Completion:
    """Completion from how many there are of each part, by key; more than wanted counts as wanted.

    Adding something never lowers the percentage, which is 0 for nothing and 100 only for everything.
    """
    states = [PartState(part, min(max(there.get(part.key, 0), 0), part.wanted)) for part in PARTS]
    missing = [state for state in states if not state.is_complete]
    return Completion(
        percent=_percent(states),
        sections=tuple(_section(key, states) for key in SECTIONS),
        next_part=max(missing, key=lambda state: state.part.weight - state.points, default=None),
    )


def _section(key: str, states: list[PartState]) -> SectionState:
    parts = [state for state in states if state.part.section == key]
    return SectionState(key, sum(state.part.weight for state in parts), _percent(parts), tuple(parts))


def _percent(states: list[PartState]) -> int:
    whole = sum(state.part.weight for state in states)
    return int(100 * sum((state.points for state in states), Fraction(0)) / whole)
