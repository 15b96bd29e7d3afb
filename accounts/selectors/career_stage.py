"""Reads of career stages: the evidence there is, and the stage that counts."""

from collections import defaultdict
from collections.abc import Collection, Iterable
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
    return career_stages_of([user_id])[user_id]


def career_stages_of(user_ids: Collection[int]) -> dict[int, StageState]:
    """The same for several people, in as many queries."""
    evidence = _evidence(user_ids)
    corrections = CareerStageCorrection.objects.in_bulk(user_ids, field_name="user_id")
    return {user: _state(evidence[user], corrections.get(user)) for user in user_ids}


def _state(evidence: StageEvidence, stated: CareerStageCorrection | None) -> StageState:
    derived = derive_stage(evidence)
    if stated is not None:
        return StageState(stated.stage, stated.recycling, "stated", stated.stated_at, derived)
    return StageState(derived.stage, derived.recycling, "derived", None, derived)


def _evidence(user_ids: Collection[int]) -> dict[int, StageEvidence]:
    """What the profile, experience and active goals say that bears on the stage.

    `related` holds pairs of anybody's occupations; for each person only those of their own count.
    """
    columns = ("years_experience", "headline", "target_occupation__code", "target_occupation__field__code")
    profiles = Profile.objects.filter(user_id__in=user_ids).values_list("user_id", *columns)
    told = {user: facts for user, *facts in profiles}
    roles, aims = _roles(user_ids), _aims(user_ids)
    for user, (_, _, target, field) in told.items():
        if target:
            aims[user].append(Aim(target, field or ""))
    codes = [role.occupation for each in roles.values() for role in each]
    related = _related([*codes, *(aim.occupation for each in aims.values() for aim in each)])
    today = now().date()
    return {
        user: StageEvidence(
            today=today,
            roles=tuple(roles[user]),
            aims=tuple(aims[user]),
            told_years=told[user][0] if user in told else None,
            statement=told[user][1] if user in told else "",
            related=related,
        )
        for user in user_ids
    }


def _roles(user_ids: Collection[int]) -> dict[int, list[Employment]]:
    columns = ("user_id", "started", "ended", "title", "occupation__code", "occupation__field__code")
    found: dict[int, list[Employment]] = defaultdict(list)
    rows = Experience.objects.filter(user_id__in=user_ids).values_list(*columns)
    for user, start, end, title, code, field in rows:
        found[user].append(Employment(start, end, title, code or "", field or ""))
    return found


def _aims(user_ids: Collection[int]) -> dict[int, list[Aim]]:
    found: dict[int, list[Aim]] = defaultdict(list)
    rows = Goal.objects.filter(user_id__in=user_ids, status=GoalStatus.ACTIVE)
    codes = rows.values_list("user_id", "occupation__code", "occupation__field__code", "field__code")
    for user, code, own, field in codes:
        found[user].append(Aim(code or "", field or own or ""))
    return found


def _related(codes: Iterable[str]) -> Pairs:
    """Which of the occupations are near to each other, in either direction."""
    wanted = set(codes) - {""}
    if len(wanted) < 2:  # noqa: PLR2004 - a pair takes two
        return frozenset()
    links = RelatedOccupation.objects.filter(occupation__code__in=wanted, related__code__in=wanted)
    return frozenset(frozenset(pair) for pair in links.values_list("occupation__code", "related__code"))
