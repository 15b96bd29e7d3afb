"""Scoring of the questions about learning preferences."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.assessment import LEAST_ANSWERS, UNATTENTIVE, AxisResult, assess, confidence, keyed
from accounts.item_bank import current_version, item_bank
from accounts.models import AXES
from timetravelers.kit.content import ContentError

BANK = item_bank(1)
ATTENTIVE = {BANK.attention.key: BANK.attention.expected}
ITEMS = {axis: [item for item in BANK.items if item.axis == axis] for axis in AXES}
answer_sheets = st.dictionaries(st.sampled_from(sorted(BANK.keys)), st.integers(1, 5))


def leaning(axis: str, sign: int, strength: int = 2) -> dict[str, int]:
    """Answers of somebody who leans to one pole of an axis, consistently, reversed lines included."""
    return {item.key: 3 + item.sign * sign * strength for item in ITEMS[axis]}


def result_of(axis: str, answers: dict[str, int]) -> AxisResult:
    [found] = [result for result in assess(BANK, {**ATTENTIVE, **answers}).axes if result.axis == axis]
    return found


@pytest.mark.parametrize("axis", AXES)
@pytest.mark.parametrize("sign", [-1, 1])
def test_consistent_answers_reach_the_pole_with_full_confidence(axis: str, sign: int) -> None:
    assert result_of(axis, leaning(axis, sign)) == AxisResult(axis, float(sign), 1.0, 6)
    assert result_of(axis, leaning(axis, sign, 1)) == AxisResult(axis, sign / 2, 1.0, 6)


@pytest.mark.parametrize("answer", [1, 5])
def test_agreeing_or_disagreeing_with_everything_says_nothing(answer: int) -> None:
    """Half the lines are keyed the other way round, so such answers contradict themselves."""
    for result in assess(BANK, {**dict.fromkeys(BANK.keys, answer), **ATTENTIVE}).axes:
        assert (result.value, result.confidence) == (0.0, 0.0)


def test_fewer_answers_are_trusted_less() -> None:
    axis = AXES[0]
    whole = leaning(axis, 1)
    half = dict(list(whole.items())[:3])
    assert result_of(axis, half) == AxisResult(axis, 1.0, 0.5, 3)


def test_an_axis_with_too_few_answers_is_left_out() -> None:
    axis = AXES[0]
    few = dict(list(leaning(axis, 1).items())[: LEAST_ANSWERS - 1])
    assert assess(BANK, few).axes == ()
    assert assess(BANK, {}).axes == ()


@pytest.mark.parametrize("check", [{}, {BANK.attention.key: 5}, {BANK.attention.key: 1}])
def test_a_failed_or_skipped_attention_check_costs_confidence_and_not_the_value(check: dict[str, int]) -> None:
    answers = leaning(AXES[0], 1)
    found = assess(BANK, {**answers, **check})
    assert found.attention_passed is False
    assert found.axes == (AxisResult(AXES[0], 1.0, UNATTENTIVE, 6),)
    assert assess(BANK, {**answers, **ATTENTIVE}).attention_passed is True


def test_an_example_worked_by_hand() -> None:
    """Keyed answers 1, 1, 0.5, 0.5, 0, 0: mean 0.5, population deviation 0.408."""
    wanted = [2, 2, 1, 1, 0, 0]
    answers = {item.key: 3 + item.sign * by for item, by in zip(ITEMS[AXES[1]], wanted, strict=True)}
    assert result_of(AXES[1], answers) == AxisResult(AXES[1], 0.5, 0.592, 6)


@given(answer_sheets)
def test_results_stay_in_their_ranges(answers: dict[str, int]) -> None:
    found = assess(BANK, answers)
    assert {result.axis for result in found.axes} <= set(AXES)
    for result in found.axes:
        assert -1 <= result.value <= 1
        assert 0 <= result.confidence <= 1
        assert result.answered >= LEAST_ANSWERS


@given(answer_sheets)
def test_the_order_of_answers_and_foreign_keys_change_nothing(answers: dict[str, int]) -> None:
    backwards = dict(reversed(list(answers.items())))
    assert assess(BANK, {**backwards, "of-another-version": 5}) == assess(BANK, answers)


@given(answer_sheets)
def test_mirrored_answers_give_mirrored_values(answers: dict[str, int]) -> None:
    mirrored = {key: 6 - value for key, value in answers.items()}
    pairs = zip(assess(BANK, answers).axes, assess(BANK, mirrored).axes, strict=True)
    assert all(one.value == pytest.approx(-other.value) for one, other in pairs)


@given(st.dictionaries(st.sampled_from(sorted(BANK.keys - {BANK.attention.key})), st.integers(1, 5)))
def test_attention_never_lowers_confidence(answers: dict[str, int]) -> None:
    pairs = zip(assess(BANK, answers).axes, assess(BANK, {**answers, **ATTENTIVE}).axes, strict=True)
    assert all(careless.confidence <= careful.confidence for careless, careful in pairs)


@given(st.lists(st.floats(-1, 1), min_size=1, max_size=10))
def test_confidence_is_a_share(values: list[float]) -> None:
    assert 0 <= confidence(values, 10) <= 1


@pytest.mark.parametrize(("answer", "value"), [(1, -1), (2, -0.5), (3, 0), (4, 0.5), (5, 1)])
def test_keying(answer: int, value: float) -> None:
    assert keyed(answer, 1) == value
    assert keyed(answer, -1) == -value


def test_the_attention_check_stands_in_the_middle_and_every_line_is_there_once() -> None:
    keys = [key for key, _ in BANK.lines]
    assert keys.index(BANK.attention.key) == len(BANK.items) // 2
    assert len(set(keys)) == len(keys) == len(BANK.items) + 1


def test_a_version_that_is_not_there_is_an_error() -> None:
    with pytest.raises(ContentError):
        item_bank(current_version() + 1)
