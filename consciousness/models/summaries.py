"""The rolling summary of a session: what is left of turns that are too far back to be told word for word."""

from django.db import models
from django.db.models import F, Q

from consciousness.models.messages import Message
from consciousness.models.sessions import Session
from consciousness.models.turns import Turn
from timetravelers.kit.models import PublicId
from timetravelers.kit.rules import given


class SummaryPart(PublicId):
    """A stretch of turns on the branch, from `first` to `last`; parts of one level are merged into one of the next."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="summary", db_index=False)
    level = models.PositiveSmallIntegerField(default=0)
    first = models.ForeignKey(Turn, on_delete=models.CASCADE, related_name="+")
    last = models.ForeignKey(Turn, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["first"]
        constraints = [
            models.UniqueConstraint(fields=["session", "first"], name="summary_part_once"),
            models.CheckConstraint(condition=Q(first__lte=F("last")), name="summary_part_ends_after_start"),
        ]

    def __str__(self) -> str:
        return f"{self.session_id} {self.first_id}-{self.last_id}"


class SummaryLine(models.Model):
    """A sentence of one message, word for word: without the message there is no line."""

    part = models.ForeignKey(SummaryPart, on_delete=models.CASCADE, related_name="lines", db_index=False)
    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="+")
    place = models.PositiveIntegerField(help_text="Where in the message, counted in sentences.")
    weight = models.FloatField(help_text="How much it would be missed; lines of little weight go first.")
    text = models.CharField(max_length=400)

    class Meta:
        ordering = ["message", "place"]
        constraints = [
            models.UniqueConstraint(fields=["part", "message", "place"], name="summary_line_once"),
            given("text", name="summary_line_text_given"),
        ]

    def __str__(self) -> str:
        return f"{self.part_id} {self.message_id}.{self.place}"
