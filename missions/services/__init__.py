"""Writes of the missions room, a module a use case."""

from missions.services.offers import offer_mission
from missions.services.progress import accept_mission, complete_mission, decline_mission, submit_evidence

__all__ = ["accept_mission", "complete_mission", "decline_mission", "offer_mission", "submit_evidence"]
