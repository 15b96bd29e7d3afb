"""A bounded step of the weights towards what people preferred: a pure function of pairs.

A pair is two Travelers that one person had to do with, and liked one of better. Under weights w the odds that the
better one is liked better are exp(b * w . (fits of the better - fits of the worse)), after Bradley and Terry (1952),
with weights that sum to 100 and a sharpness b which is fitted along. The step goes to the likeliest weights, pulled
back to where they are, and no weight moves by more than a share of itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

TOTAL: Final = 100.0
MOST_MOVE: Final = 0.1  # of each weight, in one step
PULL: Final = 0.02  # how much staying is worth, in mean log-likelihood for a move by the whole of a weight
SHARPEST: Final = 2.0  # a point of score makes nothing more than e^2 times as likely
# Nor do twenty points make less than e times of it: weights that are mostly wrong are no reason to think that people
# choose by the throw of dice, from which nothing could be learned.
BLUNTEST: Final = 0.05
ROUNDS: Final = 400
NEWTON_STEPS: Final = 3
HALVINGS: Final = 80
LITTLE: Final = 1e-9


@dataclass(frozen=True, slots=True)
class Pairs:
    """`gaps`: fits of the better minus those of the worse, -1 to 1, (N, L). `strength`: how much each counts, (N,)."""

    gaps: Floats
    strength: Floats

    def __len__(self) -> int:
        return len(self.gaps)


@dataclass(frozen=True, slots=True)
class Step:
    """Weights before and after in points that sum to 100, and how well each explains the pairs.

    `loss` are mean negative log-likelihoods; `agreement` are shares of the pairs, by strength, that the weights put
    in the right order, ties counting half.
    """

    before: tuple[float, ...]
    after: tuple[float, ...]
    loss: tuple[float, float]
    agreement: tuple[float, float]
    sharpness: float


def step_towards(weights: Sequence[float], pairs: Pairs, lowest: Sequence[float], highest: Sequence[float]) -> Step:
    """The step from weights in points, each kept between its lowest and highest as well.

    Raises ValueError without a pair. The same pairs give the same step.
    """
    if not len(pairs):
        raise ValueError("no pair to learn from")
    start = np.asarray(weights, dtype=np.float64)
    low = np.maximum(start * (1 - MOST_MOVE), lowest)
    high = np.minimum(start * (1 + MOST_MOVE), highest)
    sharpness, here = 0.1, start
    for turn in range(ROUNDS):
        sharpness = _sharpened(here, pairs, sharpness)
        slope = _slope(here, pairs, sharpness) + PULL * (here - start) / np.square(start)
        size = TOTAL / (10 + turn)
        here = _inside(here - size * slope / max(float(np.abs(slope).max()), LITTLE) * MOST_MOVE, low, high)
    if _worth(here, start, pairs, sharpness) > _worth(start, start, pairs, sharpness):
        here = start
    return Step(
        before=tuple(start.tolist()),
        after=tuple(here.tolist()),
        loss=(_loss(start, pairs, sharpness), _loss(here, pairs, sharpness)),
        agreement=(agreement(start, pairs), agreement(here, pairs)),
        sharpness=sharpness,
    )


def agreement(weights: Floats, pairs: Pairs) -> float:
    """The share of the pairs, by strength, that weights put in the right order; ties count half."""
    margin = pairs.gaps @ weights
    right = np.where(np.abs(margin) <= LITTLE, 0.5, margin > 0)
    return float((right * pairs.strength).sum() / pairs.strength.sum())


def _loss(weights: Floats, pairs: Pairs, sharpness: float) -> float:
    margin = sharpness * (pairs.gaps @ weights)
    return float((np.logaddexp(0.0, -margin) * pairs.strength).sum() / pairs.strength.sum())


def _worth(weights: Floats, start: Floats, pairs: Pairs, sharpness: float) -> float:
    return _loss(weights, pairs, sharpness) + PULL / 2 * float(np.square((weights - start) / start).sum())


def _wrongness(weights: Floats, pairs: Pairs, sharpness: float) -> Floats:
    """The probability of the order that did not come, times strength, of each pair."""
    margin = sharpness * (pairs.gaps @ weights)
    return np.asarray(np.exp(-np.logaddexp(0.0, margin)) * pairs.strength, dtype=np.float64)


def _slope(weights: Floats, pairs: Pairs, sharpness: float) -> Floats:
    wrong = _wrongness(weights, pairs, sharpness)
    return np.asarray(-sharpness * (wrong @ pairs.gaps) / pairs.strength.sum(), dtype=np.float64)


def _sharpened(weights: Floats, pairs: Pairs, sharpness: float) -> float:
    """The sharpness that fits these weights best, by a few steps of Newton's from the last."""
    margin = pairs.gaps @ weights
    for _ in range(NEWTON_STEPS):
        wrong = np.exp(-np.logaddexp(0.0, sharpness * margin))
        slope = -float((wrong * margin * pairs.strength).sum())
        bend = float((wrong * (1 - wrong) * np.square(margin) * pairs.strength).sum())
        sharpness = min(max(sharpness - slope / max(bend, LITTLE), BLUNTEST), SHARPEST)
    return sharpness


def _inside(weights: Floats, low: Floats, high: Floats) -> Floats:
    """The nearest weights within their bounds that sum to TOTAL: all moved alike, then held by the bounds."""
    left, right = float((low - weights).min()), float((high - weights).max())
    for _ in range(HALVINGS):
        middle = (left + right) / 2
        if float(np.clip(weights + middle, low, high).sum()) < TOTAL:
            left = middle
        else:
            right = middle
    return np.asarray(np.clip(weights + right, low, high), dtype=np.float64)
