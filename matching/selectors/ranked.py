"""Who comes first for a person, by the hard rules and the weights."""

from collections.abc import Sequence

import numpy as np

from matching.askers import askers_of
from matching.catalogue import Catalogue
from matching.crowds import NOBODY as LISTED_NOBODY
from matching.crowds import Rules, lists_of
from matching.features import PersonFeatures
from matching.ranking import Filters, top
from matching.selectors.comparisons import Comparison
from matching.selectors.scored import Scored, figures_of, scores_of
from matching.weights import Weights

AT_ONCE = 2
NOBODY: frozenset[int] = frozenset()


def best_of(comparison: Comparison, limit: int) -> list[Scored]:
    """The best of a comparison, in order."""
    return best_rows(
        comparison.person.features,
        comparison.known,
        comparison.live.weights,
        languages=comparison.person.languages,
        left_out=comparison.unwanted | comparison.full,
        limit=limit,
    )


def best_of_each(comparisons: Sequence[Comparison], limit: int) -> list[list[Scored]]:
    """The best of each of some comparisons that were made together, in order; one alone goes the shorter way."""
    if len(comparisons) < AT_ONCE:
        return [best_of(comparison, limit) for comparison in comparisons]
    known, live, full = comparisons[0].known, comparisons[0].live, comparisons[0].full
    people, languages = zip(*((one.person.features, one.person.languages) for one in comparisons), strict=True)
    allowed = np.array([traveler.pk not in full for traveler in known.travelers], dtype=np.bool_)
    without = [[known.rows_by_id[one] for one in each.unwanted if one in known.rows_by_id] for each in comparisons]
    askers = askers_of(people, live.weights.parameters, languages)
    found = lists_of(askers, known.matrix, live.weights, Rules(allowed, without), limit).rows
    pairs = zip(comparisons, found, strict=True)
    return [compared_rows(comparison, rows[rows != LISTED_NOBODY].tolist()) for comparison, rows in pairs]


def compared_rows(comparison: Comparison, rows: Sequence[int]) -> list[Scored]:
    """The figures of these rows of a comparison, whatever the rules say of them."""
    return scores_of(comparison.person.features, comparison.known.matrix, comparison.live.weights, rows)


def best_rows(
    person: PersonFeatures,
    known: Catalogue,
    weights: Weights,
    *,
    languages: frozenset[str] = frozenset(),
    left_out: frozenset[int] = NOBODY,
    limit: int,
) -> list[Scored]:
    """The best of those Travelers whom the rules let through, without those `left_out` (by id)."""
    if not known.travelers:
        return []
    allowed = np.array([traveler.pk not in left_out for traveler in known.travelers]) if left_out else None
    return figures_of(top(person, known.matrix, weights, Filters(languages, allowed), limit).scores)
