"""Runs pairs of the same work in ABBA order, so that a processor that drifts slows both alike."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import cached_property

from bench.statistics import Summary, summarise

MIN_ROUNDS = 7

# Does its work for one slice of time and returns its rate: units of work a second, above zero.
Contender = Callable[[], float]
Contenders = Mapping[str, Contender]
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Pair:
    """Compare `contender` with `reference`; the median ratio of their rates has to reach `at_least`."""

    contender: str
    reference: str
    at_least: float | None = None

    @property
    def name(self) -> str:
        return f"{self.contender} / {self.reference}"


@dataclass(frozen=True, slots=True)
class Figure:
    """Something measured by itself; may be bound from either side."""

    name: str
    value: float
    unit: str = ""
    at_least: float | None = None
    at_most: float | None = None

    @property
    def is_met(self) -> bool:
        """Whether the value lies within its bounds; true without any."""
        low = self.at_least is None or self.value >= self.at_least
        return low and (self.at_most is None or self.value <= self.at_most)


def all_met(measured: "Iterable[PairResult | Figure]") -> bool:
    """Whether nothing misses a bound."""
    return all(each.is_met for each in measured)


def no_figures(_say: Say) -> Sequence[Figure]:
    """For benches that are only pairs."""
    return ()


@dataclass(frozen=True, slots=True)
class Bench:
    """A question, what competes for the answer, and how good the answer has to be.

    `contenders` sets up what is measured and takes it down again. `figures` come before, with a set-up of their
    own, and may say what they do.
    """

    name: str
    question: str
    unit: str
    pairs: tuple[Pair, ...]
    contenders: Callable[[], AbstractContextManager[Contenders]]
    figures: Callable[[Say], Sequence[Figure]] = no_figures


@dataclass(frozen=True, slots=True)
class Round:
    """The four rates of one round: the reference's first and last slice, the contender's two between."""

    reference: tuple[float, float]
    contender: tuple[float, float]

    @property
    def ratio(self) -> float:
        return sum(self.contender) / sum(self.reference)


@dataclass(frozen=True)
class PairResult:
    """The rounds of a pair and what they say; `ratio` is contender over reference."""

    pair: Pair
    rounds: tuple[Round, ...]

    @cached_property
    def ratio(self) -> Summary:
        return summarise([each.ratio for each in self.rounds])

    @cached_property
    def reference(self) -> Summary:
        return summarise([rate for each in self.rounds for rate in each.reference])

    @cached_property
    def contender(self) -> Summary:
        return summarise([rate for each in self.rounds for rate in each.contender])

    @property
    def is_met(self) -> bool:
        """Whether the median ratio reaches the bound; true without one."""
        return self.pair.at_least is None or self.ratio.median >= self.pair.at_least


def run(bench: Bench, *, rounds: int = MIN_ROUNDS, say: Say = print) -> list[PairResult]:
    """Measure every pair of a bench, each contender once unmeasured before; raises ValueError for too few rounds."""
    if rounds < MIN_ROUNDS:
        raise ValueError(f"A median wants at least {MIN_ROUNDS} rounds.")
    with bench.contenders() as contenders:
        for name, contender in contenders.items():
            say(f"  warming up: {name}")
            contender()
        return list(_measure(bench, contenders, rounds, say))


def _measure(bench: Bench, contenders: Contenders, rounds: int, say: Say) -> Iterator[PairResult]:
    for pair in bench.pairs:
        say(f"  measuring: {pair.name}")
        reference, contender = contenders[pair.reference], contenders[pair.contender]
        yield PairResult(pair, tuple(one_round(reference, contender) for _ in range(rounds)))


def one_round(reference: Contender, contender: Contender) -> Round:
    """Reference, contender, contender, reference: a steady drift weighs on both alike."""
    before, first, second, after = reference(), contender(), contender(), reference()
    return Round(reference=(before, after), contender=(first, second))
