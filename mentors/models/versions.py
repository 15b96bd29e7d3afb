"""What a Traveler was at each edit: written once, and never changed."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from mentors.models.travelers import Traveler
from mentors.querysets import TravelerVersionQuerySet
from timetravelers.kit.models import PublicId
from timetravelers.kit.rules import given, json_is, one_of


class TravelerVersion(PublicId):
    """A Traveler at one moment; triggers let nobody change or delete it (but an author who leaves is forgotten).

    `profile` is a document as the schema of content files has it. `occupation_title` is what the occupation was
    called then. `instructions` are what the AI provider is told, and `instructions_hash` is their SHA-256.
    """

    class Source(models.TextChoices):
        CONTENT = "content"
        STAFF = "staff"
        ROLLBACK = "rollback"
        COMPILER = "compiler"  # the same profile, compiled by newer rules

    traveler = models.ForeignKey(Traveler, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    profile = models.JSONField()
    portrait = models.CharField(max_length=32, blank=True, default="")
    occupation_title = models.CharField(max_length=150)
    instructions = models.TextField()
    instructions_hash = models.CharField(max_length=64)
    source = models.CharField(max_length=10, choices=Source)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    note = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = TravelerVersionQuerySet.as_manager()

    class Meta:
        ordering = ["traveler_id", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["traveler", "number"], name="traveler_version_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="traveler_version_from_one"),
            models.CheckConstraint(
                condition=Q(instructions_hash__regex="^[0-9a-f]{64}$"), name="traveler_version_hashed"
            ),
            one_of("source", ("content", "staff", "rollback", "compiler"), "traveler_version_source_known"),
            json_is("profile", "object", "traveler_version_profile_object"),
            given("instructions", name="traveler_version_instructions_given"),
        ]

    def __str__(self) -> str:
        return f"{self.traveler} {self.number}"

    @property
    def name(self) -> str:
        """What the Traveler was called."""
        return str(self.profile["name"])

    @property
    def greeting(self) -> str:
        """How it said hello."""
        return str(self.profile["greeting"])
