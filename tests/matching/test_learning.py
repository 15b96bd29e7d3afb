"""Weights learn what people want: by bounded steps, from pairs alone, and live only when a person says so."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.tell_people import rounds
from matching.errors import TooLittleEvidence
from matching.learning import MOST_MOVE, Pairs, agreement, step_towards
from matching.models import Algorithm
from matching.selectors.weights import live_weights
from matching.services.learning import propose_weights
from matching.services.previewing import preview_weights
from matching.services.weights import publish_weights
from matching.tasks import propose_learned_weights
from matching.weights import DEFAULT, LEAST_POINTS, LETTERS, MOST_POINTS
from tests.factories.accounts import make_user
from tests.factories.matching import FITS, make_feedback
from tests.factories.mentors import make_traveler
from tests.matching.people import make_staff

START = [DEFAULT.letters[letter] for letter in LETTERS]
LOW, HIGH = [LEAST_POINTS[letter] for letter in LETTERS], [MOST_POINTS[letter] for letter in LETTERS]
TRUTH = {"time": 10.0, "expertise": 60.0, "learning_style": 5.0, "longitude": 25.0}

gap = st.lists(st.floats(-1, 1), min_size=4, max_size=4)
pairs_of_any_kind = st.lists(st.tuples(gap, st.floats(0.01, 2)), min_size=1, max_size=30).map(
    lambda rows: Pairs(np.array([row for row, _ in rows]), np.array([weight for _, weight in rows]))
)


@settings(deadline=None, max_examples=60)
@given(pairs_of_any_kind)
def test_a_step_is_bounded_whatever_people_say(pairs: Pairs) -> None:
    step = step_towards(START, pairs, LOW, HIGH)
    assert sum(step.after) == pytest.approx(100, abs=1e-6)
    for before, after, low, high in zip(START, step.after, LOW, HIGH, strict=True):
        assert abs(after - before) <= MOST_MOVE * before + 1e-6
        assert low - 1e-6 <= after <= high + 1e-6
    assert step.loss[1] <= step.loss[0] + 1e-9


@settings(deadline=None, max_examples=20)
@given(pairs_of_any_kind)
def test_the_same_pairs_give_the_same_step(pairs: Pairs) -> None:
    assert step_towards(START, pairs, LOW, HIGH) == step_towards(START, pairs, LOW, HIGH)


def test_nothing_to_learn_from_is_no_step() -> None:
    with pytest.raises(ValueError, match="no pair"):
        step_towards(START, Pairs(np.zeros((0, 4)), np.zeros(0)), LOW, HIGH)


def test_pairs_that_say_nothing_move_nothing() -> None:
    step = step_towards(START, Pairs(np.zeros((5, 4)), np.ones(5)), LOW, HIGH)
    assert step.after == pytest.approx(START)


def test_agreement_counts_ties_half() -> None:
    pairs = Pairs(np.array([[1.0, 0, 0, 0], [-1.0, 0, 0, 0], [0.0, 0, 0, 0]]), np.array([2.0, 1.0, 1.0]))
    assert agreement(np.array(START), pairs) == pytest.approx(2.5 / 4)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_people_who_know_what_they_want_are_understood(seed: int) -> None:
    course = list(rounds(TRUTH, DEFAULT.letters, number=10, people=250, seed=seed))
    assert course[0].distance == pytest.approx(15)
    assert course[-1].distance < 4
    assert course[-1].regret < course[0].regret / 5
    for one in course:
        moves = zip(one.step.before, one.step.after, strict=True)
        assert all(abs(after - before) <= MOST_MOVE * before + 1e-6 for before, after in moves)


def test_people_who_want_what_there_is_leave_it_there() -> None:
    course = list(rounds(DEFAULT.letters, DEFAULT.letters, number=6, people=400, seed=4))
    assert all(one.distance < 4 for one in course)


EXPERT = {**FITS, "expertise": 0.9, "time": 0.0}
PUNCTUAL = {**FITS, "expertise": 0.5, "time": 1.0}


def say(people: int) -> None:
    """So many people liked the expert better, whom the usual weights put after the punctual one; one was so-so."""
    fits = {1.0: EXPERT, 0.0: {**FITS, "time": 0.7}, -1.0: PUNCTUAL}
    travelers = {value: make_traveler() for value in fits}
    for _ in range(people):
        user = make_user()
        for value, fit in fits.items():
            make_feedback(user, travelers[value], value=value, fits=fit)


@pytest.mark.django_db
def test_a_proposal_is_a_draft_with_its_figures() -> None:
    say(40)
    draft = propose_weights()
    assert (draft.state, draft.source, draft.author, draft.reviewed_by) == ("draft", "learning", None, None)
    assert 45 < draft.weights["letters"]["expertise"] <= 49.5
    assert 18 <= draft.weights["letters"]["time"] < 20
    assert sum(draft.weights["letters"].values()) == pytest.approx(100, abs=1e-9)
    assert (draft.figures["people"], draft.figures["from"]) == (40, 1)
    assert draft.figures["loss"][1] < draft.figures["loss"][0]
    assert live_weights().weights == DEFAULT


@pytest.mark.django_db
def test_a_newer_proposal_takes_the_place_of_one_that_nobody_took() -> None:
    say(40)
    first = propose_weights()
    assert propose_learned_weights()
    (left,) = Algorithm.objects.filter(source="learning")
    assert left.pk != first.pk


@pytest.mark.django_db
def test_it_goes_live_by_a_person_alone_and_the_next_step_goes_from_there() -> None:
    say(40)
    staff, draft = make_staff(), propose_weights()
    preview_weights(actor=staff, algorithm=draft.uid)
    publish_weights(actor=staff, algorithm=draft.uid)
    assert live_weights().number == draft.number
    further = propose_weights()
    assert further.figures["from"] == draft.number
    assert further.weights["letters"]["expertise"] > draft.weights["letters"]["expertise"]


@pytest.mark.django_db
def test_a_few_people_are_too_few() -> None:
    say(3)
    with pytest.raises(TooLittleEvidence):
        propose_weights()
    assert propose_learned_weights() == 0
    assert not Algorithm.objects.filter(source="learning").exists()
