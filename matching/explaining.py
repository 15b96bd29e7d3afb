"""What a score consists of, why, and what would raise it; out of the numbers that made it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from accounts.gaps import held_level
from matching.demand import needs_of
from matching.features import PersonFeatures, TravelerFacts
from matching.fits import has_been_there
from matching.reasons import MOST_SKILLS, Pairing, Reason, headline, reasons_of
from matching.sheets import NEUTRAL, in_points
from matching.weights import LETTER_OF, LETTERS, PARTS, Weights

WORTH_SAYING: Final = 0.5  # points
MOST_RAISES: Final = 3

# What a person would tell for a part to be known. Listing skills only moves what is needed most, one way or the other.
TELLING: Final = {
    "horizon": "goal_horizon_months",
    "era": "goal_horizon_months",
    "pace": "weekly_hours",
    "occupation": "target_occupation",
    "field": "target_occupation",
    "specialization": "target_occupation",
    "style": "learning_preferences",
    "stage": "experience",
    "years": "experience",
    "distance": "experience",
}
_ASKING: Final = {
    "goal_horizon_months": "Say how far away your goal is",
    "weekly_hours": "Say how many hours a week you have",
    "target_occupation": "Choose a target occupation",
    "learning_preferences": "Answer all questions about how you like to learn",
    "experience": "Tell your experience",
}


@dataclass(frozen=True, slots=True)
class Raise:
    """Something that would raise a score by `points`, exactly, or, if `up_to`, by as many at most.

    `fact` is what the person would change or tell, and `value` what to, None where they would tell it.
    """

    fact: str
    value: float | None
    points: float
    up_to: bool
    text: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why: a sentence for all of it, a reason by letter, and what would raise it, the most first."""

    sentence: str
    reasons: dict[str, Reason]
    raises: tuple[Raise, ...]


@dataclass(frozen=True)
class Explainer:
    """Explains scores of one person under some weights; `target` is the title of their target, if there is one, and
    `skill_names` are names of the skills that it asks for."""

    person: PersonFeatures
    weights: Weights
    target: str | None
    skill_names: Mapping[int, str]

    def explain(
        self, name: str, title: str, traveler: TravelerFacts, fits: Mapping[str, float], points: Mapping[str, float]
    ) -> Explanation:
        """Of a Traveler, by its name and the title of its occupation; fits (0-1) and points by part."""
        helping, figures = self._helping(traveler), self.weights.parameters
        pair = Pairing(self.person, self.target, name, title, traveler, fits, helping, figures)
        letters = dict.fromkeys(LETTERS, 0.0)
        for part, letter in LETTER_OF.items():
            letters[letter] += points[part]
        raises = sorted(self._raises(traveler, points), key=lambda one: -one.points)
        return Explanation(
            sentence=headline(name, sum(points.values()), letters, self.weights.letters),
            reasons=reasons_of(pair, self.unknown, LETTER_OF),
            raises=tuple(raises[:MOST_RAISES]),
        )

    @cached_property
    def unknown(self) -> frozenset[str]:
        """The parts of which the person did not tell everything, or, of their skills, nothing; as the scorer has it."""
        person = self.person
        told = {
            "horizon": person.goal_horizon_months is not None,
            "era": person.goal_horizon_months is not None,
            "pace": person.weekly_hours is not None,
            "occupation": person.occupation is not None,
            "field": person.soc is not None,
            "specialization": bool(person.words),
            "skills": any(want.own is not None for want in person.wants),
            "style": person.told == 1,
            "stage": person.stage is not None,
            "years": person.years_experience is not None,
            "distance": person.years_experience is not None,
        }
        return frozenset(part for part in PARTS if not told[part])

    @cached_property
    def _needs(self) -> dict[int, tuple[float, float]]:
        """By skill how much it is needed, and the level asked for."""
        needs = needs_of(self.person.wants, self.weights.parameters)
        pairs = zip(needs.need.tolist(), needs.asked.tolist(), strict=True)
        return dict(zip(needs.skills.tolist(), pairs, strict=True))

    @cached_property
    def _limits(self) -> dict[str, float]:
        return dict(zip(PARTS, self.weights.points, strict=True))

    def _helping(self, traveler: TravelerFacts) -> tuple[str, ...]:
        """The skills that the Traveler names and the person needs most, at its level."""
        helps = []
        for skill in sorted(traveler.skills.keys() & self._needs.keys()):
            need, asked = self._needs[skill]
            helps.append((-need * min(held_level(traveler.skills[skill]) / asked, 1.0), skill))
        return tuple(self.skill_names[skill] for _, skill in sorted(helps)[:MOST_SKILLS])

    def _raises(self, traveler: TravelerFacts, points: Mapping[str, float]) -> Iterator[Raise]:
        found = (self._other_horizon(traveler, points), self._other_pace(traveler, points), *self._untold)
        yield from (one for one in found if one is not None and one.points >= WORTH_SAYING)

    def _other_horizon(self, traveler: TravelerFacts, points: Mapping[str, float]) -> Raise | None:
        """A goal as far away as the Traveler plans for."""
        months = self.person.goal_horizon_months
        lacking = self._limits["horizon"] + self._limits["era"] - points["horizon"] - points["era"]
        if months is None or lacking < WORTH_SAYING:
            return None
        other = _nearest(months, traveler.horizon)
        been = has_been_there(other, np.array([traveler.era]), self.weights.parameters.era_scale)
        era = float(in_points(been, self._limits["era"])[0])
        gain = self._limits["horizon"] + era - points["horizon"] - points["era"]
        text = f"With a goal {other:g} months away this would be {gain:.1f} points more."
        return Raise("goal_horizon_months", other, gain, up_to=False, text=text)

    def _other_pace(self, traveler: TravelerFacts, points: Mapping[str, float]) -> Raise | None:
        """As many hours a week as the Traveler goes by."""
        hours = self.person.weekly_hours
        gain = self._limits["pace"] - points["pace"]
        if hours is None or gain < WORTH_SAYING:
            return None
        other = _nearest(hours, traveler.pace)
        text = f"With {other:g} hours a week this would be {gain:.1f} points more."
        return Raise("weekly_hours", other, gain, up_to=False, text=text)

    @cached_property
    def _untold(self) -> tuple[Raise, ...]:
        """What is not told, with the most that it could give: as neutral it gives its middle."""
        gains: dict[str, float] = {}
        for part, fact in TELLING.items():
            if part in self.unknown:
                share = 1 - self.person.told if part == "style" else 1.0
                gains[fact] = gains.get(fact, 0.0) + self._limits[part] * share * (1 - NEUTRAL)
        return tuple(
            Raise(fact, None, gain, up_to=True, text=f"{_ASKING[fact]}: up to {gain:.1f} points more, or less.")
            for fact, gain in gains.items()
        )


def _nearest(value: float, span: tuple[float, float]) -> float:
    return min(max(value, span[0]), span[1])
