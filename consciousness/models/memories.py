"""What a mentor remembers of a person across sessions, each with the messages it was learned from."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from consciousness.models.messages import Message
from consciousness.models.sessions import Session
from timetravelers.kit.models import PublicId, Timestamped
from timetravelers.kit.rules import SHA256, at_least, given, matches, one_of

MAX_MEMORY_CHARACTERS = 500


class Memory(PublicId, Timestamped):
    """One thing to remember; only what the person has `kept` is ever told, and what they forget has no row.

    What is rejected stays, so that it is not proposed again. `fingerprint` is of the words alone, so that the same
    thing said with other commas is the same memory; `revision` rises with what people edit.
    """

    class Kind(models.TextChoices):
        GOAL = "goal"
        FACT = "fact"
        PREFERENCE = "preference"
        CONSTRAINT = "constraint"
        PERSON = "person"
        SKILL = "skill"
        EXPERIENCE = "experience"

    class State(models.TextChoices):
        PROPOSED = "proposed"
        KEPT = "kept"
        REJECTED = "rejected"

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memories", db_index=False
    )
    session = models.ForeignKey(
        Session, null=True, blank=True, on_delete=models.SET_NULL, related_name="memories",
        help_text="Where it was first learned.",
    )  # fmt: skip
    kind = models.CharField(max_length=12, choices=Kind)
    text = models.CharField(max_length=MAX_MEMORY_CHARACTERS)
    fingerprint = models.CharField(max_length=64)
    confidence = models.FloatField()
    state = models.CharField(max_length=10, choices=State, default=State.PROPOSED)
    revision = models.PositiveIntegerField(default=1)
    decided_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["user", "fingerprint"], name="memory_once_a_person"),
            one_of(
                "kind",
                ("goal", "fact", "preference", "constraint", "person", "skill", "experience"),
                "memory_kind_known",
            ),
            one_of("state", ("proposed", "kept", "rejected"), "memory_state_known"),
            given("text", name="memory_text_given"),
            matches("fingerprint", SHA256, "memory_fingerprint_is_sha256"),
            models.CheckConstraint(condition=Q(confidence__range=(0, 1)), name="memory_confidence_in_range"),
            models.CheckConstraint(
                condition=Q(state="proposed") ^ Q(decided_at__isnull=False), name="memory_decided_has_time"
            ),
            at_least("revision", 1, "memory_revision_from_one"),
        ]
        indexes = [models.Index(fields=["user", "state", "-id"], name="memory_list")]

    def __str__(self) -> str:
        return f"{self.kind} {self.uid} {self.state}"


class MemorySource(models.Model):
    """A message of the person's own that a memory was learned from; nothing else can be its source."""

    memory = models.ForeignKey(Memory, on_delete=models.CASCADE, related_name="sources", db_index=False)
    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["memory", "message"], name="memory_source_once")]

    def __str__(self) -> str:
        return f"{self.memory_id} from {self.message_id}"
