"""Chainable filters over sessions and turns."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from accounts.models import User
    from consciousness.models import Session, Turn  # noqa: F401 - named in strings below


class SessionQuerySet(models.QuerySet["Session"]):
    """Sessions."""

    def visible_to(self, actor: User) -> SessionQuerySet:
        """Those that the actor may know of."""
        return self.filter(user_id=actor.pk)


class TurnQuerySet(models.QuerySet["Turn"]):
    """Turns."""

    def unfinished(self) -> TurnQuerySet:
        """Those that still have steps to take."""
        return self.filter(state__in=["queued", "sent", "running"])

    def due(self, moment: datetime) -> TurnQuerySet:
        """Those whose next step may be taken now, and that nobody is at work on."""
        free = Q(lease_until__isnull=True) | Q(lease_until__lt=moment)
        return self.unfinished().filter(free, due_at__lte=moment)
