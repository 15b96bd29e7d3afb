"""Sessions: who talks with which Traveler, and on what terms."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from consciousness.querysets import SessionQuerySet
from mentors.models import ManusAccount, Traveler, TravelerVersion
from timetravelers.kit.models import PublicId, Timestamped
from timetravelers.kit.rules import at_least, one_of


class Session(PublicId, Timestamped):
    """A live conversation of one user with one Traveler; `consciousness.lifecycle` says which states follow which.

    `last_seq` is the number of its newest event, `revision` rises with what people edit. What was pinned when it was
    opened (version, instructions, engines, consent) stays. `match` says why TELL proposed the Traveler, as it was told
    then. `idle_check_at` is moved on only when it is over, so that saying something costs no index anything.
    """

    class State(models.TextChoices):
        SCHEDULED = "scheduled"
        OPEN = "open"
        ENDED = "ended"
        CANCELLED = "cancelled"  # was scheduled, and never opened

    class Reason(models.TextChoices):
        """Why it is over."""

        USER = "user"
        IDLE = "idle"
        TRAVELER = "traveler"  # it went before the session began

    class Origin(models.TextChoices):
        CHOICE = "choice"
        MATCH = "match"

    class TitleSource(models.TextChoices):
        """Who gave the title; empty: nobody has yet, or it is from before this was kept."""

        PERSON = "person"
        RULES = "rules"
        REFLECTION = "reflection"

    OVER = (State.ENDED, State.CANCELLED)

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="sessions")
    traveler = models.ForeignKey(Traveler, on_delete=models.PROTECT, related_name="sessions")
    version = models.ForeignKey(TravelerVersion, on_delete=models.PROTECT, related_name="+")
    consent_version = models.PositiveSmallIntegerField()
    instructions_hash = models.CharField(max_length=64, blank=True, db_default="")
    origin = models.CharField(max_length=10, choices=Origin, default=Origin.CHOICE, db_default="choice")
    match = models.JSONField(null=True, blank=True)
    title = models.CharField(max_length=120, blank=True, default="", db_default="")
    title_source = models.CharField(
        max_length=10, choices=TitleSource, blank=True, default="", db_default="", help_text="A person's own stays."
    )
    goal = models.CharField(max_length=500, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    last_seq = models.PositiveBigIntegerField(default=0)
    revision = models.PositiveIntegerField(default=1, db_default=1)
    starts_at = models.DateTimeField(null=True, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_reason = models.CharField(max_length=10, choices=Reason, blank=True, default="", db_default="")
    archived_at = models.DateTimeField(null=True, blank=True)
    idle_check_at = models.DateTimeField(db_default=Now())
    engine_chain = ArrayField(models.CharField(max_length=20), default=list, help_text="As it was at the opening.")
    provider_account = models.ForeignKey(
        ManusAccount, null=True, blank=True, on_delete=models.PROTECT, related_name="+", help_text="Has the task."
    )
    provider_task = models.CharField(max_length=100, blank=True)
    is_task_stale = models.BooleanField(
        default=False, db_default=False, help_text="The task knows what is to be forgotten: no call may use it again."
    )
    former_tasks = ArrayField(
        models.CharField(max_length=120), default=list, help_text="Abandoned, as account/task; not yet deleted."
    )
    provider_cursor = models.CharField(max_length=200, blank=True, help_text="Newest provider event before the turn.")
    head = models.ForeignKey(
        "consciousness.Turn", null=True, blank=True, on_delete=models.SET_NULL, related_name="+", db_index=False,
        help_text="The newest turn of the branch that people look at.",
    )  # fmt: skip
    counted = ArrayField(
        models.BigIntegerField(), null=True, blank=True,
        help_text="How much was said into a turn: its key, messages, ASCII characters, others; so that nobody counts.",
    )  # fmt: skip

    objects = SessionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["provider_account", "provider_task"],
                condition=~Q(provider_task=""),
                nulls_distinct=False,
                name="session_provider_task_once",
            ),
            one_of("state", ("scheduled", "open", "ended", "cancelled"), "session_state_known"),
            one_of("ended_reason", ("", "user", "idle", "traveler"), "session_reason_known"),
            one_of("origin", ("choice", "match"), "session_origin_known"),
            one_of("title_source", ("", "person", "rules", "reflection"), "session_title_source_known"),
            models.CheckConstraint(
                condition=Q(state__in=["ended", "cancelled"]) ^ Q(ended_at__isnull=True), name="session_ended_has_time"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["ended", "cancelled"]) ^ Q(ended_reason=""), name="session_ended_has_reason"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["scheduled", "cancelled"]) | Q(opened_at__isnull=True),
                name="session_unopened_has_no_opening",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["scheduled", "cancelled"]) | Q(starts_at__isnull=False),
                name="session_scheduled_has_start",
            ),
            models.CheckConstraint(condition=Q(origin="match") ^ Q(match__isnull=True), name="session_match_is_kept"),
            at_least("consent_version", 1, "session_consent_from_one"),
            at_least("revision", 1, "session_revision_from_one"),
        ]
        indexes = [
            models.Index(fields=["user", "-id"], name="session_list"),
            models.Index(fields=["head"], name="session_head"),
            models.Index(fields=["starts_at"], condition=Q(state="scheduled"), name="session_starts"),
            models.Index(fields=["idle_check_at"], condition=Q(state="open"), name="session_idle_check"),
        ]

    def __str__(self) -> str:
        return str(self.uid)
