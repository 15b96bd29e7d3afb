"""The published Travelers as a matrix, kept in each process until one of them changes."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from django.db.models import Count, Max, Sum

from accounts.models import AXES
from matching.features import Floats, TravelerMatrix
from mentors.models import Traveler, TravelerSkill
from mentors.selectors import published_travelers

HIGHEST_LEVEL = 5

Version = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Travelers in the order of their slugs, to be read and never saved, and the matrix of the same rows."""

    version: Version
    travelers: tuple[Traveler, ...]
    matrix: TravelerMatrix


@dataclass(slots=True)
class CatalogueCache:
    """The newest catalogue of this process; of many threads that find it stale one loads it."""

    _kept: Catalogue | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def get(self) -> Catalogue:
        """The catalogue as the table stands, in one query when nothing changed and in three otherwise."""
        version = _current_version()
        with self._lock:
            if self._kept is None or self._kept.version != version:
                self._kept = _load(version)
            return self._kept

    def clear(self) -> None:
        """Forget it."""
        with self._lock:
            self._kept = None


catalogue = CatalogueCache()


def _current_version() -> Version:
    """Differs whenever a Traveler was added, changed, shown or hidden."""
    facts = Traveler.objects.published().aggregate(
        n=Count("id"), newest=Max("id"), versions=Sum("version"), touched=Max("updated_at")
    )
    return tuple(facts.values())


def _load(version: Version) -> Catalogue:
    travelers = sorted(published_travelers(), key=lambda traveler: traveler.slug)
    links = TravelerSkill.objects.filter(traveler__in=[traveler.pk for traveler in travelers])
    mastered = list(links.values_list("traveler_id", "skill_id", "level"))
    return Catalogue(version, tuple(travelers), build_matrix(travelers, mastered))


def build_matrix(travelers: Sequence[Traveler], mastered: Sequence[tuple[int, int, int]]) -> TravelerMatrix:
    """The matrix of Travelers; `mastered` are triples of Traveler id, skill id and level, 1 to 5."""
    rows = {traveler.pk: row for row, traveler in enumerate(travelers)}
    skills = sorted({skill for _, skill, _ in mastered})
    columns = {skill: column for column, skill in enumerate(skills)}
    mastery = np.zeros((len(travelers), len(skills)))
    for traveler, skill, level in mastered:
        mastery[rows[traveler], columns[skill]] = level / HIGHEST_LEVEL
    return TravelerMatrix(
        era=_column(travelers, "era_years"),
        horizon=_range(travelers, "horizon_months"),
        pace=_range(travelers, "pace_hours"),
        experience=_range(travelers, "experience_years"),
        style=np.stack([_column(travelers, axis) for axis in AXES], axis=1),
        occupation=np.array([traveler.occupation_id for traveler in travelers], dtype=np.int64),
        career_field=np.array([traveler.occupation.field_id for traveler in travelers], dtype=np.int64),
        skills=np.array(skills, dtype=np.int64),
        mastery=mastery,
    )


def _column(travelers: Sequence[Traveler], name: str) -> Floats:
    return np.array([getattr(traveler, name) for traveler in travelers], dtype=np.float64)


def _range(travelers: Sequence[Traveler], name: str) -> Floats:
    return np.stack([_column(travelers, f"{name}_min"), _column(travelers, f"{name}_max")], axis=1)
