"""What scores were computed from, kept as long as a match refers to it, so that it can be computed again."""

from django.conf import settings
from django.db import models

from mentors.models import Traveler
from timetravelers.kit.rules import SHA256, at_least, json_is, matches


class PersonSnapshot(models.Model):
    """A person as TELL saw them; `hash` is that of the features in canonical form."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    hash = models.CharField(max_length=64)
    features = models.JSONField()
    taken_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "hash"], name="person_snapshot_once"),
            matches("hash", SHA256, "person_snapshot_hashed"),
            json_is("features", "object", "person_snapshot_object"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.hash[:8]}"


class TravelerSnapshot(models.Model):
    """A Traveler's row of the matrix, in the version that it stood at."""

    traveler = models.ForeignKey(Traveler, on_delete=models.PROTECT, related_name="+", db_index=False)
    version = models.PositiveIntegerField()
    hash = models.CharField(max_length=64)
    features = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["traveler", "hash"], name="traveler_snapshot_once"),
            at_least("version", 1, "traveler_snapshot_version_from_one"),
            matches("hash", SHA256, "traveler_snapshot_hashed"),
            json_is("features", "object", "traveler_snapshot_object"),
        ]

    def __str__(self) -> str:
        return f"{self.traveler_id} {self.hash[:8]}"
