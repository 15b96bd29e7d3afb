"""What weights would change for real people, from what is kept of them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from matching.catalogue import Catalogue, catalogue
from matching.features import PersonFeatures, person_from_json
from matching.models import PersonSnapshot
from matching.selectors.comparisons import full_travelers
from matching.selectors.ranked import best_rows
from matching.selectors.scored import Scored, scores_of
from matching.weights import Weights

MOST_PEOPLE = 200
TOP = 10


@dataclass(frozen=True, slots=True)
class Preview:
    """Means over people: `overlap`, the share of their first ten that stays; `rank_change`, by how many places those
    that stay move; `score_shift`, by how many points the scores of their first ten move. `untouched` is the share of
    people whose first ten stay as they are, and `first_changes` that of those who would see another one first.
    """

    people: int
    overlap: float
    rank_change: float
    score_shift: float
    untouched: float
    first_changes: float


def preview_of(candidate: Weights, live: Weights) -> Preview:
    """What the weights would change for the people whose matches were computed last; in a handful of queries.

    Hard filters that are a person's own (blocks, languages) are left aside: they are the same on both sides.
    """
    rows = PersonSnapshot.objects.order_by("-id").values_list("user_id", "features")[: 2 * MOST_PEOPLE]
    newest = dict(reversed(list(rows)))
    people = [person_from_json(features) for features in list(newest.values())[-MOST_PEOPLE:]]
    known, full = catalogue.get(), full_travelers()
    return _summed([_change(person, known, full, candidate, live) for person in people])


@dataclass(frozen=True, slots=True)
class _Change:
    overlap: float
    rank_change: float
    score_shift: float
    is_untouched: bool
    first_changes: bool


def _change(
    person: PersonFeatures, known: Catalogue, full: frozenset[int], candidate: Weights, live: Weights
) -> _Change:
    before = best_rows(person, known, live, left_out=full, limit=TOP)
    after = best_rows(person, known, candidate, left_out=full, limit=TOP)
    rows = [scored.row for scored in before]
    stays = [row for row in rows if row in {scored.row for scored in after}]
    places = {scored.row: place for place, scored in enumerate(after)}
    moves = [abs(places[row] - rows.index(row)) for row in stays]
    shifted = scores_of(person, known.matrix, candidate, rows)
    return _Change(
        overlap=len(stays) / len(rows) if rows else 1.0,
        rank_change=_mean(moves),
        score_shift=_mean([new.score - old.score for new, old in zip(shifted, before, strict=True)]),
        is_untouched=rows == [scored.row for scored in after],
        first_changes=_first(before) != _first(after),
    )


def _first(scored: Sequence[Scored]) -> int | None:
    return scored[0].row if scored else None


def _summed(changes: Sequence[_Change]) -> Preview:
    return Preview(
        people=len(changes),
        overlap=_mean([one.overlap for one in changes]),
        rank_change=_mean([one.rank_change for one in changes]),
        score_shift=_mean([one.score_shift for one in changes]),
        untouched=_mean([one.is_untouched for one in changes]),
        first_changes=_mean([one.first_changes for one in changes]),
    )


def _mean(values: Sequence[float]) -> float:
    return float(np.mean(values)) if values else 0.0
