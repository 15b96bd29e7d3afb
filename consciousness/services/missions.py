"""A mission grows out of a conversation."""

from uuid import UUID

from django.db import transaction

from accounts.models import Profile
from consciousness.announcements import MissionOffered, ToldMission
from consciousness.models import Session
from consciousness.services.log import append, lock_session
from missions.models import Mission
from missions.services.offers import offer_mission


@transaction.atomic
def offer_mission_from(session: UUID) -> Mission | None:
    """Offer one mission per session and say so in its log; calling again changes nothing. Locks the session."""
    locked = lock_session(session)
    if locked.state != Session.State.OPEN or locked.events.filter(type=MissionOffered.kind).exists():
        return None
    mission = offer_mission(
        user_id=locked.user_id,
        traveler_id=locked.traveler_id,
        origin=locked.uid,
        field_code=_field_code(locked),
        skill_keys=_skill_keys(locked),
    )
    if mission is not None:
        append(locked, MissionOffered(mission=_told(mission)))
    return mission


def _field_code(session: Session) -> str:
    """The field of the occupation aimed at; without one, the Traveler's."""
    profile = Profile.objects.select_related("target_occupation__field").filter(pk=session.user_id).first()
    if profile is not None and profile.target_occupation is not None:
        return profile.target_occupation.field.code
    return session.traveler.occupation.field.code


def _skill_keys(session: Session) -> list[str]:
    return list(session.traveler.skill_links.order_by("-level").values_list("skill__key", flat=True))


def _told(mission: Mission) -> ToldMission:
    return ToldMission(
        uid=mission.uid,
        title=mission.template.title,
        summary=mission.template.summary,
        reason=mission.reason,
        reward_points=mission.template.reward_points,
    )
