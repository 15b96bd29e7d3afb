"""Where the instructions of Travelers stand at the AI provider: a project each."""

from django.db import models
from django.db.models import Q

from mentors.models.accounts import ManusAccount
from mentors.models.travelers import Traveler
from timetravelers.kit.models import PublicId, Timestamped
from timetravelers.kit.rules import SHA256, at_least, json_is, matches


class TravelerProject(PublicId, Timestamped):
    """A project of one account that holds one wording of a Traveler's instructions.

    Versions with the same instructions share it. `called_at` is set before the provider is asked to create it,
    so that whoever finds it set looks for `name` there before asking again. `due_at` is when the next step may
    be taken, and a step under way puts it off. `difference` says what a drifted project has become.
    """

    class State(models.TextChoices):
        PENDING = "pending"
        SYNCED = "synced"
        FAILED = "failed"  # refused; tried again, but seldom
        DRIFTED = "drifted"  # no longer what we made; another one takes its place

    UNSETTLED = (State.PENDING, State.FAILED)

    traveler = models.ForeignKey(Traveler, on_delete=models.PROTECT, related_name="projects")
    version_number = models.PositiveIntegerField(help_text="The first version with these instructions.")
    account = models.ForeignKey(ManusAccount, on_delete=models.CASCADE, related_name="projects")
    instructions_hash = models.CharField(max_length=64)
    name = models.CharField(max_length=100, unique=True)
    state = models.CharField(max_length=10, choices=State, default=State.PENDING)
    project_id = models.CharField(max_length=100, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField()
    called_at = models.DateTimeField(null=True, blank=True)
    synced_at = models.DateTimeField(null=True, blank=True)
    last_seen_at = models.DateTimeField(null=True, blank=True)
    problem = models.CharField(max_length=40, blank=True)
    difference = models.JSONField(default=dict, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["traveler", "instructions_hash", "account"],
                condition=~Q(state="drifted"),
                name="traveler_project_one_live",
            ),
            models.UniqueConstraint(
                fields=["account", "project_id"], condition=~Q(project_id=""), name="traveler_project_id_once"
            ),
            models.CheckConstraint(
                condition=Q(state="synced", synced_at__isnull=False) & ~Q(project_id="")
                | Q(state__in=["pending", "failed"], project_id="")
                | Q(state="drifted"),
                name="traveler_project_synced_has_id",
            ),
            matches("instructions_hash", SHA256, "traveler_project_hashed"),
            at_least("version_number", 1, "traveler_project_version_from_one"),
            json_is("difference", "object", "traveler_project_difference_object"),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state__in=["pending", "failed"]), name="traveler_project_due"),
        ]

    def __str__(self) -> str:
        return self.name
