"""How fresh a person's matches are, and how many people Travelers hold."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from matching.models.algorithms import Algorithm
from mentors.models import Traveler


class Freshness(models.Model):
    """One a person: what their stored matches rest on. Whoever refreshes them holds this row.

    `inputs_hash` is that of everything the list was made from, empty before the first; `world` is that of the part
    which is the same for all. `stale_since` is set when something about the person changed, `claimed_until` while a
    worker has it in hand, and `computed` counts how often the list was made.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="match_freshness"
    )
    inputs_hash = models.CharField(max_length=64, blank=True, default="")
    world = models.CharField(max_length=64, blank=True, default="")
    algorithm = models.ForeignKey(Algorithm, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    stale_since = models.DateTimeField(null=True, blank=True)
    refreshed_at = models.DateTimeField(null=True, blank=True)
    claimed_until = models.DateTimeField(null=True, blank=True)
    computed = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name_plural = "freshness"
        indexes = [
            models.Index(fields=["stale_since"], condition=Q(stale_since__isnull=False), name="freshness_stale"),
            models.Index(fields=["world", "user"], name="freshness_world"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(inputs_hash="", refreshed_at__isnull=True, algorithm__isnull=True)
                | (~Q(inputs_hash="") & Q(refreshed_at__isnull=False, algorithm__isnull=False)),
                name="freshness_computed_has_time",
            ),
        ]

    def __str__(self) -> str:
        return f"matches of {self.user_id}"


class Occupancy(models.Model):
    """How many open sessions a Traveler holds, as counted a moment ago."""

    traveler = models.OneToOneField(Traveler, on_delete=models.PROTECT, primary_key=True, related_name="occupancy")
    people = models.PositiveIntegerField()

    class Meta:
        verbose_name_plural = "occupancy"

    def __str__(self) -> str:
        return f"{self.people} with {self.traveler_id}"
