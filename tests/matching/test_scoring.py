"""TELL's laws: sums, bounds, what must not matter and what must not hurt."""

import random
from collections.abc import Sequence
from dataclasses import fields, replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import EvidenceGrade
from matching.features import PersonFeatures, TravelerFacts, Want, hash_of, person_from_json, traveler_from_json
from matching.matrix import matrix_of
from matching.scoring import Scores, score_rows
from matching.weights import DEFAULT, LETTER_OF, LETTERS, PARTS, POINT_GRAIN, VERSION, Weights, parse_weights
from tests.factories.tell import (
    CODES,
    SKILLS,
    crowds,
    law,
    letters,
    ordinary,
    people,
    told_everything,
    travelers,
    weightings,
)

E_PARTS = [PARTS.index(part) for part, letter in LETTER_OF.items() if letter == "expertise"]
SKILL_ROW = PARTS.index("skills")
GRADES = EvidenceGrade.values
FIGURES = ("rows", "fits", "points", "total", "least", "most", "low", "high")
# A doubt and a telling each round ends of their own.
ROUNDING = 4 * POINT_GRAIN


def scored(person: PersonFeatures, crowd: Sequence[TravelerFacts], weights: Weights = DEFAULT) -> Scores:
    return score_rows(person, matrix_of(crowd), weights)


def same(one: Scores, other: Scores) -> bool:
    """Bit for bit the same numbers, whatever rows they are of."""
    return all(np.array_equal(getattr(one, name), getattr(other, name)) for name in FIGURES[1:])


def points(person: PersonFeatures, traveler: TravelerFacts, part: str) -> float:
    return float(scored(person, [traveler]).points[PARTS.index(part), 0])


def expertise(scores: Scores) -> Any:
    return scores.points[E_PARTS].sum(axis=0)


@law
@given(people, crowds, weightings())
def test_points_of_letters_and_parts_sum_to_the_score_exactly(
    person: PersonFeatures, crowd: list[TravelerFacts], weights: Weights
) -> None:
    scores = scored(person, crowd, weights)
    for at, total in enumerate(scores.total.tolist()):
        assert sum(scores.points[:, at].tolist()) == total
        assert sum(scores.letters(at).values()) == total


@law
@given(people, crowds, weightings())
def test_everything_stays_within_its_bounds(
    person: PersonFeatures, crowd: list[TravelerFacts], weights: Weights
) -> None:
    scores = scored(person, crowd, weights)
    limits = np.array(weights.points)[:, None]
    assert ((scores.fits >= 0) & (scores.fits <= 1)).all()
    assert ((scores.least >= 0) & (scores.least <= scores.points)).all()
    assert ((scores.points <= scores.most) & (scores.most <= limits)).all()
    assert ((scores.low <= scores.total) & (scores.total <= scores.high) & (scores.high <= 100)).all()


@law
@given(people, crowds, st.randoms())
def test_the_order_of_travelers_changes_nothing(
    person: PersonFeatures, crowd: list[TravelerFacts], dice: random.Random
) -> None:
    order = dice.sample(range(len(crowd)), len(crowd))
    found = score_rows(person, matrix_of(crowd), DEFAULT, np.array(order))
    assert same(found, scored(person, [crowd[row] for row in order]))


@law
@given(people, crowds)
def test_a_duplicate_changes_no_other_score(person: PersonFeatures, crowd: list[TravelerFacts]) -> None:
    rows = np.arange(len(crowd))
    twice = matrix_of([*crowd, crowd[0]])
    assert same(score_rows(person, twice, DEFAULT, rows), scored(person, crowd))
    assert score_rows(person, twice, DEFAULT).total[-1] == scored(person, crowd).total[0]


@law
@given(people, crowds)
def test_a_traveler_scores_alone_as_among_others(person: PersonFeatures, crowd: list[TravelerFacts]) -> None:
    among = scored(person, crowd)
    alone = [scored(person, [one]) for one in crowd]
    assert among.total.tolist() == [float(one.total[0]) for one in alone]
    assert among.low.tolist() == [float(one.low[0]) for one in alone]


@law
@given(people, crowds, letters, st.integers(1, 16))
def test_the_scale_of_weights_changes_nothing(
    person: PersonFeatures, crowd: list[TravelerFacts], shares: dict[str, int], times: int
) -> None:
    one = parse_weights({"letters": shares})
    other = parse_weights({"letters": {letter: times * share for letter, share in shares.items()}})
    assert one == other
    assert same(scored(person, crowd, one), scored(person, crowd, other))


@law
@given(people, crowds, st.sampled_from(SKILLS), st.integers(1, 5))
def test_a_skill_added_to_a_traveler_never_lowers_its_expertise(
    person: PersonFeatures, crowd: list[TravelerFacts], skill: int, level: int
) -> None:
    first = crowd[0]
    more = replace(first, skills={**first.skills, skill: max(level, first.skills.get(skill, 0))})
    before, after = scored(person, crowd), scored(person, [more, *crowd[1:]])
    assert expertise(after)[0] >= expertise(before)[0]
    assert np.array_equal(after.points[:, 1:], before.points[:, 1:])


def test_a_skill_that_is_wanted_and_added_raises_expertise() -> None:
    less = ordinary(skills={2: 5})
    assert points(told_everything(), ordinary(), "skills") > points(told_everything(), less, "skills")


@law
@given(people, crowds, st.data())
def test_evidence_moves_every_score_one_way_and_towards_what_is_still_needed(
    person: PersonFeatures, crowd: list[TravelerFacts], data: st.DataObject
) -> None:
    own = Want(1, data.draw(st.integers(1, 5)), data.draw(st.integers(1, 7)), data.draw(st.integers(1, 5)))
    others = tuple(want for want in person.wants if want.skill != own.skill)
    ladder = [scored(replace(person, wants=(own._replace(grade=grade), *others)), crowd) for grade in GRADES]
    fits = np.stack([one.fits[SKILL_ROW] for one in ladder])
    steps = np.diff(fits, axis=0)
    assert ((steps >= -1e-9).all(axis=0) | (steps <= 1e-9).all(axis=0)).all()
    alone = scored(replace(person, wants=(own._replace(grade="claimed"),)), crowd).fits[SKILL_ROW]
    # Who covers more of that skill than of the whole loses by the person's having it, the others gain.
    assert (steps[:, alone < fits[0] - 1e-9] >= -1e-9).all()
    assert (steps[:, alone > fits[0] + 1e-9] <= 1e-9).all()


@law
@given(people, crowds, st.data())
def test_evidence_never_widens_the_interval(
    person: PersonFeatures, crowd: list[TravelerFacts], data: st.DataObject
) -> None:
    own = Want(1, data.draw(st.integers(1, 5)), data.draw(st.integers(1, 7)), data.draw(st.integers(1, 5)))
    others = tuple(want for want in person.wants if want.skill != own.skill)
    ladder = [own._replace(own=None), *(own._replace(grade=grade) for grade in GRADES)]
    narrowing = [scored(replace(person, wants=(rung, *others)), crowd) for rung in ladder]
    for wider, narrower in pairwise(narrowing):
        assert (narrower.low >= wider.low - ROUNDING).all()
        assert (narrower.high <= wider.high + ROUNDING).all()


@law
@given(people, crowds, st.sampled_from(["goal_horizon_months", "weekly_hours", "years_experience", "stage", "aim"]))
def test_what_is_missing_never_narrows_the_interval(
    person: PersonFeatures, crowd: list[TravelerFacts], fact: str
) -> None:
    aim: dict[str, Any] = {"occupation": None, "soc": None, "near": {}, "words": frozenset(), "wants": ()}
    silent: dict[str, Any] = aim if fact == "aim" else {fact: None}
    told, missing = scored(person, crowd), scored(replace(person, **silent), crowd)
    assert (missing.high >= told.high - ROUNDING).all()
    assert (missing.low <= told.low + ROUNDING).all()


@law
@given(people, crowds, st.integers(0, 3), st.floats(0, 1))
def test_a_less_sure_preference_never_narrows_the_interval(
    person: PersonFeatures, crowd: list[TravelerFacts], axis: int, share: float
) -> None:
    doubted = list(person.confidence)
    doubted[axis] *= share
    sure, unsure = scored(person, crowd), scored(replace(person, confidence=tuple(doubted)), crowd)
    assert (unsure.high >= sure.high - ROUNDING).all()
    assert (unsure.low <= sure.low + ROUNDING).all()


@law
@given(crowds, weightings())
def test_who_tells_nothing_gets_the_middle_of_the_widest_interval(crowd: list[TravelerFacts], weights: Weights) -> None:
    scores = scored(PersonFeatures(), crowd, weights)
    assert scores.total == pytest.approx(50, abs=1e-4)
    assert scores.low.tolist() == [0.0] * len(crowd)
    assert scores.high == pytest.approx(100, abs=1e-4)
    assert scores.unknown == set(PARTS)


def test_who_suits_in_every_way_scores_a_hundred_and_has_no_interval() -> None:
    scores = scored(told_everything(), [ordinary()])
    assert (scores.low[0], scores.total[0], scores.high[0]) == (100, 100, 100)
    assert not scores.unknown


@pytest.mark.parametrize(
    ("told", "part", "fit"),
    [
        ({"goal_horizon_months": 36}, "horizon", np.exp(-1)),
        ({"goal_horizon_months": 18}, "horizon", 1.0),
        ({"goal_horizon_months": 14 * 12}, "era", np.exp(-1)),
        ({"weekly_hours": 16}, "pace", np.exp(-1)),
        ({"weekly_hours": None}, "pace", 0.5),
        ({"years_experience": 13}, "years", np.exp(-1)),
        ({"years_experience": 60}, "distance", np.exp(-1)),
        ({"stage": 3}, "stage", np.exp(-1)),
        ({"style": (1.0, 0.0, 0.0, 0.0)}, "style", 15 / 16),
        ({"style": (1.0, None, None, None)}, "style", 0.75 / 4 + 0.75 / 2),
        ({"confidence": (0.0, 1.0, 1.0, 1.0)}, "style", 0.75 + 0.25 / 2),
        ({"occupation": 9, "near": {1: 0.6}}, "occupation", 0.6),
        ({"occupation": 9}, "occupation", 0.0),
        ({"soc": CODES[2]}, "field", 1.0),
        ({"soc": CODES[3]}, "field", 0.8),
        ({"soc": CODES[4]}, "field", 0.6),
        ({"soc": CODES[5]}, "field", 0.4),
        ({"soc": CODES[6]}, "field", 0.0),
        ({"words": frozenset(("data",))}, "specialization", 0.5),
        ({"words": frozenset(("ward",))}, "specialization", 0.0),
    ],
)
def test_parts_fall_off_as_they_say(told: dict[str, Any], part: str, fit: float) -> None:
    found = scored(told_everything(**told), [ordinary()]).fits[PARTS.index(part), 0]
    assert found == pytest.approx(fit, abs=1e-6)


def test_a_skill_counts_by_importance_level_and_gap() -> None:
    wants = (Want(1, 5.0, 4.0), Want(2, 4.0, 2.0), Want(3, 3.0, 3.0))
    person = told_everything(wants=wants)
    # 20, 8 and 9 are needed; of the third skill nothing is named, and the occupation asks nothing of it.
    one = ordinary(asked={1: 4.0, 2: 2.0}, skills={1: 1})
    covered = 20 * max(1.4 / 4, 0.5) + 8 * 0.5
    assert scored(person, [one]).fits[SKILL_ROW, 0] == pytest.approx(covered / 37, abs=1e-6)
    better = ordinary(asked={1: 4.0, 2: 2.0}, skills={1: 3})
    assert scored(person, [better]).fits[SKILL_ROW, 0] == pytest.approx((20 + 4) / 37, abs=1e-6)


@law
@given(people, travelers)
def test_features_come_back_from_json_to_the_same_score(person: PersonFeatures, traveler: TravelerFacts) -> None:
    again, there = person_from_json(person.as_json()), traveler_from_json(traveler.as_json())
    assert (again, there) == (person, traveler)
    assert (again.hash, hash_of(there)) == (person.hash, hash_of(traveler))
    assert same(scored(person, [traveler]), scored(again, [there]))


def test_nobody_to_score_is_no_score() -> None:
    assert scored(told_everything(), []).total.tolist() == []


def test_this_is_the_second_algorithm_of_four_letters() -> None:
    assert VERSION == "tell-2"
    assert LETTERS == ("time", "expertise", "learning_style", "longitude")


def test_only_career_facts_have_a_place() -> None:
    assert {each.name for each in fields(PersonFeatures)} == {
        "goal_horizon_months",
        "weekly_hours",
        "years_experience",
        "stage",
        "style",
        "confidence",
        "occupation",
        "soc",
        "near",
        "words",
        "wants",
    }
    assert not {each.name for each in fields(TravelerFacts)} & {"name", "voice", "story", "portrait", "slug"}
