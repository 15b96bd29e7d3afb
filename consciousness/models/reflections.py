"""Looking back at sessions that ended: one a session, and how far it has come."""

from django.db import models
from django.db.models import Q

from consciousness.models.sessions import Session
from consciousness.querysets import ReflectionQuerySet
from mentors.models import ManusAccount
from timetravelers.kit.models import PublicId, Timestamped
from timetravelers.kit.rules import one_of


class Reflection(PublicId, Timestamped):
    """One call, whose answer becomes insights, memories and a title; advanced step by step under a lease.

    It holds nothing of what was said. `sends` counts the calls that were meant, so that what came of one whose end
    nobody heard can be found again; `reason` says in a word why it failed or was left out.
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        ASKED = "asked"  # the call is intended, and may or may not have happened
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"
        SKIPPED = "skipped"

    UNFINISHED = (State.WAITING, State.ASKED, State.RUNNING)

    session = models.OneToOneField(Session, on_delete=models.CASCADE, related_name="reflection")
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    engine = models.CharField(max_length=20, blank=True, default="", help_text="Who is asked; empty: the first.")
    attempts = models.PositiveSmallIntegerField(default=0)
    sends = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(help_text="When the next step may be taken.")
    lease_holder = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    asked_at = models.DateTimeField(null=True)
    account = models.ForeignKey(ManusAccount, null=True, on_delete=models.PROTECT, related_name="+")
    task = models.CharField(max_length=100, blank=True, default="")
    ended_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=40, blank=True, default="")

    objects = ReflectionQuerySet.as_manager()

    class Meta:
        constraints = [
            one_of(
                "state",
                ("waiting", "asked", "running", "done", "failed", "skipped"),
                "reflection_state_known",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) ^ Q(state__in=["done", "failed", "skipped"]),
                name="reflection_ended_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(reason="") | ~Q(state__in=["failed", "skipped"]), name="reflection_failed_has_reason"
            ),
            models.CheckConstraint(
                condition=Q(lease_holder__isnull=True, lease_until__isnull=True)
                | Q(lease_holder__isnull=False, lease_until__isnull=False),
                name="reflection_lease_whole",
            ),
            models.CheckConstraint(condition=Q(account__isnull=False) | Q(task=""), name="reflection_task_has_account"),
        ]
        indexes = [
            models.Index(
                fields=["due_at"], condition=Q(state__in=["waiting", "asked", "running"]), name="reflection_due"
            ),
            models.Index(fields=["task"], condition=~Q(task=""), name="reflection_task"),
        ]

    def __str__(self) -> str:
        return f"{self.uid} {self.state}"
