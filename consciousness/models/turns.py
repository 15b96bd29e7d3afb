"""Turns: the exchanges of a session, and how far each has come."""

from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from consciousness.models.sessions import Session
from consciousness.querysets import TurnQuerySet
from timetravelers.kit.models import PublicId, Timestamped
from timetravelers.kit.rules import one_of


class Turn(PublicId, Timestamped):
    """One exchange, advanced step by step by whoever holds its lease; see `services/steps`.

    Each send counts in `sends`, for good. A turn with `answered_at` has a stand-in's reply and is over as far as
    phones see; it goes on until the real reply takes its place, or nobody waits for that any longer.

    The turns of a session are a tree. `on_branch` are its head and what came before that, which is what people
    look at and the engines are told; `services.branches` keeps it so, since a branch is then one range to read.
    """

    class State(models.TextChoices):
        QUEUED = "queued"
        SENT = "sent"  # the call to the provider is intended, and may or may not have happened
        RUNNING = "running"
        WAITING = "waiting"  # the Traveler asked something; the next message answers it
        COMPLETED = "completed"
        FAILED = "failed"
        CANCELLED = "cancelled"

    IN_FLIGHT = (State.SENT, State.RUNNING)
    UNFINISHED = (State.QUEUED, *IN_FLIGHT)

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="turns", db_index=False)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.CASCADE, related_name="children", db_index=False,
        help_text="What came before.",
    )  # fmt: skip
    depth = models.PositiveIntegerField(default=0, db_default=0, help_text="How many turns came before it.")
    on_branch = models.BooleanField(default=True, db_default=True, help_text="The head, or before it.")
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_holder = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    due_at = models.DateTimeField(help_text="When the next step may be taken.")
    engine = models.CharField(max_length=20, blank=True, help_text="Whose turn it is to answer; empty: the first.")
    sends = models.PositiveSmallIntegerField(default=0)
    heard_in = models.CharField(max_length=100, blank=True, help_text="The provider's task that knows its words.")
    sends_before = models.PositiveSmallIntegerField(default=0, db_default=0, help_text="Sends of former replies.")
    asked_at = models.DateTimeField(null=True, blank=True, help_text="When a reply was last asked for again.")
    asked_by = ArrayField(
        models.CharField(max_length=64), default=list, db_default=[], help_text="Client ids that asked again."
    )
    withheld = models.BooleanField(
        default=False, db_default=False, help_text="Somebody may have been in danger: no engine ever hears of it."
    )
    is_passage_due = models.BooleanField(
        default=True, db_default=True, help_text="Recall has not read it, or not as it is now."
    )
    answered_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    failure = models.CharField(max_length=40, blank=True)

    objects = TurnQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["session"], condition=Q(state__in=["sent", "running"]), name="turn_one_in_flight"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) ^ Q(state__in=["completed", "failed", "cancelled", "waiting"]),
                name="turn_ended_has_time",
            ),
            one_of(
                "state",
                ("queued", "sent", "running", "waiting", "completed", "failed", "cancelled"),
                "turn_state_known",
            ),
            models.CheckConstraint(
                condition=Q(lease_holder__isnull=True, lease_until__isnull=True)
                | Q(lease_holder__isnull=False, lease_until__isnull=False),
                name="turn_lease_whole",
            ),
            models.CheckConstraint(condition=Q(parent__lt=F("id")), name="turn_parent_is_earlier"),
            models.CheckConstraint(
                condition=Q(parent__isnull=True, depth=0) | Q(parent__isnull=False, depth__gte=1),
                name="turn_depth_fits_parent",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state__in=["queued", "sent", "running"]), name="turn_due"),
            models.Index(
                fields=["session"], condition=Q(state__in=["queued", "sent", "running"]), name="turn_unfinished"
            ),
            models.Index(fields=["session", "id"], name="turn_tree"),
            models.Index(fields=["parent"], name="turn_children"),
            models.Index(
                fields=["id"], condition=Q(is_passage_due=True, ended_at__isnull=False), name="turn_passage_due"
            ),
            models.Index(fields=["session"], condition=Q(parent__isnull=True), name="turn_roots"),
        ]

    def __str__(self) -> str:
        return f"{self.uid} {self.state}"

    @property
    def is_provisional(self) -> bool:
        """Whether a stand-in has replied and the real reply may still come."""
        return self.answered_at is not None and self.state in self.UNFINISHED

    @property
    def waits_since(self) -> datetime:
        """When the person asked for the reply that is to come."""
        return self.asked_at or self.created_at

    @property
    def seen_state(self) -> str:
        """The state that phones see."""
        if self.is_provisional:
            return str(self.State.COMPLETED)
        return str(self.State.QUEUED if self.state == self.State.SENT else self.state)
