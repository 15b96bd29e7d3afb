"""Explanations: sentences that are true of the numbers, and promises of more that the scorer keeps."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given

from matching.explaining import MOST_RAISES, WORTH_SAYING, Explainer, Explanation
from matching.features import PersonFeatures, TravelerFacts, Want
from matching.matrix import matrix_of
from matching.scoring import Scores, score_rows
from matching.weights import DEFAULT, LETTERS, PARTS, Weights
from tests.factories.tell import crowds, law, ordinary, people, told_everything, weightings

NAMES = {skill: f"Skill {skill}" for skill in range(1, 10)}


def scored(person: PersonFeatures, crowd: Sequence[TravelerFacts], weights: Weights = DEFAULT) -> Scores:
    return score_rows(person, matrix_of(crowd), weights)


def explained(person: PersonFeatures, traveler: TravelerFacts, weights: Weights = DEFAULT) -> Explanation:
    scores = scored(person, [traveler], weights)
    fits, points = (dict(zip(PARTS, figures[:, 0].tolist(), strict=True)) for figures in (scores.fits, scores.points))
    target = None if person.occupation is None else "Data Scientists"
    return Explainer(person, weights, target, NAMES).explain("Ada", "Statisticians", traveler, fits, points)


def reason(letter: str, person: PersonFeatures, traveler: TravelerFacts | None = None) -> str:
    return explained(person, traveler or ordinary()).reasons[letter].text


@law
@given(people, crowds, weightings())
def test_what_would_raise_a_score_raises_it_by_as_much(
    person: PersonFeatures, crowd: list[TravelerFacts], weights: Weights
) -> None:
    traveler = crowd[0]
    before = scored(person, [traveler], weights)
    found = explained(person, traveler, weights).raises
    assert len(found) <= MOST_RAISES
    assert [one.points for one in found] == sorted((one.points for one in found), reverse=True)
    for one in found:
        assert one.points >= WORTH_SAYING
        if one.up_to:
            assert before.total[0] + one.points <= before.high[0] + 1e-5
        else:
            changed: dict[str, Any] = {one.fact: one.value}
            after = scored(replace(person, **changed), [traveler], weights)
            assert after.total[0] - before.total[0] == pytest.approx(one.points, abs=1e-9)


@law
@given(people, crowds)
def test_what_is_unknown_is_what_the_scorer_says(person: PersonFeatures, crowd: list[TravelerFacts]) -> None:
    assert Explainer(person, DEFAULT, None, NAMES).unknown == scored(person, crowd).unknown


@law
@given(people, crowds)
def test_every_explanation_has_its_sentences(person: PersonFeatures, crowd: list[TravelerFacts]) -> None:
    for traveler in crowd:
        found = explained(person, traveler)
        texts = [
            found.sentence,
            *(found.reasons[letter].text for letter in LETTERS),
            *(one.text for one in found.raises),
        ]
        assert all(text.endswith(".") and text[0].isupper() and " nan" not in text for text in texts)


def test_the_sentence_for_all_says_where_points_are_and_where_not() -> None:
    best = explained(told_everything(), ordinary())
    assert best.sentence == "Ada scores 100 of 100, 45 of them for expertise."
    late = explained(told_everything(weekly_hours=40), ordinary())
    assert late.sentence == "Ada scores 92 of 100, 45 of them for expertise; 8 are missing for time."


def test_an_hour_more_or_less_is_offered_with_what_it_gives() -> None:
    (offer,) = explained(told_everything(weekly_hours=16), ordinary()).raises
    assert (offer.fact, offer.value, offer.up_to) == ("weekly_hours", 8, False)
    assert offer.points == pytest.approx(8 * (1 - np.exp(-1)), abs=1e-5)
    assert offer.text == "With 8 hours a week this would be 5.1 points more."


def test_what_is_not_told_is_asked_for_with_what_it_could_give() -> None:
    (offer,) = explained(told_everything(weekly_hours=None), ordinary()).raises
    assert (offer.fact, offer.value, offer.up_to, offer.points) == ("weekly_hours", None, True, 4)
    assert offer.text == "Say how many hours a week you have: up to 4.0 points more, or less."


def test_nothing_raises_the_best() -> None:
    assert explained(told_everything(), ordinary()).raises == ()


@pytest.mark.parametrize(
    ("months", "hours", "expected"),
    [
        (12, None, "Your goal, 12 months away, is within the 3 to 18 months Ada plans for."),
        (1, None, "Your goal, 1 month away, is outside the 3 to 18 months Ada plans for."),
        (None, 9, "Your 9 hours a week are outside a pace of 3 to 8."),
        (None, None, "You have not told your time frame yet, so this counts as neutral."),
    ],
)
def test_time(months: int | None, hours: int | None, expected: str) -> None:
    assert reason("time", PersonFeatures(goal_horizon_months=months, weekly_hours=hours)) == expected


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({}, "the occupation you aim for"),
        ({"occupation": 9, "near": {1: 0.8}}, "close to the occupation you aim for"),
        ({"occupation": 9, "near": {1: 0.2}}, "in the field you aim for"),
        ({"occupation": 9, "soc": 29114100}, "outside the field you aim for"),
    ],
)
def test_expertise(facts: dict[str, Any], words: str) -> None:
    start = f"Ada comes from Statisticians, {words}"
    person = told_everything(**facts)
    assert reason("expertise", person) == f"{start}, and covers 100% of what you need, most of all Skill 2 and Skill 1."
    nobody = ordinary(skills={}, asked={})
    assert reason("expertise", person, nobody) == f"{start}, and covers 0% of what you need."
    assert reason("expertise", replace(person, wants=())) == f"{start}."


def test_the_skills_that_help_most_come_first() -> None:
    person = told_everything(wants=(Want(1, 2.0, 2.0), Want(2, 5.0, 6.0), Want(3, 4.0, 4.0)))
    text = reason("expertise", person, ordinary(skills={1: 5, 2: 5, 3: 5, 9: 5}))
    assert text.endswith("most of all Skill 2 and Skill 3.")


def test_who_has_no_target_is_told_so() -> None:
    assert reason("expertise", PersonFeatures()).startswith("You have not chosen a target occupation")


@pytest.mark.parametrize(("mine", "words"), [(0.0, "is much like"), (1.0, "is partly like"), (-1.0, "differs from")])
def test_learning_style(mine: float, words: str) -> None:
    theirs = (0.0,) * 4 if mine == 1.0 else (1.0,) * 4 if mine < 0 else (0.0,) * 4
    text = reason("learning_style", told_everything(style=(mine,) * 4), ordinary(style=theirs))
    assert text == f"The way Ada teaches {words} the way you like to learn, which counts for little."


@pytest.mark.parametrize(
    ("years", "era", "lies", "distance"),
    [
        (1, 10, "1 year of experience lies within", "far enough to help and near enough to remember"),
        (9, 3, "9 years of experience lie outside", "which is near for a mentor of yours"),
        (1, 40, "1 year of experience lies within", "which is far from where you are"),
    ],
)
def test_longitude(years: int, era: int, lies: str, distance: str) -> None:
    text = reason("longitude", told_everything(years_experience=years), ordinary(era=float(era)))
    assert text == f"Your {lies} the 0 to 8 that suit Ada, who is {era} years ahead, {distance}."


def test_longitude_without_years() -> None:
    known = "your own experience is not known and counts as neutral."
    stage = "your stage of career, exploration, suits it"
    assert reason("longitude", told_everything(years_experience=None)) == f"Ada is 10 years ahead; {stage}; {known}"
    assert reason("longitude", PersonFeatures()) == f"Ada is 10 years ahead; {known}"


def test_what_is_unknown_is_marked() -> None:
    found = explained(told_everything(weekly_hours=None), ordinary()).reasons
    assert {letter for letter, one in found.items() if one.unknown} == {"time"}
