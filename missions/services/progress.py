"""What a person does with a mission: take it on, turn it down, show evidence, complete it.

Repeating the step that was just taken changes nothing and answers with the mission as it is, since a phone
that lost the answer asks again; every other step out of turn is refused.
"""

from datetime import datetime
from uuid import UUID

import structlog
from django.db import transaction

from accounts.models import User
from missions import evidence as rules
from missions.errors import EvidenceFull, EvidenceInvalid, EvidenceMissing, MissionNotFound, MissionWrongState
from missions.events import MissionAccepted, MissionCompleted, MissionDeclined
from missions.models import Evidence, Mission, Reward
from missions.policies import can_work_on
from timetravelers.kit.clock import now
from timetravelers.kit.events import publish

log = structlog.get_logger(__name__)

State = Mission.State


@transaction.atomic
def accept_mission(*, mission: UUID, actor: User) -> Mission:
    """Take an offered mission on.

    Locks the mission. Raises MissionNotFound, MissionWrongState. Publishes MissionAccepted.
    """
    row = _locked(mission, actor)
    if row.state == State.ACCEPTED:
        return row
    _require(row, State.OFFERED)
    row.state, row.accepted_at = State.ACCEPTED, now()
    row.save(update_fields=["state", "accepted_at", "updated_at"])
    publish(MissionAccepted(row.uid, row.user_id, row.template.slug))
    return _noted(row)


@transaction.atomic
def decline_mission(*, mission: UUID, actor: User) -> Mission:
    """Turn an offered mission down, or give an accepted one up.

    Locks the mission. Raises MissionNotFound, MissionWrongState. Publishes MissionDeclined.
    """
    row = _locked(mission, actor)
    if row.state == State.DECLINED:
        return row
    _require(row, State.OFFERED, State.ACCEPTED)
    _end(row, State.DECLINED)
    publish(MissionDeclined(row.uid, row.user_id, row.template.slug))
    return _noted(row)


@transaction.atomic
def submit_evidence(*, mission: UUID, actor: User, kind: str, content: str) -> Evidence:
    """Add a piece of evidence to an accepted mission.

    Locks the mission. Raises MissionNotFound, MissionWrongState, EvidenceInvalid, EvidenceFull.
    """
    row = _locked(mission, actor)
    _require(row, State.ACCEPTED)
    flaws = rules.flaws(rules.Item(kind, content), row.template.evidence_kinds)
    if flaws:
        raise EvidenceInvalid(flaws[0].detail, errors=flaws)
    if row.evidence.count() >= rules.MAX_ITEMS:
        raise EvidenceFull(f"A mission holds {rules.MAX_ITEMS} pieces of evidence.")
    return Evidence.objects.create(mission=row, kind=kind, content=content)


@transaction.atomic
def complete_mission(*, mission: UUID, actor: User) -> Mission:
    """Complete an accepted mission whose evidence fulfils its rule, and enter its reward once.

    Locks the mission, so that of two completions one writes. Raises MissionNotFound, MissionWrongState,
    EvidenceMissing. Publishes MissionCompleted.
    """
    row = _locked(mission, actor)
    if row.state == State.COMPLETED:
        return row
    _require(row, State.ACCEPTED)
    _require_evidence(row)
    ended_at = _end(row, State.COMPLETED)
    points = row.template.reward_points
    Reward.objects.create(user_id=row.user_id, mission=row, points=points, earned_at=ended_at)
    publish(MissionCompleted(row.uid, row.user_id, row.template.slug, points))
    return _noted(row)


def _locked(mission: UUID, actor: User) -> Mission:
    rows = Mission.objects.visible_to(actor.pk).for_board().select_for_update(of=("self",))
    row = rows.filter(uid=mission).first()
    if row is None or not can_work_on(actor, row):
        raise MissionNotFound
    return row


def _require(row: Mission, *states: State) -> None:
    if row.state not in states:
        raise MissionWrongState(f"The mission is {row.state}.", extra={"state": row.state})


def _require_evidence(row: Mission) -> None:
    rule = rules.EvidenceRule(frozenset(row.template.evidence_kinds), row.template.evidence_min_words)
    items = [rules.Item(*pair) for pair in row.evidence.values_list("kind", "content")]
    missing = rules.shortfall(rule, items)
    if missing:
        raise EvidenceMissing(missing[0].detail, errors=missing)


def _end(row: Mission, state: State) -> datetime:
    ended_at = now()
    row.state, row.ended_at = state, ended_at
    row.save(update_fields=["state", "ended_at", "updated_at"])
    return ended_at


def _noted(row: Mission) -> Mission:
    log.info("mission_moved", mission=str(row.uid), state=row.state, template=row.template.slug)
    return row
