"""Copies of what we hold about somebody, made for them."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from timetravelers.kit.models import PublicId, Timestamped
from timetravelers.kit.rules import not_before, one_of


class Export(PublicId, Timestamped):
    """One copy: built by a worker, kept for a week in a file that is named by its `uid`."""

    class State(models.TextChoices):
        QUEUED = "queued"
        READY = "ready"
        FAILED = "failed"
        EXPIRED = "expired"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="exports")
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(help_text="When a worker may take it; one that works on it moves this on.")
    bytes = models.PositiveBigIntegerField(null=True)
    ready_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user"], condition=Q(state="queued"), name="export_one_queued"),
            models.CheckConstraint(
                condition=~Q(state="ready") | Q(bytes__isnull=False, ready_at__isnull=False, expires_at__isnull=False),
                name="export_ready_has_file",
            ),
            one_of("state", ("queued", "ready", "failed", "expired"), "export_state_known"),
            not_before("expires_at", "ready_at", "export_expires_after_ready"),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state="queued"), name="export_due"),
            models.Index(fields=["expires_at"], condition=Q(state="ready"), name="export_expiring"),
        ]

    def __str__(self) -> str:
        return f"{self.uid} {self.state}"
