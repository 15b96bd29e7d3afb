"""The lists of many people at once are those that each of them is given alone."""

from collections.abc import Sequence
from dataclasses import replace
from random import Random

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from matching.askers import askers_of
from matching.blocks import blocks_of, highest
from matching.crowds import NOBODY, Rules, lists_of
from matching.features import PersonFeatures, TravelerFacts
from matching.grounds import ground_of
from matching.matrix import matrix_of
from matching.ranking import Filters, top
from matching.weights import DEFAULT, Weights
from tests.factories.tell import LANGUAGES, dice, law, ordinary, person_by, told_everything, traveler_by, weightings

NO_TRAVELERS: list[TravelerFacts] = []


def lists(people: Sequence[PersonFeatures], crowd: Sequence[TravelerFacts], **rules: object) -> list[list[int]]:
    found = lists_of(askers_of(people, DEFAULT.parameters), matrix_of(crowd), DEFAULT, Rules(**rules))  # type: ignore[arg-type]  # by name
    return [[row for row in rows if row != NOBODY] for rows in found.rows.tolist()]


def some_people(chance: Random) -> list[PersonFeatures]:
    """People of whom some share an aim, and some are alike but for one thing."""
    some = [person_by(chance) for _ in range(chance.randint(1, 5))]
    cousins = [replace(chance.choice(some), weekly_hours=chance.randint(1, 80)) for _ in range(chance.randint(0, 4))]
    careers = [replace(chance.choice(some), stage=chance.randint(0, 4)) for _ in range(chance.randint(0, 4))]
    return [*some, *cousins, *careers]


@law
@given(chance=dice, weights=weightings(), limit=st.integers(1, 12), size=st.integers(1, 60))
def test_each_list_is_the_one_that_is_made_for_one(chance: Random, weights: Weights, limit: int, size: int) -> None:
    people, crowd = some_people(chance), [traveler_by(chance) for _ in range(size)]
    languages = [frozenset(chance.sample(LANGUAGES, chance.randint(0, 2))) for _ in people]
    allowed = np.array([chance.random() < 0.9 for _ in crowd])
    without = [chance.sample(range(size), chance.randint(0, min(size, 3))) for _ in people]
    matrix, askers = matrix_of(crowd), askers_of(people, weights.parameters, languages)
    found = lists_of(askers, matrix, weights, Rules(allowed, without), limit).rows
    for person, spoken, unwanted, rows in zip(people, languages, without, found.tolist(), strict=True):
        mine = allowed.copy()
        mine[unwanted] = False
        alone = top(person, matrix, weights, Filters(spoken, mine), limit).rows.tolist()
        assert rows == alone + [NOBODY] * (limit - len(alone))


def test_most_lists_need_no_second_look() -> None:
    chance = Random(5)  # noqa: S311 - a crowd, not a secret
    crowd = [traveler_by(chance) for _ in range(400)]
    people = [told_everything(style=(chance.random(), 0.3, -0.2, 0.9), weekly_hours=hours) for hours in range(1, 60)]
    assert lists_of(askers_of(people, DEFAULT.parameters), matrix_of(crowd), DEFAULT).tied < len(people) / 4


def test_a_large_family_that_hardly_differs() -> None:
    chance = Random(6)  # noqa: S311 - a crowd, not a secret
    crowd = [ordinary(style=(chance.uniform(-1, 1), 0.0, 0.0, 0.0)) for _ in range(400)]
    person = told_everything(style=(0.9, 0.0, 0.0, 0.0))
    assert lists([person, person], crowd) == [top(person, matrix_of(crowd), DEFAULT).rows.tolist()] * 2


def test_twins_are_told_apart_by_their_order_and_counted() -> None:
    crowd = [ordinary(), ordinary(), ordinary(occupation=2, soc=15205101)]
    found = lists_of(askers_of([PersonFeatures()], DEFAULT.parameters), matrix_of(crowd), DEFAULT)
    assert found.rows[0, :3].tolist() == [0, 2, 1]
    assert found.tied == 1


def test_rough_scores_are_as_near_as_they_claim() -> None:
    chance = Random(7)  # noqa: S311 - a crowd, not a secret
    people, matrix = [person_by(chance) for _ in range(60)], matrix_of([traveler_by(chance) for _ in range(200)])
    ground = ground_of(askers_of(people, DEFAULT.parameters), matrix, DEFAULT, Rules(), 10)
    everybody = np.arange(len(ground))
    for aimed in ground.askers.aims:
        for block in blocks_of(ground, aimed):
            rough = block.rough()
            exact = block.exact(np.arange(len(rough)), np.tile(everybody, (len(rough), 1)))
            may = np.isfinite(rough)
            assert np.abs(rough[may] - exact[may]).max(initial=0) < block.error


@law
@given(chance=dice, size=st.integers(2, 200))
def test_the_roughly_highest_are_as_high_as_is_said_of_the_others(chance: Random, size: int) -> None:
    scores = [[chance.choice((-np.inf, 0.0, 50.0, 100.0 * chance.random())) for _ in range(size)] for _ in range(5)]
    rough = np.array(scores, dtype=np.float32)
    some, edge = highest(rough, number := chance.randint(1, size))
    for row, places, others_up_to in zip(rough, some, edge, strict=True):
        assert len(set(places.tolist())) == number
        assert np.delete(row, places).max(initial=-np.inf) <= others_up_to
        assert np.isneginf(others_up_to) or row[places].min() >= others_up_to - 2.0**-10


def test_nobody_asks_or_nobody_is_there() -> None:
    assert lists([], [ordinary()]) == []
    assert lists([told_everything()], NO_TRAVELERS) == [[]]
    assert lists([told_everything()], [ordinary()], allowed=np.array([False])) == [[]]
    assert lists([told_everything()], [ordinary(), ordinary()], without=[[0]]) == [[1]]
