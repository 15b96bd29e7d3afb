"""Median, spread and interval of a list of figures."""

import random
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.statistics import bootstrap_interval, summarise

figures = st.lists(st.floats(0.01, 1e6), min_size=2, max_size=12)


@given(figures)
def test_the_median_lies_in_its_interval_and_the_interval_within_the_figures(values: list[float]) -> None:
    summary = summarise(values)
    assert summary.median == pytest.approx(median(values))
    assert min(values) <= summary.low <= summary.median * (1 + 1e-9)
    assert summary.median * (1 - 1e-9) <= summary.high <= max(values)
    assert summary.spread >= 0


@given(figures, st.randoms())
def test_the_order_of_the_figures_does_not_matter(values: list[float], dice: random.Random) -> None:
    shuffled = dice.sample(values, len(values))
    assert summarise(shuffled) == summarise(values)


@given(figures, st.sampled_from([0.5, 4.0, 1024.0]))
def test_another_unit_changes_the_figures_and_not_the_spread(values: list[float], factor: float) -> None:
    before, after = summarise(values), summarise([value * factor for value in values])
    assert (after.median, after.low, after.high) == (before.median * factor, before.low * factor, before.high * factor)
    assert after.spread == pytest.approx(before.spread)


def test_figures_that_agree_leave_no_doubt() -> None:
    summary = summarise([3.0] * 7)
    assert (summary.median, summary.low, summary.high, summary.spread) == (3.0, 3.0, 3.0, 0.0)


def test_one_wild_figure_does_not_move_the_median() -> None:
    assert summarise([3.0, 3.1, 2.9, 3.0, 3.2, 2.8, 90.0]).median == 3.0


def test_the_interval_holds_the_true_median_about_as_often_as_it_says() -> None:
    dice = random.Random(2)  # noqa: S311 - figures, not secrets
    held = 0
    for _ in range(100):
        low, high = bootstrap_interval([dice.lognormvariate(0, 0.3) for _ in range(15)])
        held += low <= 1.0 <= high
    assert 88 <= held <= 100
