"""Invented people who know what they want: for seeing whether weights learn it from what they do."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from matching.learning import Floats, Step, step_towards
from matching.verdicts import ACCEPTED, PASSED_OVER, SOMEBODY_ELSE, Verdict, pairs_from
from matching.weights import LEAST_POINTS, LETTERS, MOST_POINTS

TRAVELERS = 60
SHOWN = 10
# Points of what people really want that make one choice e times as likely as another: they are not of one mind.
TEMPER = 4.0


@dataclass(frozen=True, slots=True)
class Round:
    """A step, and how good the lists were before it: `regret`, points by which the first in the list is worse, to the
    person, than the best there is; `distance` of the weights from what people want, in points."""

    step: Step
    regret: float
    distance: float


def rounds(
    truth: Mapping[str, float], start: Mapping[str, float], *, number: int, people: int, seed: int
) -> Iterator[Round]:
    """Lists are made by the weights, people choose by the truth, weights take a step; again and again."""
    dice = np.random.default_rng(seed)
    wanted, weights = _vector(truth), _vector(start)
    lowest, highest = _vector(LEAST_POINTS), _vector(MOST_POINTS)
    for _ in range(number):
        fits = dice.beta(1.5, 1.5, size=(people, TRAVELERS, len(LETTERS)))
        pairs = pairs_from(_verdicts(one, weights, wanted, dice) for one in fits)
        step = step_towards(weights.tolist(), pairs, lowest.tolist(), highest.tolist())
        yield Round(step, _regret(fits, weights, wanted), float(np.abs(weights - wanted).sum() / 2))
        weights = np.array(step.after)


def _verdicts(fits: Floats, weights: Floats, wanted: Floats, dice: np.random.Generator) -> list[Verdict]:
    """Somebody looks at the list and takes one; the others were passed over."""
    shown = fits[np.argsort(-(fits @ weights), kind="stable")[:SHOWN]]
    liking = shown @ wanted / TEMPER
    odds = np.exp(liking - liking.max())
    taken = int(dice.choice(SHOWN, p=odds / odds.sum()))
    others = np.delete(shown, taken, axis=0)
    passed = [Verdict(SOMEBODY_ELSE, PASSED_OVER, _fits(one)) for one in others]
    return [Verdict(taken, ACCEPTED, _fits(shown[taken])), *passed]


def _fits(row: Floats) -> dict[str, float]:
    return dict(zip(LETTERS, row.tolist(), strict=True))


def _regret(fits: Floats, weights: Floats, wanted: Floats) -> float:
    worth = fits @ wanted
    first = np.argmax(fits @ weights, axis=1)
    return float((worth.max(axis=1) - worth[np.arange(len(worth)), first]).mean())


def _vector(points: Mapping[str, float]) -> Floats:
    return np.array([points[letter] for letter in LETTERS], dtype=np.float64)
