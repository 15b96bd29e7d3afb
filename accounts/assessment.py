"""Scoring of the questions about learning preferences: pure functions of answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, pstdev
from typing import Final

from accounts.item_bank import ItemBank

LOWEST, HIGHEST = 1, 5
MIDDLE: Final = 3
LEAST_ANSWERS: Final = 3  # fewer say too little about an axis to call it anything
UNATTENTIVE: Final = 0.25  # what is left of the confidence when the attention check was not passed
DECIMALS: Final = 3


@dataclass(frozen=True, slots=True)
class AxisResult:
    """`value` from -1 (first pole) to 1 (second), `confidence` 0 to 1, `answered` of the axis's items."""

    axis: str
    value: float
    confidence: float
    answered: int


@dataclass(frozen=True, slots=True)
class AssessmentResult:
    """What the answers say; an axis with fewer than LEAST_ANSWERS of them is left out."""

    axes: tuple[AxisResult, ...]
    attention_passed: bool


def assess(bank: ItemBank, answers: Mapping[str, int]) -> AssessmentResult:
    """Results of all axes from answers, 1 to 5 by item key; keys the bank does not hold are not looked at."""
    passed = answers.get(bank.attention.key) == bank.attention.expected
    axes = dict.fromkeys(item.axis for item in bank.items)
    results = [_axis(bank, axis, answers, passed=passed) for axis in axes]
    return AssessmentResult(tuple(result for result in results if result is not None), passed)


def keyed(answer: int, sign: int) -> float:
    """An answer from 1 to 5 as -1 to 1 toward the axis's second pole."""
    return sign * (answer - MIDDLE) / (HIGHEST - MIDDLE)


def confidence(values: Sequence[float], asked: int) -> float:
    """How far to trust the mean of keyed answers, 0 to 1: the share answered times their consistency.

    Consistency is 1 - SE / SE_worst, where SE is the standard error of the mean and SE_worst that of as many
    answers split evenly between both ends. As values lie in -1 to 1, the quotient is the population standard
    deviation. Agreeing with everything contradicts the reverse-keyed half, and so earns 0.
    """
    return len(values) / asked * (1 - min(pstdev(values), 1.0))


def _axis(bank: ItemBank, axis: str, answers: Mapping[str, int], *, passed: bool) -> AxisResult | None:
    items = [item for item in bank.items if item.axis == axis]
    values = [keyed(answers[item.key], item.sign) for item in items if item.key in answers]
    if len(values) < LEAST_ANSWERS:
        return None
    trust = confidence(values, len(items)) * (1 if passed else UNATTENTIVE)
    # Adding zero turns a negative zero into a plain one.
    return AxisResult(axis, round(fmean(values), DECIMALS) + 0.0, round(trust, DECIMALS) + 0.0, len(values))
