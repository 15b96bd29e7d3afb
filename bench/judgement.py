"""Queries with our own judgement of what should be found, and how well a search agrees with it."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

from timetravelers.kit.content import read_document

JUDGED = Path(__file__).parent / "judged"


@dataclass(frozen=True, slots=True)
class Judged:
    """What is typed, what sort of query that is, what has to come first, and what is no mistake."""

    typed: str
    sort: str
    best: frozenset[str]
    good: frozenset[str]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a search found for a query: codes or keys, the likeliest first."""

    query: Judged
    found: Sequence[str]

    @property
    def reciprocal_rank(self) -> float:
        """1 over the place of the first of the best; 0 without one."""
        ranks = (place for place, row in enumerate(self.found, start=1) if row in self.query.best)
        return 1 / next(ranks, float("inf"))

    @property
    def begins_well(self) -> bool:
        """Whether what comes first is meant, or at least no mistake."""
        return bool(self.found) and self.found[0] in self.query.best | self.query.good


def read_judged(name: str, known: Collection[str]) -> list[Judged]:
    """The committed queries of a file, but for those whose best answers are not among `known`; raises ContentError."""
    queries = [
        Judged(entry["typed"], entry["class"], frozenset(entry["best"]), frozenset(entry.get("good", ())))
        for entry in read_document(JUDGED, f"{name}.yaml", "queries").data["queries"]
    ]
    return [query for query in queries if query.best & set(known)]


def mean_reciprocal_rank(answers: Iterable[Answer]) -> float:
    """Between 0 and 1; 1 if one of the best always comes first."""
    return fmean(answer.reciprocal_rank for answer in answers)


def by_sort(answers: Iterable[Answer]) -> dict[str, list[Answer]]:
    """The answers by their sort of query, in the order in which sorts first come up."""
    sorts: dict[str, list[Answer]] = {}
    for answer in answers:
        sorts.setdefault(answer.query.sort, []).append(answer)
    return sorts
