"""Chainable filters over missions and their templates."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.db import models

if TYPE_CHECKING:
    from missions.models import Mission, MissionTemplate  # noqa: F401 - named in strings below


class MissionTemplateQuerySet(models.QuerySet["MissionTemplate"]):
    """Which tasks may be offered."""

    def current(self) -> MissionTemplateQuerySet:
        """The newest version of each."""
        return self.filter(is_current=True)


class MissionQuerySet(models.QuerySet["Mission"]):
    """Whose missions, and which of them."""

    def visible_to(self, user_id: int) -> MissionQuerySet:
        """Somebody's own."""
        return self.filter(user_id=user_id)

    def out_of(self, origin: UUID) -> MissionQuerySet:
        """Those that came out of a session: one at most."""
        return self.filter(origin=origin)

    def for_board(self) -> MissionQuerySet:
        """With what a list shows, in the same query."""
        return self.select_related("template", "traveler")
