"""The taxonomy's occupations and how near they are to each other, kept in each process until it is loaded anew."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from accounts.models import AlternateTitle, Occupation, OccupationInterest, OccupationSkill, RelatedOccupation
from accounts.search_words import LITTLE_WORDS, words_of
from matching.newest import Newest, Version
from matching.relatedness import Described, Link, Relatedness, nearness, relatedness

TITLE_COUNTS = 3  # as many times as an alternate title

_VERSION = """
SELECT (SELECT max(id) FROM accounts_occupation),
       (SELECT max(id) FROM accounts_relatedoccupation),
       (SELECT max(id) FROM accounts_alternatetitle),
       (SELECT max(id) FROM accounts_occupationskill),
       (SELECT max(id) FROM accounts_occupationinterest),
       (SELECT max(imported_at) FROM accounts_taxonomyrelease)
"""


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """Occupations by id, in the order of `related`, and where each stands in it."""

    version: Version
    ids: tuple[int, ...]
    places: Mapping[int, int]
    related: Relatedness
    _rows: dict[int, Mapping[int, float]] = field(default_factory=dict)

    def near(self, place: int) -> Mapping[int, float]:
        """Who is near to the occupation of a place, by id; to be read only. Computed once."""
        if place not in self._rows:
            self._rows[place] = nearness(self.related.row(place), self.ids)
        return self._rows[place]


def near_to(occupation: int) -> Mapping[int, float]:
    """How near others are to an occupation (by id), above 0 to 1; those that are not near are left out."""
    return near_to_each([occupation])[occupation]


def near_to_each(occupations: Collection[int]) -> dict[int, Mapping[int, float]]:
    """The same for several, in one query."""
    known = taxonomy.get()
    places = {occupation: known.places.get(occupation) for occupation in occupations}
    return {occupation: {} if place is None else known.near(place) for occupation, place in places.items()}


def title_words(title: str) -> tuple[str, ...]:
    """The words of a title that say something."""
    return tuple(word for word in words_of(title) if word not in LITTLE_WORDS)


def _load(version: Version) -> Taxonomy:
    titles = dict(Occupation.objects.order_by("code").values_list("pk", "title"))
    places = {occupation: place for place, occupation in enumerate(titles)}
    words = {occupation: list(title_words(title)) * TITLE_COUNTS for occupation, title in titles.items()}
    for occupation, title in AlternateTitle.objects.order_by("pk").values_list("occupation", "title"):
        words[occupation] += title_words(title)
    skills, interests = _figures(OccupationSkill, "skill", "importance"), _figures(OccupationInterest, "area", "score")
    described = [Described(words[one], skills.get(one, {}), interests.get(one, {})) for one in titles]
    links = RelatedOccupation.objects.order_by("pk").values_list("occupation", "related", "rank")
    graph = (Link(places[one], places[other], rank) for one, other, rank in links)
    return Taxonomy(version, tuple(titles), places, relatedness(described, graph))


def _figures(model: Any, key: str, value: str) -> dict[int, dict[Any, float]]:
    found: dict[int, dict[Any, float]] = defaultdict(dict)
    for occupation, name, figure in model.objects.order_by("pk").values_list("occupation", key, value):
        found[occupation][name] = figure
    return found


# Stale after an import, and when there is a new row. Edits in place come with new content, and that with a deploy.
taxonomy: Newest[Taxonomy] = Newest(_VERSION, _load)
