"""Reminders of sessions that are to begin."""

from django.db import models
from django.db.models import Q

from consciousness.models.sessions import Session
from timetravelers.kit.models import PublicId, Timestamped
from timetravelers.kit.rules import one_of


class Reminder(PublicId, Timestamped):
    """One mail, to be sent once: taken by a worker until `taken_until`, and settled with what came of it.

    Its `uid` is in the mail's Message-ID, so that of a mail that a dying worker sent twice one is shown.
    """

    class Kind(models.TextChoices):
        DAY_BEFORE = "day_before"
        SOON = "soon"

    class Outcome(models.TextChoices):
        SENT = "sent"
        DROPPED = "dropped"  # nobody waits for it any more
        FAILED = "failed"

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="reminders", db_index=False)
    kind = models.CharField(max_length=12, choices=Kind)
    due_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    taken_until = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["session", "kind"], name="reminder_once"),
            one_of("kind", ("day_before", "soon"), "reminder_kind_known"),
            one_of("outcome", ("", "sent", "dropped", "failed"), "reminder_outcome_known"),
            models.CheckConstraint(
                condition=Q(settled_at__isnull=True) ^ ~Q(outcome=""), name="reminder_settled_has_outcome"
            ),
        ]
        indexes = [models.Index(fields=["due_at"], condition=Q(settled_at__isnull=True), name="reminder_due")]

    def __str__(self) -> str:
        return f"{self.kind} {self.outcome or 'waits'}"
