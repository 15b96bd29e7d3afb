"""Sessions, what was said in them, the turns that fetch replies, and the log of all that happened."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from consciousness.querysets import SessionQuerySet, TurnQuerySet
from mentors.models import ManusAccount, Traveler, TravelerVersion
from timetravelers.kit.models import PublicId, Timestamped
from timetravelers.kit.rules import at_least, given, one_of


class Session(PublicId, Timestamped):
    """A live conversation of one user with one Traveler. `last_seq` is the number of its newest event."""

    class State(models.TextChoices):
        OPEN = "open"
        ENDED = "ended"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="sessions")
    traveler = models.ForeignKey(Traveler, on_delete=models.PROTECT, related_name="sessions")
    version = models.ForeignKey(TravelerVersion, on_delete=models.PROTECT, related_name="+")
    consent_version = models.PositiveSmallIntegerField()
    goal = models.CharField(max_length=500, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    last_seq = models.PositiveBigIntegerField(default=0)
    ended_at = models.DateTimeField(null=True, blank=True)
    engine_chain = ArrayField(models.CharField(max_length=20), default=list, help_text="As it was at the opening.")
    provider_account = models.ForeignKey(
        ManusAccount, null=True, blank=True, on_delete=models.PROTECT, related_name="+", help_text="Has the task."
    )
    provider_task = models.CharField(max_length=100, blank=True)
    former_tasks = ArrayField(
        models.CharField(max_length=120), default=list, help_text="Abandoned, as account/task; not yet deleted."
    )
    provider_cursor = models.CharField(max_length=200, blank=True, help_text="Newest provider event before the turn.")

    objects = SessionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["provider_account", "provider_task"],
                condition=~Q(provider_task=""),
                nulls_distinct=False,
                name="session_provider_task_once",
            ),
            models.CheckConstraint(
                condition=Q(state="open", ended_at__isnull=True) | Q(state="ended", ended_at__isnull=False),
                name="session_ended_has_time",
            ),
            at_least("consent_version", 1, "session_consent_from_one"),
        ]
        indexes = [models.Index(fields=["user", "-id"], name="session_list")]

    def __str__(self) -> str:
        return str(self.uid)


class Turn(PublicId, Timestamped):
    """One exchange, advanced step by step by whoever holds its lease; see `services/steps`.

    Each send counts in `sends`, for good. A turn with `answered_at` has a stand-in's reply and is over as far as
    phones see; it goes on until the real reply takes its place, or nobody waits for that any longer.
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

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="turns")
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_holder = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    due_at = models.DateTimeField(help_text="When the next step may be taken.")
    engine = models.CharField(max_length=20, blank=True, help_text="Whose turn it is to answer; empty: the first.")
    sends = models.PositiveSmallIntegerField(default=0)
    heard_in = models.CharField(max_length=100, blank=True, help_text="The provider's task that knows its words.")
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
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state__in=["queued", "sent", "running"]), name="turn_due"),
        ]

    def __str__(self) -> str:
        return f"{self.uid} {self.state}"

    @property
    def is_provisional(self) -> bool:
        """Whether a stand-in has replied and the real reply may still come."""
        return self.answered_at is not None and self.state in self.UNFINISHED

    @property
    def seen_state(self) -> str:
        """The state that phones see."""
        if self.is_provisional:
            return str(self.State.COMPLETED)
        return str(self.State.QUEUED if self.state == self.State.SENT else self.state)


class Message(PublicId):
    """Something said.

    Of a reply, `engine` gave it; `simulated` is true when no real provider stood behind it, `stand_in` when it
    only filled in for the engine that should have answered. `superseded_at` says when a better one took its place.
    """

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
    stand_in = models.BooleanField(default=False)
    superseded_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["session", "client_id"], name="message_client_id_once"),
            models.UniqueConstraint(
                fields=["turn"],
                condition=Q(author="traveler", superseded_at__isnull=True),
                name="message_one_live_reply_a_turn",
            ),
            models.CheckConstraint(
                condition=Q(superseded_at__isnull=True) | Q(author="traveler", stand_in=True),
                name="message_superseded_is_stand_in",
            ),
            one_of("author", ("user", "traveler"), "message_author_known"),
            given("text", name="message_text_given"),
            models.CheckConstraint(
                condition=Q(client_id__isnull=True) | Q(author="user"), name="message_client_id_is_users"
            ),
        ]
        # Without it a page of one transcript may be looked for among the messages of all.
        indexes = [models.Index(fields=["session", "id"], name="message_transcript")]

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
            at_least("seq", 1, "session_event_seq_from_one"),
            given("type", name="session_event_type_given"),
        ]

    def __str__(self) -> str:
        return f"{self.session_id} #{self.seq} {self.type}"
