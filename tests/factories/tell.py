"""People and Travelers as numbers, made by hypothesis."""

from random import Random
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st

from accounts.career_stage import STAGES
from accounts.models import EvidenceGrade
from matching.features import AXES, PersonFeatures, TravelerFacts, Want
from matching.weights import BOUNDS, Weights, parse_weights

# A machine that is busy makes no law wrong.
law = settings(max_examples=60, deadline=None)

SKILLS = range(1, 8)
OCCUPATIONS = range(1, 7)
CODES = {1: 15205100, 2: 15205101, 3: 15205200, 4: 15209900, 5: 15125200, 6: 29114100}
WORDS = ("bridge", "data", "drain", "model", "nurse", "ward")
LANGUAGES = ("de", "en", "mi")

ASKED = {occupation: {skill: float(1 + (occupation * skill) % 6) for skill in SKILLS} for occupation in OCCUPATIONS}


def maybe(dice: Random, value: Any) -> Any:
    """The value, or nothing, as often."""
    return dice.choice((None, value))


def wants_of(dice: Random) -> tuple[Want, ...]:
    """What a target asks for, some of it in the person's list, and some of it mastered by nobody."""
    skills = sorted(dice.sample([*SKILLS, 8, 9], dice.randint(0, 6)))
    figures = [(skill, dice.randint(10, 50) / 10, dice.randint(0, 70) / 10) for skill in skills]
    own = [maybe(dice, (dice.randint(1, 5), dice.choice(EvidenceGrade.values))) for _ in skills]
    return tuple(Want(*each, *(said or ())) for each, said in zip(figures, own, strict=True))


def leanings(dice: Random) -> tuple[float, ...]:
    """A place on each axis."""
    return tuple(dice.randint(-10, 10) / 10 for _ in range(AXES))


def person_by(dice: Random) -> PersonFeatures:
    """Somebody who told some things."""
    return PersonFeatures(
        goal_horizon_months=maybe(dice, dice.randint(1, 240)),
        weekly_hours=maybe(dice, dice.randint(1, 80)),
        years_experience=maybe(dice, dice.randint(0, 70)),
        stage=maybe(dice, dice.randrange(len(STAGES))),
        style=tuple(maybe(dice, axis) for axis in leanings(dice)),
        confidence=tuple(dice.choice((0.0, 0.25, 0.7, 1.0)) for _ in range(AXES)),
        **dice.choice(({}, aim_by(dice), aim_by(dice))),
    )


def aim_by(dice: Random) -> dict[str, Any]:
    """Where somebody wants to go, which is one of the occupations or none of them."""
    occupation = dice.choice([*OCCUPATIONS, 7])
    return {
        "occupation": occupation,
        "soc": CODES.get(occupation, 41401100),
        "near": {dice.choice(OCCUPATIONS): dice.randint(15, 95) / 100 for _ in range(dice.randint(0, 4))},
        "words": frozenset(dice.sample(WORDS, dice.randint(1, 4))),
        "wants": wants_of(dice),
    }


def span(dice: Random, highest: int) -> tuple[int, int]:
    """A range of whole numbers."""
    low = dice.randint(0, highest)
    return low, dice.randint(low, highest)


def traveler_by(dice: Random) -> TravelerFacts:
    """One Traveler."""
    occupation = dice.choice(OCCUPATIONS)
    skills = dice.sample(SKILLS, dice.randint(0, 5))
    topics = (tuple(dice.sample(WORDS, dice.randint(0, 3))) for _ in range(dice.randint(0, 3)))
    return TravelerFacts(
        era=float(dice.randint(1, 60)),
        horizon=span(dice, 120),
        pace=span(dice, 40),
        years=span(dice, 50),
        stages=span(dice, len(STAGES) - 1),
        style=leanings(dice),
        occupation=occupation,
        soc=CODES[occupation],
        asked=ASKED[occupation],
        skills={skill: dice.randint(1, 5) for skill in skills},
        topics=tuple(topics),
        languages=tuple(dice.sample(LANGUAGES, dice.randint(1, 2))),
    )


# One number makes all of it: quick to make, and enough to make it again.
dice = st.integers(0, 2**32).map(Random)
people = dice.map(person_by)
travelers = dice.map(traveler_by)
crowds = dice.map(lambda each: [traveler_by(each) for _ in range(each.randint(1, 8))])

letters = st.fixed_dictionaries(
    {
        "time": st.integers(15, 30),
        "expertise": st.integers(40, 60),
        "learning_style": st.integers(0, 6),
        "longitude": st.integers(15, 30),
    }
)


@st.composite
def weightings(draw: st.DrawFn) -> Weights:
    """Weights that may be published, with curves of their own."""
    middle = {name: (low + high) / 2 for name, (low, high) in BOUNDS.items() if name.endswith(("scale", "octave"))}
    shares = st.integers(1, 9)
    parts = {"time": {"horizon": draw(shares), "era": draw(shares), "pace": draw(shares)}}
    return parse_weights({"letters": draw(letters), "parts": parts, "parameters": middle})


def told_everything(**facts: Any) -> PersonFeatures:
    """Somebody who told all there is to tell, and whom the `ordinary` Traveler suits in every way."""
    known: dict[str, Any] = {
        "goal_horizon_months": 12,
        "weekly_hours": 5,
        "years_experience": 3,
        "stage": 1,
        "style": (0.0,) * AXES,
        "occupation": 1,
        "soc": CODES[1],
        "words": frozenset(("data", "model")),
        "wants": (Want(1, 5.0, 4.0, 1, "attested"), Want(2, 3.0, 7.0, 1, "attested")),
    }
    return PersonFeatures(**{**known, **facts})


def ordinary(**facts: Any) -> TravelerFacts:
    """A Traveler from ten years ahead, in the middle of everything."""
    known: dict[str, Any] = {
        "era": 10.0,
        "horizon": (3, 18),
        "pace": (3, 8),
        "years": (0, 8),
        "stages": (0, 2),
        "style": (0.0,) * AXES,
        "occupation": 1,
        "soc": CODES[1],
        "asked": {1: 4.0, 2: 7.0},
        "skills": {1: 5, 2: 5},
        "topics": (("data", "model"),),
        "languages": ("en",),
    }
    return TravelerFacts(**{**known, **facts})
