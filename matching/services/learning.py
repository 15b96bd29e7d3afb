"""Learning weights from feedback: a bounded step is drafted, and waits for a person to look at it."""

from dataclasses import asdict
from decimal import Decimal
from typing import Any

import structlog
from django.db import transaction

from matching.errors import TooLittleEvidence
from matching.learning import MOST_MOVE, Step, step_towards
from matching.models import Algorithm
from matching.selectors.evidence import Evidence, evidence
from matching.selectors.weights import LiveWeights
from matching.services.weights import draft_weights, settled_weights
from matching.weights import LEAST_POINTS, LETTERS, MOST_POINTS, TOTAL
from timetravelers.kit.upserts import lock_table

log = structlog.get_logger(__name__)

FEWEST_PEOPLE = 20
FEWEST_PAIRS = 100
DECIMALS = 3


def propose_weights() -> Algorithm:
    """Draft the step that the verdicts so far ask for from the live weights, with the figures it rests on.

    No letter moves by more than a tenth of itself, nor beyond its bounds, and nobody is matched by it until a person
    publishes it. A draft learned earlier that nobody published gives way to it. Raises TooLittleEvidence.
    """
    live = settled_weights()
    found = evidence()
    if found.people < FEWEST_PEOPLE or len(found.pairs) < FEWEST_PAIRS:
        raise TooLittleEvidence(f"{found.people} people and {len(found.pairs)} pairs; it takes {FEWEST_PEOPLE}.")
    step = _step(live, found)
    log.info("weights_proposed", loss=step.loss, agreement=step.agreement, pairs=len(found.pairs))
    return _draft(live, found, step)


def _step(live: LiveWeights, found: Evidence) -> Step:
    points = [live.weights.letters[letter] for letter in LETTERS]
    lowest, highest = ([bounds[letter] for letter in LETTERS] for bounds in (LEAST_POINTS, MOST_POINTS))
    return step_towards(points, found.pairs, lowest, highest)


@transaction.atomic
def _draft(live: LiveWeights, found: Evidence, step: Step) -> Algorithm:
    lock_table(Algorithm)
    learned = Algorithm.objects.filter(source=Algorithm.Source.LEARNING, state=Algorithm.State.DRAFT)
    learned.delete()
    weights = {**live.weights.as_json(), "letters": _rounded(step.after)}
    return draft_weights(
        actor=None,
        weights=weights,
        note=f"Learned from {found.verdicts} verdicts of {found.people} people.",
        source=Algorithm.Source.LEARNING,
        figures=_figures(live, found, step),
    )


def _rounded(points: tuple[float, ...]) -> dict[str, float]:
    """Short figures that sum to 100 to the last digit; what is left over goes where there is most room."""
    short = {letter: round(Decimal(value), DECIMALS) for letter, value in zip(LETTERS, points, strict=True)}
    roomiest = max(LETTERS, key=lambda letter: _room(letter, float(short[letter])))
    short[roomiest] += TOTAL - sum(short.values())
    return {letter: float(value) for letter, value in short.items()}


def _room(letter: str, points: float) -> float:
    return min(points - LEAST_POINTS[letter], MOST_POINTS[letter] - points)


def _figures(live: LiveWeights, found: Evidence, step: Step) -> dict[str, Any]:
    return {
        "from": live.number,
        "verdicts": found.verdicts,
        "people": found.people,
        "pairs": len(found.pairs),
        "most_move": MOST_MOVE,
        "letters": list(LETTERS),
        **asdict(step),
    }
