"""Pairs in ABBA order, and what is made of them."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.harness import Bench, Contender, Contenders, Figure, Pair, PairResult, Round, all_met, one_round, run


class Drifting:
    """A processor that gets slower (or faster) with every slice, and a note of who ran when."""

    def __init__(self, drift: float = 0.0) -> None:
        self.slices: list[str] = []
        self._drift = drift

    def contender(self, name: str, rate: float) -> Contender:
        def slice_of_work() -> float:
            slowed = rate * (1 - self._drift * len(self.slices))
            self.slices.append(name)
            return slowed

        return slice_of_work


def bench(contenders: Contenders, *pairs: Pair, ended: list[bool] | None = None) -> Bench:
    @contextmanager
    def opened() -> Iterator[Contenders]:
        try:
            yield contenders
        finally:
            (ended if ended is not None else []).append(True)

    return Bench(name="some", question="which?", unit="things/s", pairs=pairs, contenders=opened)


def quiet(_line: str) -> None:
    """Say nothing."""


def test_a_round_is_reference_contender_contender_reference() -> None:
    machine = Drifting()
    one_round(machine.contender("a", 1.0), machine.contender("b", 2.0))
    assert machine.slices == ["a", "b", "b", "a"]


@given(st.floats(0.05, 50.0), st.floats(-0.01, 0.01))
def test_a_steady_drift_does_not_show(factor: float, drift: float) -> None:
    machine = Drifting(drift)
    measured = one_round(machine.contender("a", 100.0), machine.contender("b", 100.0 * factor))
    assert measured.ratio == pytest.approx(factor)


def test_each_contender_is_warmed_up_once_before_anything_counts() -> None:
    machine = Drifting()
    contenders = {"ours": machine.contender("ours", 30.0), "stock": machine.contender("stock", 10.0)}
    results = run(bench(contenders, Pair("ours", "stock")), rounds=7, say=quiet)
    assert machine.slices == ["ours", "stock"] + ["stock", "ours", "ours", "stock"] * 7
    assert len(results[0].rounds) == 7
    assert results[0].ratio.median == pytest.approx(3.0)


def test_every_pair_is_measured_for_itself() -> None:
    machine = Drifting()
    contenders = {name: machine.contender(name, rate) for name, rate in {"a": 1.0, "b": 2.0, "c": 8.0}.items()}
    results = run(bench(contenders, Pair("b", "a"), Pair("c", "b")), say=quiet)
    assert [result.ratio.median for result in results] == [pytest.approx(2.0), pytest.approx(4.0)]


@pytest.mark.parametrize(("bound", "met"), [(None, True), (3.0, True), (3.01, False)])
def test_a_bound_is_met_by_the_median(bound: float | None, *, met: bool) -> None:
    rounds = tuple(Round((1.0, 1.0), (ratio, ratio)) for ratio in (2.0, 2.5, 2.9, 3.0, 3.1, 9.0, 10.0))
    assert PairResult(Pair("ours", "stock", at_least=bound), rounds).is_met is met


@pytest.mark.parametrize(
    ("low", "high", "met"),
    [
        (None, None, True),
        (0.9, None, True),
        (0.91, None, False),
        (None, 0.9, True),
        (None, 0.89, False),
        (0.8, 1.0, True),
    ],
)
def test_a_figure_may_be_bound_from_either_side(low: float | None, high: float | None, *, met: bool) -> None:
    figure = Figure("agreement", 0.9, at_least=low, at_most=high)
    assert figure.is_met is met
    assert all_met([figure, Figure("another", 1.0)]) is met


def test_a_bench_has_no_figures_unless_it_says_so() -> None:
    assert list(bench({}).figures(quiet)) == []


def test_too_few_rounds_are_refused_before_anything_is_set_up() -> None:
    ended: list[bool] = []
    with pytest.raises(ValueError, match="at least 7"):
        run(bench({}, ended=ended), rounds=6, say=quiet)
    assert ended == []


def test_what_was_set_up_is_taken_down_when_a_slice_fails() -> None:
    def failing() -> float:
        raise OSError("gone")

    ended: list[bool] = []
    with pytest.raises(OSError, match="gone"):
        run(bench({"ours": failing}, ended=ended), say=quiet)
    assert ended == [True]
