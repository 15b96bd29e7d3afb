"""All Travelers with somebody's own score, narrowed as they like, and two of them side by side."""

from dataclasses import dataclass
from uuid import UUID

import numpy as np

from matching.features import Integers
from matching.people import without_region
from matching.scoring import score_rows
from matching.selectors.comparisons import Comparison, comparison_of
from matching.selectors.proposals import Proposal, proposals_of
from matching.weights import LETTERS
from mentors.errors import TravelerNotFound
from mentors.models import Traveler


@dataclass(frozen=True, slots=True, kw_only=True)
class TravelerFilter:
    """Which Travelers; what is not given does not matter. `pace` are hours a week, era years ahead."""

    language: str = ""
    field: str = ""
    era_min: int | None = None
    era_max: int | None = None
    pace: int | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """A page of Travelers, best first, and whether there are more."""

    results: tuple[Proposal, ...]
    has_more: bool


@dataclass(frozen=True, slots=True)
class SideBySide:
    """Two Travelers with somebody's scores; `differences` are points by letter that the first has more."""

    first: Proposal
    second: Proposal
    differences: dict[str, float]
    better: UUID | None


def browse(user_id: int, wanted: TravelerFilter, *, first: int, count: int) -> Found:
    """A page of the Travelers that are wanted, by score alone; ties by slug.

    Nothing is left out that was not asked to be: neither what is full, nor what the person declined.
    """
    comparison = comparison_of(user_id)
    rows = np.flatnonzero([_is_wanted(traveler, wanted) for traveler in comparison.known.travelers])
    best = _by_score(comparison, rows)[first : first + count + 1]
    return Found(tuple(proposals_of(comparison, best[:count])), len(best) > count)


def compare(user_id: int, first: UUID, second: UUID) -> SideBySide:
    """Two Travelers that people meet; raises TravelerNotFound for any other."""
    comparison = comparison_of(user_id)
    rows = [comparison.row_of(uid) for uid in (first, second)]
    known = [row for row in rows if row is not None]
    if len(known) < len(rows):
        raise TravelerNotFound
    one, other = proposals_of(comparison, known)
    more = {letter: one.contributions[letter] - other.contributions[letter] for letter in LETTERS}
    return SideBySide(one, other, more, _better(one, other))


def _better(one: Proposal, other: Proposal) -> UUID | None:
    """Whose score is higher; nobody's if they are equal."""
    if one.score == other.score:
        return None
    return max(one, other, key=lambda proposal: proposal.score).traveler.uid


def _by_score(comparison: Comparison, rows: Integers) -> list[int]:
    scores = score_rows(comparison.person.features, comparison.known.matrix, comparison.live.weights, rows)
    order = np.lexsort((scores.rows, -scores.low, -scores.total))
    return [int(row) for row in scores.rows[order]]


def _is_wanted(traveler: Traveler, wanted: TravelerFilter) -> bool:
    return (
        (not wanted.language or without_region(wanted.language) in {without_region(tag) for tag in traveler.languages})
        and (not wanted.field or traveler.occupation.field.code == wanted.field)
        and (wanted.era_min is None or traveler.era_years >= wanted.era_min)
        and (wanted.era_max is None or traveler.era_years <= wanted.era_max)
        and (wanted.pace is None or traveler.pace_hours_min <= wanted.pace <= traveler.pace_hours_max)
        and _is_about(traveler, wanted.text)
    )


def _is_about(traveler: Traveler, text: str) -> bool:
    """Whether its name, occupation or specializations hold the words, whatever their case; as the catalogue asks."""
    told = "\n".join((traveler.name, traveler.occupation.title, *traveler.specializations))
    return text.strip().casefold() in told.casefold()
