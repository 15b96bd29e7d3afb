"""Matches as people are shown them: figures with their explanation."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Case, F, QuerySet, Value, When

from matching.explaining import Explainer, Raise
from matching.models import Match
from matching.reasons import Reason
from matching.selectors.comparisons import Comparison, comparison_of
from matching.selectors.ranked import compared_rows
from matching.selectors.scored import Contributions, Scored, points_by_letter
from matching.weights import VERSION, Weights
from mentors.models import Traveler, TravelerState

DEFAULT_LIMIT = 12
MAX_LIMIT = 50


@dataclass(frozen=True, slots=True)
class Proposal:
    """A Traveler, to be read and never saved, with a score of 0 to 100 and where it comes from.

    `contributions` (points by letter) sum to `score`, and so do `parts`, the same in more detail; `interval` holds
    what the score could be if the person told everything. `reasons` has a sentence for each letter, `sentence` one
    for all, and `raises` says what would make the score higher. `match` is the stored row, if there is one.
    """

    traveler: Traveler
    score: float
    contributions: dict[str, float]
    parts: Contributions
    sentence: str
    reasons: dict[str, Reason]
    raises: tuple[Raise, ...]
    interval: tuple[float, float]
    match: Match | None = None
    algorithm: str = VERSION


@dataclass(frozen=True, slots=True)
class Proposals:
    """Somebody's matches, best first, and the weights that made them."""

    weights: Weights
    results: tuple[Proposal, ...]


def stored_matches(user_id: int) -> QuerySet[Match]:
    """What stands in a person's list, in its order, without what they declined and without Travelers met no more."""
    by_hand = Case(When(origin=Match.Origin.HAND, state=Match.State.OFFERED, then=Value(0)), default=Value(1))
    rows = Match.objects.filter(user_id=user_id, traveler__state=TravelerState.PUBLISHED)
    rows = rows.exclude(state=Match.State.DECLINED)
    return rows.order_by(by_hand, F("rank").asc(nulls_last=True), "pk")


def match_with(user_id: int, traveler: UUID) -> Proposal | None:
    """How well one Traveler suits somebody, and why; None if it is not among those that people meet."""
    comparison = comparison_of(user_id)
    row = comparison.row_of(traveler)
    return None if row is None else proposals_of(comparison, [row])[0]


def proposals_of(comparison: Comparison, rows: list[int]) -> list[Proposal]:
    """Rows of the catalogue as they are compared now, stored or not."""
    explainer = explainer_of(comparison)
    return [_explained(comparison, explainer, scored, None) for scored in compared_rows(comparison, rows)]


def proposals_from(comparison: Comparison, matches: Iterable[Match]) -> list[Proposal]:
    """Stored matches, explained; those with Travelers that people do not meet any more are left out."""
    explainer = explainer_of(comparison)
    return [
        _explained(comparison, explainer, _stored(match, row), match)
        for match in matches
        if (row := comparison.known.rows_by_id.get(match.traveler_id)) is not None
    ]


def explainer_of(comparison: Comparison) -> Explainer:
    """Explains the scores of a comparison."""
    person = comparison.person
    return Explainer(person.features, comparison.live.weights, person.target, person.skill_names)


def _stored(match: Match, row: int) -> Scored:
    return Scored(row, match.score, match.low, match.high, match.contributions)


def _explained(comparison: Comparison, explainer: Explainer, scored: Scored, match: Match | None) -> Proposal:
    traveler, facts = comparison.known.travelers[scored.row], comparison.known.facts[scored.row]
    fits = {part: figures["fit"] for part, figures in scored.contributions.items()}
    points = {part: figures["points"] for part, figures in scored.contributions.items()}
    why = explainer.explain(traveler.name, traveler.occupation.title, facts, fits, points)
    return Proposal(
        traveler=traveler,
        score=scored.score,
        contributions=points_by_letter(scored.contributions),
        parts=scored.contributions,
        sentence=why.sentence,
        reasons=why.reasons,
        raises=why.raises,
        interval=(scored.low, scored.high),
        match=match,
    )
