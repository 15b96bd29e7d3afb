"""TELL's laws: sums, bounds, what must not matter and what must not hurt."""

import math
import random
from dataclasses import fields, replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.features import PersonFeatures, TravelerMatrix
from matching.scoring import LETTERS, NEUTRAL, SAME_FIELD, WEIGHTS, Scores, fall_off, score
from tests.factories.tell import SKILLS, fit, matrices, people, rows

E_COLUMN = LETTERS.index("expertise")


def same(one: Scores, other: Scores, order: slice | list[int] = slice(None)) -> bool:
    """Bit for bit the same numbers; rows of `other` are those of `one` in `order`."""
    names = ("points", "total", "low", "high", "closeness", "coverage")
    return all(np.array_equal(getattr(one, name)[order], getattr(other, name)) for name in names)


def test_the_weights_are_a_hundred_and_style_is_small() -> None:
    assert WEIGHTS == {"time": 20, "expertise": 45, "learning_style": 10, "longitude": 25}


@given(people, matrices())
def test_contributions_sum_to_the_score(person: PersonFeatures, travelers: TravelerMatrix) -> None:
    scores = score(person, travelers)
    assert np.abs(scores.points.sum(axis=1) - scores.total).max() <= 1e-9


@given(people, matrices())
def test_everything_stays_within_its_bounds(person: PersonFeatures, travelers: TravelerMatrix) -> None:
    scores = score(person, travelers)
    assert scores.points.shape == (len(travelers), 4)
    assert (scores.points >= 0).all()
    assert (scores.points <= list(WEIGHTS.values())).all()
    assert (scores.low >= 0).all()
    assert (scores.low <= scores.total).all()
    assert (scores.total <= scores.high).all()
    assert (scores.high <= 100 + 1e-9).all()


@given(people, matrices(), st.randoms())
def test_the_order_of_travelers_changes_nothing(
    person: PersonFeatures, travelers: TravelerMatrix, dice: random.Random
) -> None:
    order = dice.sample(range(len(travelers)), len(travelers))
    assert same(score(person, travelers), score(person, rows(travelers, order)), order)


@given(people, matrices())
def test_a_duplicate_changes_no_score(person: PersonFeatures, travelers: TravelerMatrix) -> None:
    order = [*range(len(travelers)), 0]
    assert same(score(person, travelers), score(person, rows(travelers, order)), order)


@given(people, matrices(), st.sampled_from(range(len(SKILLS))), st.sampled_from([0.2, 0.6, 1]))
def test_mastering_more_never_lowers_expertise(
    person: PersonFeatures, travelers: TravelerMatrix, column: int, level: float
) -> None:
    more = travelers.mastery.copy()
    more[0, column] = max(more[0, column], level)
    before, after = score(person, travelers), score(person, replace(travelers, mastery=more))
    assert after.points[0, E_COLUMN] >= before.points[0, E_COLUMN]
    assert np.array_equal(after.points[1:], before.points[1:])


@given(people, matrices())
def test_mastering_a_wanted_skill_raises_expertise(person: PersonFeatures, travelers: TravelerMatrix) -> None:
    wanting = replace(person, needs={1: 0.5, 2: 0.5})
    less, more = travelers.mastery.copy(), travelers.mastery.copy()
    less[0, 0], more[0, 0] = 0.2, 1.0
    before, after = (score(wanting, replace(travelers, mastery=m)) for m in (less, more))
    # 0.8 of one of two equal needs, of the 0.4 that skills are of Expertise's 45 points.
    assert after.points[0, E_COLUMN] - before.points[0, E_COLUMN] == pytest.approx(0.8 * 0.5 * 0.4 * 45)


@given(people, matrices(), fit)
def test_a_nearer_neighbour_never_scores_less(
    person: PersonFeatures, travelers: TravelerMatrix, relatedness: float
) -> None:
    occupation = int(travelers.occupation[0])
    near, nearer = sorted((relatedness, person.neighbours.get(occupation, 0.0)))
    before, after = (
        score(replace(person, neighbours={**person.neighbours, occupation: value}), travelers)
        for value in (near, nearer)
    )
    assert after.points[0, E_COLUMN] >= before.points[0, E_COLUMN]


@given(people, matrices())
def test_telling_something_keeps_the_score_in_the_interval(person: PersonFeatures, travelers: TravelerMatrix) -> None:
    facts: dict[str, Any] = {"weekly_hours": 6, "years_experience": 4, "goal_horizon_months": 14}
    for fact in facts:
        unsaid: dict[str, Any] = {fact: None}
        silent = score(replace(person, **unsaid), travelers)
        told = score(replace(person, **{fact: facts[fact]}), travelers)
        assert (silent.low - 1e-5 <= told.total).all()
        assert (told.total <= silent.high + 1e-5).all()
        assert (told.high - told.low <= silent.high - silent.low + 1e-5).all()


@given(matrices())
def test_who_tells_nothing_gets_the_middle_and_the_widest_interval(travelers: TravelerMatrix) -> None:
    scores = score(PersonFeatures(), travelers)
    assert np.array_equal(scores.total, np.full(len(travelers), 50.0))
    assert np.array_equal(scores.low, np.zeros(len(travelers)))
    assert np.array_equal(scores.high, np.full(len(travelers), 100.0))
    assert scores.unknown == set(LETTERS)


@given(matrices())
def test_who_tells_everything_has_no_interval(travelers: TravelerMatrix) -> None:
    person = PersonFeatures(12, 5, 3, (0, 0, 0, 0), occupation=1, career_field=1, needs={1: 1.0})
    scores = score(person, travelers)
    assert not scores.unknown
    assert scores.low == pytest.approx(scores.total, abs=1e-5)
    assert scores.high == pytest.approx(scores.total, abs=1e-5)


@given(matrices())
def test_occupation_comes_before_neighbour_before_field(travelers: TravelerMatrix) -> None:
    four = rows(travelers, [0, 0, 0, 0])
    four = replace(four, occupation=np.array([1, 2, 3, 4]), career_field=np.array([9, 9, 9, 5]))
    person = PersonFeatures(occupation=1, career_field=9, neighbours={2: 0.7})
    assert score(person, four).closeness.tolist() == [1, 0.7, SAME_FIELD, 0]


@given(st.floats(-50, 50), st.floats(-50, 50), st.floats(0, 20), st.floats(0.5, 10))
def test_falling_off_is_smooth_and_one_way(value: float, low: float, width: float, scale: float) -> None:
    high = low + width
    here = fall_off(np.array([value]), low, high, scale)[0]
    further = fall_off(np.array([value + np.sign(value - (low + high) / 2)]), low, high, scale)[0]
    nearby = fall_off(np.array([value + 1e-6]), low, high, scale)[0]
    assert (here == 1) == (low <= value <= high) or here == pytest.approx(1)
    assert further <= here + 1e-12
    assert nearby == pytest.approx(here, abs=1e-4)


def test_needs_that_nobody_masters_count_too() -> None:
    one = replace(ordinary(), mastery=np.array([[1.0, 0, 0, 0, 0, 0]]))
    assert score(PersonFeatures(occupation=1, needs={1: 0.6, 99: 0.2}), one).coverage[0] == pytest.approx(0.75)


@pytest.mark.parametrize(
    ("told", "letter", "share"),
    [
        ({"goal_horizon_months": 20, "weekly_hours": 5}, "time", 0.5 / math.e + 0.5),
        ({"goal_horizon_months": 5, "weekly_hours": 20}, "time", 0.5 + 0.5 / math.e),
        ({"goal_horizon_months": 5}, "time", 0.5 + 0.5 * NEUTRAL),
        ({"goal_horizon_months": 12, "years_experience": 15}, "longitude", 0.7 / math.e + 0.3),
        ({"goal_horizon_months": 156, "years_experience": 5}, "longitude", 0.7 + 0.3 / math.e),
        ({"years_experience": 5}, "longitude", 0.7 + 0.3 * NEUTRAL),
    ],
)
def test_time_and_longitude_fall_off_as_they_say(told: dict[str, Any], letter: str, share: float) -> None:
    points = score(PersonFeatures(**told), ordinary()).points[0, LETTERS.index(letter)]
    assert points == pytest.approx(WEIGHTS[letter] * share, abs=1e-6)


def test_style_counts_half_the_distance() -> None:
    traveler = ordinary((1, 1, 0, -1))
    for style, expected in (
        ((1, 1, 0, -1), 1.0),
        ((-1, -1, 0, 1), 0.25),
        ((0, None, None, None), NEUTRAL),
        ((None, None, 0, None), 1.0),
    ):
        points = score(PersonFeatures(style=style), traveler).points[0]
        assert points[LETTERS.index("learning_style")] == pytest.approx(10 * expected)


def ordinary(style: tuple[float, ...] = (0, 0, 0, 0)) -> TravelerMatrix:
    """One Traveler from 5 years ahead, all of whose ranges are 1 to 10, who masters nothing."""
    one = np.ones(1)
    span = np.array([[1.0, 10.0]])
    ids = np.ones(1, dtype=np.int64)
    return TravelerMatrix(one * 5, span, span, span, np.array([style]), ids, ids, SKILLS, np.zeros((1, 6)))


def test_only_career_facts_have_a_place() -> None:
    assert {f.name for f in fields(PersonFeatures)} == {
        "goal_horizon_months",
        "weekly_hours",
        "years_experience",
        "style",
        "occupation",
        "career_field",
        "neighbours",
        "needs",
    }
    assert not {f.name for f in fields(TravelerMatrix)} & {"name", "voice", "story", "languages"}
