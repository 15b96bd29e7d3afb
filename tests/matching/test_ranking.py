"""The list: exactly the one that scoring everybody gives, by the stated rule, within the hard rules."""

from collections.abc import Sequence
from dataclasses import replace
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching import ranking
from matching.features import PersonFeatures, TravelerFacts, Want
from matching.matrix import matrix_of
from matching.ranking import MOST_STEPS, Filters, Ranking, top
from matching.scoring import score_rows
from matching.weights import DEFAULT, Weights, parse_weights
from tests.factories.tell import (
    LANGUAGES,
    crowds,
    dice,
    law,
    ordinary,
    people,
    person_by,
    told_everything,
    traveler_by,
    weightings,
)

NOT_DIVERSE = parse_weights({**DEFAULT.as_json(), "parameters": {"step_back": 0.0}})


def ranked(person: PersonFeatures, crowd: Sequence[TravelerFacts], limit: int = 10, **filters: object) -> Ranking:
    return top(person, matrix_of(crowd), DEFAULT, Filters(**filters), limit)  # type: ignore[arg-type]  # by name


def by_hand(
    person: PersonFeatures, crowd: Sequence[TravelerFacts], weights: Weights, rows: Sequence[int], limit: int
) -> list[int]:
    """The rule as one would follow it on paper: again and again the one that stands highest now."""
    if not rows:
        return []
    scores = score_rows(person, matrix_of(crowd), weights)
    left = list(rows)
    listed: list[int] = []
    while left and len(listed) < limit:
        taken = [crowd[row].occupation for row in listed]

        def standing(row: int, taken: list[int] = taken) -> tuple[float, float, float, int]:
            steps = min(taken.count(crowd[row].occupation), MOST_STEPS)
            stands = scores.total[row] - steps * weights.parameters.step_back
            return -stands, -scores.total[row], -scores.low[row], row

        # Of an occupation only the best that is left may be next.
        best = {crowd[row].occupation: row for row in sorted(left, key=lambda one: standing(one)[1:], reverse=True)}
        listed.append(min(best.values(), key=standing))
        left.remove(listed[-1])
    return listed


def crowd_by(chance: Random) -> list[TravelerFacts]:
    """A crowd with twins and with whole families that hardly differ."""
    some = [traveler_by(chance) for _ in range(chance.randint(1, 12))]
    twins = [chance.choice(some) for _ in range(chance.randint(0, 6))]
    family = [replace(chance.choice(some), era=float(chance.randint(8, 12))) for _ in range(chance.randint(0, 12))]
    return [*some, *twins, *family]


@pytest.mark.parametrize("few", [0, 10**9], ids=["by bounds", "all of them"])
@law
@given(chance=dice, weights=weightings(), limit=st.integers(1, 12))
def test_the_fast_list_is_the_list_of_the_rule(few: int, chance: Random, weights: Weights, limit: int) -> None:
    person, crowd = person_by(chance), crowd_by(chance)
    languages = frozenset(chance.sample(LANGUAGES, chance.randint(0, 2)))
    allowed = np.array([chance.random() < 0.8 for _ in crowd])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ranking, "FEW", few)
        found = top(person, matrix_of(crowd), weights, Filters(languages, allowed), limit)
    rows = [row for row, one in enumerate(crowd) if allowed[row] and admitted(person, one, languages)]
    assert found.rows.tolist() == by_hand(person, crowd, weights, rows, limit)


@law
@given(chance=dice, weights=weightings(), limit=st.integers(1, 12))
def test_whom_nothing_tells_apart_are_cut_short_to_the_same_list(chance: Random, weights: Weights, limit: int) -> None:
    crowd = [chance.choice(crowd_by(chance)) for _ in range(40)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ranking, "FEW", 0)
        found = top(PersonFeatures(), matrix_of(crowd), weights, limit=limit)
    assert found.rows.tolist() == by_hand(PersonFeatures(), crowd, weights, range(len(crowd)), limit)


def admitted(person: PersonFeatures, traveler: TravelerFacts, languages: frozenset[str]) -> bool:
    speaks = not languages or not languages.isdisjoint(traveler.languages)
    if person.stage is None:
        return speaks
    lowest, highest = traveler.stages
    return speaks and lowest - 2 < person.stage < highest + 2


@law
@given(people, crowds)
def test_the_scores_of_a_list_are_those_of_everybody(person: PersonFeatures, crowd: list[TravelerFacts]) -> None:
    found, everybody = ranked(person, crowd), score_rows(person, matrix_of(crowd), DEFAULT)
    assert np.array_equal(found.scores.points, everybody.points[:, found.rows])
    assert np.array_equal(found.scores.low, everybody.low[found.rows])


@law
@given(people, crowds, st.randoms())
def test_the_order_of_travelers_does_not_matter_but_for_ties(
    person: PersonFeatures, crowd: list[TravelerFacts], chance: Random
) -> None:
    order = chance.sample(range(len(crowd)), len(crowd))
    shuffled = [crowd[row] for row in order]
    found, again = ranked(person, crowd), ranked(person, shuffled)
    assert standings(found) == standings(again)


def standings(found: Ranking) -> list[float]:
    """Where those of a list stand, each after it has stepped back."""
    stands: list[float] = (found.scores.total - found.stepped_back).tolist()
    return stands


def test_each_further_one_of_an_occupation_steps_back() -> None:
    family = [ordinary() for _ in range(5)]
    other = ordinary(occupation=2, soc=15205101, horizon=(3, 11))
    found = ranked(told_everything(near={2: 0.86}), [*family, other])
    assert found.rows.tolist() == [0, 1, 5, 2, 3, 4]
    assert found.stepped_back.tolist() == [0, 2, 0, 4, 6, 6]


def test_without_stepping_back_they_come_by_score() -> None:
    family = [ordinary() for _ in range(5)]
    other = ordinary(occupation=2, soc=15205101)
    person = told_everything(near={2: 0.95})
    assert top(person, matrix_of([*family, other]), NOT_DIVERSE).rows.tolist() == [0, 1, 2, 3, 4, 5]


def test_ties_go_to_the_higher_low_end_and_then_to_the_first() -> None:
    # Both skills are needed alike, but of the first one the person may have much: they did not list it.
    person = told_everything(wants=(Want(1, 5.0, 4.0), Want(2, 5.0, 5.4, 1, "attested")))
    unsure, sure = ordinary(asked={}, skills={1: 5}), ordinary(asked={}, skills={2: 5})
    found = ranked(person, [unsure, unsure, sure])
    assert found.rows.tolist() == [2, 0, 1]
    assert len(set(found.scores.total.tolist())) == 1


def test_nobody_is_there_or_let_through() -> None:
    assert len(ranked(told_everything(), [])) == 0
    assert len(ranked(told_everything(), [ordinary()], languages=frozenset(("mi",)))) == 0
    assert len(ranked(told_everything(), [ordinary()], allowed=np.array([False]))) == 0


def test_one_is_the_best_of_one() -> None:
    assert ranked(told_everything(), [ordinary()]).rows.tolist() == [0]


@pytest.mark.parametrize(("stages", "takes"), [((2, 4), True), ((3, 4), False), ((0, 1), True)])
def test_nobody_is_taken_from_beyond_a_traveler_s_boundaries(stages: tuple[int, int], takes: bool) -> None:  # noqa: FBT001 - a case
    assert len(ranked(told_everything(stage=1), [ordinary(stages=stages)])) == takes


def test_who_tells_nothing_meets_all_by_the_order_of_slugs_but_for_kind() -> None:
    crowd = [ordinary(), ordinary(), ordinary(occupation=2, soc=15205101)]
    assert ranked(PersonFeatures(), crowd).rows.tolist() == [0, 2, 1]
