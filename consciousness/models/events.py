"""The log of all that happened in sessions."""

from django.db import models

from consciousness.models.sessions import Session
from timetravelers.kit.rules import at_least, given


class SessionEvent(models.Model):
    """The log: what happened in a session, numbered without gaps, written with what it reports."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="events", db_index=False)
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
