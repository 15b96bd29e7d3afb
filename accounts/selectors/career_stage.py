"""Reads of career stages: the evidence there is, and the stage that counts."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from accounts.career_stage import Aim, Employment, Stage, StageEvidence, derive_stage
from accounts.models import CareerStageCorrection, Experience, Goal, GoalStatus, Profile, RelatedOccupation
from timetravelers.kit.clock import now

Pairs = frozenset[frozenset[str]]


@dataclass(frozen=True, slots=True)
class StageState:
    """The stage that counts: the person's own word ("stated") if there is one, else the derived one."""

    stage: str
    recycling: bool
    source: str
    stated_at: datetime | None
    derived: Stage


def career_stage_of(user_id: int) -> StageState:
    """The person's stage, from what the rows say at this moment; in five queries at most."""
    derived = derive_stage(stage_evidence(user_id))
    stated = CareerStageCorrection.objects.filter(user_id=user_id).first()
    if stated is not None:
        return StageState(stated.stage, stated.recycling, "stated", stated.stated_at, derived)
    return StageState(derived.stage, derived.recycling, "derived", None, derived)


def stage_evidence(user_id: int) -> StageEvidence:
    """What the profile, experience and active goals say that bears on the stage."""
    columns = ("years_experience", "headline", "target_occupation__code", "target_occupation__field__code")
    profile = Profile.objects.filter(user_id=user_id).values_list(*columns).first()
    told, statement, target, field = profile or (None, "", None, None)
    roles, aims = _roles(user_id), _aims(user_id)
    if target:
        aims.append(Aim(target, field or ""))
    return StageEvidence(
        today=now().date(),
        roles=tuple(roles),
        aims=tuple(aims),
        told_years=told,
        statement=statement,
        related=_related({role.occupation for role in roles} | {aim.occupation for aim in aims}),
    )


def _roles(user_id: int) -> list[Employment]:
    columns = ("started", "ended", "title", "occupation__code", "occupation__field__code")
    rows = Experience.objects.filter(user_id=user_id).values_list(*columns)
    return [Employment(start, end, title, code or "", field or "") for start, end, title, code, field in rows]


def _aims(user_id: int) -> list[Aim]:
    rows = Goal.objects.filter(user_id=user_id, status=GoalStatus.ACTIVE)
    codes = rows.values_list("occupation__code", "occupation__field__code", "field__code")
    return [Aim(code or "", field or own or "") for code, own, field in codes]


def _related(codes: Iterable[str]) -> Pairs:
    """Which of the occupations are near to each other, in either direction."""
    wanted = set(codes) - {""}
    if len(wanted) < 2:  # noqa: PLR2004 - a pair takes two
        return frozenset()
    links = RelatedOccupation.objects.filter(occupation__code__in=wanted, related__code__in=wanted)
    return frozenset(frozenset(pair) for pair in links.values_list("occupation__code", "related__code"))
