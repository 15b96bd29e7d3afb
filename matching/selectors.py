"""Who suits whom: the matches of a person, best first, each with its proof."""

from dataclasses import dataclass
from uuid import UUID

import numpy as np

from matching.catalogue import Catalogue, catalogue
from matching.features import Floats, TravelerMatrix
from matching.people import Person, person_of
from matching.reasons import MOST_SKILLS, Reason, Row, reasons
from matching.scoring import LETTERS, VERSION, Scores, score
from mentors.models import Traveler

DEFAULT_LIMIT = 12
MAX_LIMIT = 50


@dataclass(frozen=True, slots=True)
class Match:
    """A Traveler, to be read and never saved, with a score of 0 to 100 and where it comes from.

    `contributions` (points by letter) sum to `score`; `interval` holds what the score could be if the person
    told everything; `reasons` has a sentence for each letter.
    """

    traveler: Traveler
    score: float
    contributions: dict[str, float]
    reasons: dict[str, Reason]
    interval: tuple[float, float]
    algorithm: str = VERSION


def matches_for(user_id: int, limit: int = DEFAULT_LIMIT) -> list[Match]:
    """The best published Travelers for somebody, highest score first, ties by slug; at most `limit`.

    Works for a person without a profile: everything unknown counts as neutral. Six queries at most while the
    catalogue is warm, two more when it is not, however many Travelers there are.
    """
    comparison = _comparison(user_id)
    if not comparison.known.travelers:
        return []
    # Rows are in the order of slugs, so a stable sort breaks ties by slug.
    best = np.argsort(-comparison.scores.total, kind="stable")[:limit]
    return [_match(comparison, int(row)) for row in best]


def match_with(user_id: int, traveler: UUID) -> Match | None:
    """How well one Traveler suits somebody, and why; None if it is not among those that people meet."""
    comparison = _comparison(user_id)
    rows = (row for row, one in enumerate(comparison.known.travelers) if one.uid == traveler)
    row = next(rows, None)
    return None if row is None else _match(comparison, row)


def _comparison(user_id: int) -> "_Comparison":
    known, person = catalogue.get(), person_of(user_id)
    return _Comparison(person, known, score(person.features, known.matrix), _needed(person, known.matrix))


@dataclass(frozen=True, slots=True)
class _Comparison:
    """One person against all Travelers; `needed`: how much each skill of the matrix is wanted, (S,), 0-1."""

    person: Person
    known: Catalogue
    scores: Scores
    needed: Floats


def _match(comparison: _Comparison, row: int) -> Match:
    scores, traveler = comparison.scores, comparison.known.travelers[row]
    contributions = dict(zip(LETTERS, scores.points[row].tolist(), strict=True))
    helpful = _most_helpful(comparison, row)
    numbers = Row(contributions, float(scores.closeness[row]), float(scores.coverage[row]), helpful)
    return Match(
        traveler=traveler,
        score=float(scores.total[row]),
        contributions=contributions,
        reasons=reasons(comparison.person, traveler, numbers, scores.unknown),
        interval=(float(scores.low[row]), float(scores.high[row])),
    )


def _needed(person: Person, matrix: TravelerMatrix) -> Floats:
    needs = person.features.needs
    return np.array([needs.get(int(skill), 0.0) for skill in matrix.skills], dtype=np.float64)


def _most_helpful(comparison: _Comparison, row: int) -> tuple[int, ...]:
    """Ids of the skills by which a Traveler helps most, best first."""
    matrix = comparison.known.matrix
    helps = matrix.mastery[row] * comparison.needed
    best = np.argsort(-helps, kind="stable")[:MOST_SKILLS]
    return tuple(int(matrix.skills[column]) for column in best if helps[column] > 0)
