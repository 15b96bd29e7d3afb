"""Chainable filters over Travelers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Func, Q, TextField, Value

if TYPE_CHECKING:
    from mentors.models import Traveler, TravelerVersion  # noqa: F401 - named in strings below

_SPECIALIZATIONS = Func(F("specializations"), Value("\n"), function="array_to_string", output_field=TextField())


class TravelerQuerySet(models.QuerySet["Traveler"]):
    """What people may see, and how they look for it."""

    def published(self) -> TravelerQuerySet:
        """Those that people may meet."""
        return self.filter(state="published")

    def met(self) -> TravelerQuerySet:
        """Those that people may know: the published and the retired."""
        return self.filter(state__in=("published", "retired"))

    def in_field(self, code: str) -> TravelerQuerySet:
        """Those whose occupation belongs to a field."""
        return self.filter(occupation__field__code=code)

    def about(self, words: str) -> TravelerQuerySet:
        """Those whose name, occupation or specializations hold the words, whatever their case."""
        return self.alias(specialization_text=_SPECIALIZATIONS).filter(
            Q(name__icontains=words) | Q(occupation__title__icontains=words) | Q(specialization_text__icontains=words)
        )


class TravelerVersionQuerySet(models.QuerySet["TravelerVersion"]):
    """Versions of Travelers."""

    def newest(self) -> TravelerVersionQuerySet:
        """Those that Travelers stand at."""
        return self.filter(number=F("traveler__version"))
