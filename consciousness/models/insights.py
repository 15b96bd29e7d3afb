"""What came out of a session, each thing with the messages it was drawn from, and how sure the person was."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import Skill
from consciousness.models.messages import Message
from consciousness.models.sessions import Session
from timetravelers.kit.models import PublicId, Timestamped
from timetravelers.kit.rules import SHA256, at_least, given, matches, one_of

MAX_INSIGHT_CHARACTERS = 1000


class Insight(PublicId, Timestamped):
    """One thing that came out of a session, as `engine` put it, until the person confirms, rejects or rewords it.

    What is rejected stays, so that it is neither used nor proposed again; `fingerprint` is of the words alone.
    `skill` is the entry of the taxonomy that a skill was found to be.
    """

    class Kind(models.TextChoices):
        SUMMARY = "summary"
        TOPIC = "topic"
        DECISION = "decision"
        ACTION_ITEM = "action_item"
        SKILL = "skill"
        OPEN_QUESTION = "open_question"

    class State(models.TextChoices):
        PROPOSED = "proposed"
        CONFIRMED = "confirmed"
        REJECTED = "rejected"

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="insights", db_index=False
    )
    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="insights", db_index=False)
    kind = models.CharField(max_length=15, choices=Kind)
    text = models.CharField(max_length=MAX_INSIGHT_CHARACTERS)
    fingerprint = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=State, default=State.PROPOSED)
    edited = models.BooleanField(default=False, help_text="The words are the person's own.")
    engine = models.CharField(max_length=20)
    simulated = models.BooleanField(default=False)
    skill = models.ForeignKey(Skill, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    revision = models.PositiveIntegerField(default=1)
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["session", "kind", "fingerprint"], name="insight_once_a_session"),
            one_of(
                "kind",
                ("summary", "topic", "decision", "action_item", "skill", "open_question"),
                "insight_kind_known",
            ),
            one_of("state", ("proposed", "confirmed", "rejected"), "insight_state_known"),
            given("text", "engine", name="insight_texts_given"),
            matches("fingerprint", SHA256, "insight_fingerprint_is_sha256"),
            models.CheckConstraint(
                condition=Q(state="proposed") ^ Q(decided_at__isnull=False), name="insight_decided_has_time"
            ),
            models.CheckConstraint(
                condition=Q(skill__isnull=True) | Q(kind="skill"), name="insight_skill_is_of_skills"
            ),
            at_least("revision", 1, "insight_revision_from_one"),
        ]
        indexes = [
            models.Index(fields=["user", "-id"], name="insight_list"),
            models.Index(
                fields=["user", "kind", "fingerprint"], condition=Q(state="rejected"), name="insight_rejected"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.uid} {self.state}"


class InsightSource(models.Model):
    """A message that an insight was drawn from."""

    insight = models.ForeignKey(Insight, on_delete=models.CASCADE, related_name="sources", db_index=False)
    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["insight", "message"], name="insight_source_once")]

    def __str__(self) -> str:
        return f"{self.insight_id} from {self.message_id}"


class Confidence(Timestamped):
    """How sure the person said they felt, from 1 to 10, before or after a session: asked, and never inferred."""

    class Moment(models.TextChoices):
        BEFORE = "before"
        AFTER = "after"

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="confidences", db_index=False)
    moment = models.CharField(max_length=10, choices=Moment)
    value = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["session", "moment"], name="confidence_once_a_moment"),
            one_of("moment", ("before", "after"), "confidence_moment_known"),
            models.CheckConstraint(condition=Q(value__range=(1, 10)), name="confidence_in_range"),
        ]

    def __str__(self) -> str:
        return f"{self.value} {self.moment} {self.session_id}"
