"""The mentors room knows nobody: Travelers are invented, and deliveries name tasks."""

from mentors.models import Traveler, TravelerSkill, WebhookDelivery
from timetravelers.kit.personal import exempt


def register_tables() -> None:
    """Called when the app is ready."""
    exempt("invented characters", Traveler, TravelerSkill)
    exempt("names a task and holds no text; whose it was is gone with the session", WebhookDelivery)
