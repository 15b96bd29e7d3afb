"""Sessions, what was said in them, the turns that fetch replies, and the log of all that happened."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from consciousness.querysets import SessionQuerySet, TurnQuerySet
from mentors.models import Traveler
from timetravelers.kit.models import PublicId, Timestamped


class Session(PublicId, Timestamped):
    """A live conversation of one user with one Traveler. `last_seq` is the number of its newest event."""

    class State(models.TextChoices):
        OPEN = "open"
        ENDED = "ended"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="sessions")
    traveler = models.ForeignKey(Traveler, on_delete=models.PROTECT, related_name="sessions")
    traveler_version = models.PositiveIntegerField()
    consent_version = models.PositiveSmallIntegerField()
    goal = models.CharField(max_length=500, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    last_seq = models.PositiveBigIntegerField(default=0)
    ended_at = models.DateTimeField(null=True, blank=True)
    provider_task = models.CharField(max_length=100, blank=True)
    former_tasks = ArrayField(models.CharField(max_length=100), default=list, help_text="Abandoned; not yet deleted.")
    provider_cursor = models.CharField(max_length=200, blank=True, help_text="Newest provider event before the turn.")

    objects = SessionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["provider_task"], condition=~Q(provider_task=""), name="session_provider_task_once"
            ),
            models.CheckConstraint(
                condition=Q(state="open", ended_at__isnull=True) | Q(state="ended", ended_at__isnull=False),
                name="session_ended_has_time",
            ),
        ]
        indexes = [models.Index(fields=["user", "-id"], name="session_list")]

    def __str__(self) -> str:
        return str(self.uid)


class Turn(PublicId, Timestamped):
    """One exchange, advanced step by step by whoever holds its lease; see `services/turns.py`."""

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

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="turns")
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_holder = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    due_at = models.DateTimeField(help_text="When the next step may be taken.")
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
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state__in=["queued", "sent", "running"]), name="turn_due"),
        ]

    def __str__(self) -> str:
        return f"{self.uid} {self.state}"


class Message(PublicId):
    """Something said. `simulated` is true when no real provider stood behind a reply."""

    class Author(models.TextChoices):
        USER = "user"
        TRAVELER = "traveler"

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="messages")
    turn = models.ForeignKey(Turn, on_delete=models.CASCADE, related_name="messages")
    author = models.CharField(max_length=10, choices=Author)
    text = models.TextField(max_length=40_000)
    client_id = models.CharField(max_length=64, null=True)  # noqa: DJ001 - null, so that only phones' ids are unique
    engine = models.CharField(max_length=20, blank=True)
    simulated = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["session", "client_id"], name="message_client_id_once"),
            models.UniqueConstraint(fields=["turn"], condition=Q(author="traveler"), name="message_one_reply_a_turn"),
        ]

    def __str__(self) -> str:
        return f"{self.author} {self.uid}"


class SessionEvent(models.Model):
    """The log: what happened in a session, numbered without gaps, written with what it reports."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="events")
    seq = models.PositiveBigIntegerField()
    type = models.CharField(max_length=30)
    data = models.JSONField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["session", "seq"], name="session_event_seq_once"),
        ]

    def __str__(self) -> str:
        return f"{self.session_id} #{self.seq} {self.type}"
