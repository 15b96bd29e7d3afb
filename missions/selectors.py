"""What people read about their missions and rewards."""

from uuid import UUID

from django.db.models import QuerySet, Sum

from missions.errors import MissionNotFound
from missions.models import Mission, MissionProposal, Reward
from missions.querysets import MissionQuerySet


def missions_of(user_id: int, *, state: str = "") -> MissionQuerySet:
    """Somebody's missions with template and Traveler, in one query; narrowed by state."""
    missions = Mission.objects.visible_to(user_id).for_board()
    return missions.filter(state=state) if state else missions


def mission_of(user_id: int, uid: UUID) -> Mission:
    """One mission with skills, evidence and reward, in three queries; raises MissionNotFound."""
    missions = missions_of(user_id).select_related("reward").prefetch_related("template__skills", "evidence")
    mission = missions.filter(uid=uid).first()
    if mission is None:
        raise MissionNotFound
    return mission


def rewards_of(user_id: int) -> QuerySet[Reward]:
    """Somebody's entries of the ledger, with what they were for."""
    return Reward.objects.filter(user_id=user_id).select_related("mission__template")


def points_of(user_id: int) -> int:
    """All points somebody has: the sum over the ledger, nothing else."""
    return Reward.objects.filter(user_id=user_id).aggregate(total=Sum("points"))["total"] or 0


def missions_in_hand(user_id: int, limit: int) -> list[tuple[UUID, str]]:
    """What somebody is working on, by public id and title: missions accepted and not ended, the newest first."""
    accepted = Mission.objects.visible_to(user_id).filter(state=Mission.State.ACCEPTED)
    return list(accepted.order_by("-accepted_at").values_list("uid", "template__title")[:limit])


def proposals_of(user_id: int, *, state: str = "") -> QuerySet[MissionProposal]:
    """What somebody said they would do, with the Traveler they said it to; narrowed by state."""
    found = MissionProposal.objects.filter(user_id=user_id).select_related("traveler")
    return found.filter(state=state) if state else found
