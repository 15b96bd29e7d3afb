"""What a list of measurements says: median, spread, and how sure one can be of the median."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median, quantiles

RESAMPLES = 2000
CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class Summary:
    """A median with its bootstrap interval; `spread` is the interquartile range over the median."""

    median: float
    low: float
    high: float
    spread: float


def summarise(values: Sequence[float]) -> Summary:
    """Summarise positive values, two at least; the same values in any order give the same summary."""
    low, high = bootstrap_interval(values)
    first, middle, third = quantiles(values, n=4, method="inclusive")
    return Summary(median=middle, low=low, high=high, spread=(third - first) / middle)


def bootstrap_interval(values: Sequence[float]) -> tuple[float, float]:
    """Percentile bootstrap (Efron 1979) of the median at CONFIDENCE."""
    dice = random.Random(len(values))  # noqa: S311 - resampling, not secrecy
    population = sorted(values)
    medians = sorted(median(dice.choices(population, k=len(values))) for _ in range(RESAMPLES))
    tail = int(RESAMPLES * (1 - CONFIDENCE) / 2)
    return medians[tail], medians[-tail - 1]
