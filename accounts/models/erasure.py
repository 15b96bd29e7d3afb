"""Accounts on their way out: the deletion, and what it owes to others."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from timetravelers.kit.models import PublicId, Timestamped
from timetravelers.kit.rules import given, one_of


class Deletion(PublicId, Timestamped):
    """One account's deletion, advanced by workers, and afterwards its receipt; it names nobody.

    What a person has erased without leaving (a session, say) gets one too: erased from the start.

    `receipt` is the digest of a secret that only the person was given.
    """

    class State(models.TextChoices):
        REQUESTED = "requested"  # shut, signed out everywhere; the rows are still there
        ERASED = "erased"  # the rows are gone; files and others' copies may not be
        COMPLETED = "completed"

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="deletion")
    receipt = models.CharField(max_length=64, unique=True)
    state = models.CharField(max_length=10, choices=State, default=State.REQUESTED)
    counts = models.JSONField(default=dict)
    files = models.JSONField(default=list, help_text="Those that are still to be deleted.")
    files_deleted = models.PositiveIntegerField(default=0)
    requested_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True)
    completed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="requested", erased_at__isnull=True)
                | Q(~Q(state="requested"), user__isnull=True, erased_at__isnull=False),
                name="deletion_erased_names_nobody",
            ),
            one_of("state", ("requested", "erased", "completed"), "deletion_state_known"),
            models.CheckConstraint(
                condition=Q(state="completed") ^ Q(completed_at__isnull=True), name="deletion_completed_has_time"
            ),
        ]
        indexes = [models.Index(fields=["id"], condition=~Q(state="completed"), name="deletion_unfinished")]

    def __str__(self) -> str:
        return f"{self.uid} {self.state}"


class ErasureDuty(PublicId, Timestamped):
    """Something to be deleted or revoked at somebody else's.

    `reference` is sealed, and emptied when the duty is settled; `digest` keeps the same duty from being queued twice.
    """

    class State(models.TextChoices):
        QUEUED = "queued"
        DONE = "done"
        SKIPPED = "skipped"  # there was nothing to do, and `note` says why
        GIVEN_UP = "given_up"  # tried for as long as it makes sense; staff see it

    deletion = models.ForeignKey(Deletion, on_delete=models.CASCADE, related_name="duties")
    kind = models.CharField(max_length=30)
    reference = models.TextField(max_length=8000, blank=True)
    digest = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    note = models.CharField(max_length=100, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["deletion", "digest"], name="erasure_duty_once"),
            models.CheckConstraint(condition=Q(state="queued") | Q(reference=""), name="erasure_duty_settled_is_empty"),
            one_of("state", ("queued", "done", "skipped", "given_up"), "erasure_duty_state_known"),
            given("kind", name="erasure_duty_kind_given"),
        ]
        indexes = [models.Index(fields=["due_at"], condition=Q(state="queued"), name="erasure_duty_due")]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"
