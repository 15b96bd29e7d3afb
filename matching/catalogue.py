"""The published Travelers as a matrix, kept in each process until one of them changes."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import LiteralString
from uuid import UUID

from accounts.career_stage import STAGES
from accounts.models import AXES, OccupationSkill
from matching.features import TravelerFacts
from matching.matrix import TravelerMatrix, matrix_of
from matching.newest import Newest, Version
from matching.people import asked_of, soc_number, telling_words, without_region
from mentors.models import Traveler, TravelerSkill
from mentors.selectors import published_travelers

Asked = Mapping[int, Mapping[int, float]]  # levels of skills by occupation


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Travelers in the order of their slugs, to be read and never saved, what TELL sees of each, and their matrix."""

    version: Version
    travelers: tuple[Traveler, ...]
    facts: tuple[TravelerFacts, ...]
    matrix: TravelerMatrix
    rows: Mapping[UUID, int]
    rows_by_id: Mapping[int, int]


# Differs whenever a Traveler was added, changed, shown or hidden, and when the taxonomy was loaded anew.
_VERSION: LiteralString = """
SELECT count(*) AS n, max(id) AS newest, sum(version)::bigint AS versions, max(updated_at) AS touched,
       (SELECT max(imported_at) FROM accounts_taxonomyrelease) AS taxonomy
  FROM mentors_traveler WHERE state = 'published'
"""


def _load(version: Version) -> Catalogue:
    travelers = sorted(published_travelers(), key=lambda traveler: traveler.slug)
    skills = _skills(travelers)
    asked = _asked({traveler.occupation_id for traveler in travelers})
    facts = tuple(facts_of(one, skills.get(one.pk, {}), asked.get(one.occupation_id, {})) for one in travelers)
    return Catalogue(
        version=version,
        travelers=tuple(travelers),
        facts=facts,
        matrix=matrix_of(facts),
        rows={traveler.uid: row for row, traveler in enumerate(travelers)},
        rows_by_id={traveler.pk: row for row, traveler in enumerate(travelers)},
    )


def facts_of(traveler: Traveler, skills: Mapping[int, int], asked: Mapping[int, float]) -> TravelerFacts:
    """What TELL sees of a Traveler: levels of skills that it names, 1-5, and what its occupation asks, 0-7, by id."""
    return TravelerFacts(
        era=float(traveler.era_years),
        horizon=(float(traveler.horizon_months_min), float(traveler.horizon_months_max)),
        pace=(float(traveler.pace_hours_min), float(traveler.pace_hours_max)),
        years=(float(traveler.experience_years_min), float(traveler.experience_years_max)),
        stages=(STAGES.index(traveler.career_stage_min), STAGES.index(traveler.career_stage_max)),
        style=tuple(float(getattr(traveler, axis)) for axis in AXES),
        occupation=traveler.occupation_id,
        soc=soc_number(traveler.occupation.code),
        asked=asked,
        skills=skills,
        topics=tuple(telling_words(topic) for topic in traveler.specializations),
        languages=tuple(without_region(tag) for tag in traveler.languages),
    )


def _skills(travelers: Sequence[Traveler]) -> dict[int, dict[int, int]]:
    links = TravelerSkill.objects.filter(traveler__in=[traveler.pk for traveler in travelers])
    found: dict[int, dict[int, int]] = defaultdict(dict)
    for traveler, skill, level in links.values_list("traveler_id", "skill_id", "level"):
        found[traveler][skill] = level
    return found


def _asked(occupations: set[int]) -> dict[int, dict[int, float]]:
    links = OccupationSkill.objects.filter(occupation__in=occupations, skill__retired_at__isnull=True)
    found: dict[int, dict[int, float]] = defaultdict(dict)
    for occupation, skill, importance, level in links.values_list("occupation", "skill", "importance", "level"):
        found[occupation][skill] = asked_of(skill, importance, level)
    return found


catalogue: Newest[Catalogue] = Newest(_VERSION, _load)
