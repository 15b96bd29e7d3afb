"""The sentences: made from the numbers, and true of them."""

from dataclasses import replace

import pytest

from matching.features import PersonFeatures
from matching.people import Person
from matching.reasons import Row, reasons
from mentors.models import Traveler
from tests.factories.mentors import make_traveler

TOLD = Person(
    PersonFeatures(12, 5, 3, (0, 0, 0, 0), occupation=1), target="Data Scientists", skill_names={1: "Python", 2: "SQL"}
)
ROW = Row({"learning_style": 9.0}, closeness=1.0, coverage=0.5, skills=(1,))


@pytest.fixture
def ada(db: None) -> Traveler:
    return make_traveler("ada")


def sentence(letter: str, person: Person, traveler: Traveler, row: Row = ROW) -> str:
    return reasons(person, traveler, row, frozenset())[letter].text


@pytest.mark.parametrize(
    ("months", "hours", "expected"),
    [
        (12, None, "Your goal, 12 months away, is within the 3 to 18 months Ada plans for."),
        (1, None, "Your goal, 1 month away, is outside the 3 to 18 months Ada plans for."),
        (None, 9, "Your 9 hours a week are outside a pace of 3 to 8."),
        (None, None, "You have not told your time frame yet, so this counts as neutral."),
    ],
)
def test_time(ada: Traveler, months: int | None, hours: int | None, expected: str) -> None:
    person = Person(PersonFeatures(goal_horizon_months=months, weekly_hours=hours))
    assert sentence("time", person, ada) == expected


@pytest.mark.parametrize(
    ("closeness", "words"),
    [
        (1.0, "the occupation you aim for"),
        (0.85, "close to the occupation you aim for"),
        (0.5, "close to the occupation you aim for"),
        (0.35, "in the field you aim for"),
        (0.0, "outside the field you aim for"),
    ],
)
def test_expertise(ada: Traveler, closeness: float, words: str) -> None:
    start = f"Ada comes from Data Scientists, {words}"
    row = replace(ROW, closeness=closeness)
    assert sentence("expertise", TOLD, ada, row) == f"{start}, and masters 50% of what you need, most of all Python."
    no_help = replace(row, coverage=0.0, skills=())
    assert sentence("expertise", TOLD, ada, no_help) == f"{start}, and has other skills than those you need."
    assert sentence("expertise", replace(TOLD, skill_names={}), ada, row) == f"{start}."


@pytest.mark.parametrize(("points", "words"), [(9, "is much like"), (6, "is partly like"), (2, "differs from")])
def test_learning_style(ada: Traveler, points: float, words: str) -> None:
    row = replace(ROW, points={"learning_style": points})
    expected = f"The way Ada teaches {words} the way you like to learn, which counts for little."
    assert sentence("learning_style", TOLD, ada, row) == expected


@pytest.mark.parametrize(
    ("years", "expected"),
    [
        (1, "Your 1 year of experience lies within the 0 to 8 that suit Ada, who is 10 years ahead."),
        (9, "Your 9 years of experience lie outside the 0 to 8 that suit Ada, who is 10 years ahead."),
        (None, "Ada is 10 years ahead; your own experience is not known and counts as neutral."),
    ],
)
def test_longitude(ada: Traveler, years: int | None, expected: str) -> None:
    assert sentence("longitude", Person(PersonFeatures(years_experience=years)), ada) == expected


def test_what_is_unknown_is_marked(ada: Traveler) -> None:
    found = reasons(TOLD, ada, ROW, frozenset({"time"}))
    assert {letter for letter, reason in found.items() if reason.unknown} == {"time"}
