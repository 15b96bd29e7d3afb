"""How far people have read."""

from django.conf import settings
from django.db import models

from consciousness.models.sessions import Session


class Reading(models.Model):
    """The newest event of a session that somebody has seen, on whichever device; it only grows."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="readings", db_index=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    seq = models.PositiveBigIntegerField()
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["session", "user"], name="reading_once_a_person")]

    def __str__(self) -> str:
        return f"{self.user_id} read {self.session_id} to #{self.seq}"
