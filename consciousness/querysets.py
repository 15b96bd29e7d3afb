"""Chainable filters over sessions, turns, and what is said of them."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q

if TYPE_CHECKING:
    from accounts.models import User
    from consciousness.models import ContextMark, Reflection, Session, Turn  # noqa: F401 - named in strings below


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


class ReflectionQuerySet(models.QuerySet["Reflection"]):
    """Reflections."""

    def unfinished(self) -> ReflectionQuerySet:
        """Those that still have steps to take."""
        return self.filter(state__in=["waiting", "asked", "running"])

    def due(self, moment: datetime) -> ReflectionQuerySet:
        """Those whose next step may be taken now, and that nobody is at work on."""
        free = Q(lease_until__isnull=True) | Q(lease_until__lt=moment)
        return self.unfinished().filter(free, due_at__lte=moment)


class ContextMarkQuerySet(models.QuerySet["ContextMark"]):
    """Pins and exclusions."""

    def turns_kept_out(self, session: int) -> models.QuerySet[ContextMark, int | None]:
        """The turns that are excluded in this session."""
        return self.filter(mark="excluded", turn__isnull=False, session=session).values_list("turn", flat=True)

    def turns_kept_out_everywhere(self, user: int) -> models.QuerySet[ContextMark, int | None]:
        """The person's turns that are excluded in the session in which they were said."""
        marks = self.filter(mark="excluded", turn__session=F("session"), session__user=user)
        return marks.values_list("turn", flat=True)
