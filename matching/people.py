"""A person as TELL sees them, out of the profile: career facts and nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from accounts.models import AXES, OccupationSkill, Profile, RelatedOccupation, UserSkill
from accounts.selectors import years_of_experience
from matching.demand import RELATEDNESS, Demand, needs
from matching.features import PersonFeatures

_FACTS = ("goal_horizon_months", "weekly_hours")


@dataclass(frozen=True, slots=True)
class Person:
    """Features, and what sentences need beside them: the target's title and the names of wanted skills."""

    features: PersonFeatures = field(default_factory=PersonFeatures)
    target: str | None = None
    skill_names: Mapping[int, str] = field(default_factory=dict)


def person_of(user_id: int) -> Person:
    """What the profile says, in five queries; two when there is no target; an empty Person without a profile."""
    columns = (*_FACTS, *AXES, "target_occupation", "target_occupation__title", "target_occupation__field")
    profile = Profile.objects.filter(user_id=user_id).values(*columns).first()
    if profile is None:
        return Person()
    facts = {name: profile[name] for name in _FACTS} | {"years_experience": years_of_experience(user_id)}
    style = tuple(profile[axis] for axis in AXES)
    occupation = profile["target_occupation"]
    if occupation is None:
        return Person(PersonFeatures(**facts, style=style))
    demands, names = _demands(occupation)
    features = PersonFeatures(
        **facts,
        style=style,
        occupation=occupation,
        career_field=profile["target_occupation__field"],
        neighbours=_neighbours(occupation),
        needs=needs(demands, _levels(user_id)),
    )
    return Person(features, profile["target_occupation__title"], names)


def _demands(occupation: int) -> tuple[list[Demand], dict[int, str]]:
    links = OccupationSkill.objects.filter(occupation=occupation).order_by("skill")
    rows = list(links.values_list("skill", "importance", "level", "skill__name"))
    return [Demand(*row[:3]) for row in rows], {row[0]: row[3] for row in rows}


def _neighbours(occupation: int) -> dict[int, float]:
    links = RelatedOccupation.objects.filter(occupation=occupation).values_list("related", "tier")
    return {related: RELATEDNESS[tier] for related, tier in links}


def _levels(user_id: int) -> dict[int, int]:
    known = UserSkill.objects.filter(user_id=user_id, skill__isnull=False)
    return dict(known.values_list("skill_id", "level"))
