"""What Manus told us."""

from django.db import models
from django.db.models import Q

from mentors.models.accounts import ManusAccount


class WebhookDelivery(models.Model):
    """A signed word from Manus, stored before it is acted on; none of what it says in words is kept.

    `digest` is that of the string that was signed (moment, address, body), so the same delivery again is the same
    row, and a signature that could not be checked on arrival can be checked later without the body; until then it
    is kept in `signature`, and `verified_at` is empty. `handled_at` is set once what the delivery means was told.
    """

    account = models.ForeignKey(ManusAccount, null=True, on_delete=models.CASCADE, related_name="deliveries")
    digest = models.BinaryField(max_length=32, unique=True)
    signature = models.BinaryField(max_length=1024, default=b"", blank=True)
    event_type = models.CharField(max_length=60)
    task_id = models.CharField(max_length=100, blank=True)
    reference = models.CharField(max_length=100, blank=True)
    received_at = models.DateTimeField(auto_now_add=True, db_index=True)
    verified_at = models.DateTimeField(null=True, blank=True)
    handled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "webhook deliveries"
        indexes = [
            models.Index(
                fields=["received_at"], condition=Q(handled_at__isnull=True), name="webhook_delivery_unhandled"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(handled_at__isnull=True) | Q(verified_at__isnull=False),
                name="webhook_delivery_handled_was_verified",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event_type} {self.task_id}"
