"""What missions tell the rooms below them."""

from matching.services.evidence import note_mission_completed
from missions.events import MissionCompleted
from missions.models import Mission
from timetravelers.kit.events import subscribe


def tell_matching(event: MissionCompleted) -> None:
    """Completing a mission that came from a Traveler says something of how the Traveler suits."""
    traveler_id = Mission.objects.filter(uid=event.mission).values_list("traveler_id", flat=True).first()
    if traveler_id is not None:
        note_mission_completed(user_id=event.user_id, traveler_id=traveler_id, mission=event.mission)


def connect() -> None:
    """Subscribe it; called when the app is ready."""
    subscribe(MissionCompleted, tell_matching, in_transaction=True)
