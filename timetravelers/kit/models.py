"""What every table shares, and the one table of the kit: answers kept for idempotency keys."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from timetravelers.kit.ids import uuid7
from timetravelers.kit.rules import given


class Timestamped(models.Model):
    """When a row came to be and when it last changed."""

    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        abstract = True


class PublicId(models.Model):
    """BigAuto inside, UUIDv7 outside."""

    id = models.BigAutoField(primary_key=True)
    uid = models.UUIDField(unique=True, default=uuid7, editable=False)

    class Meta:
        abstract = True


class IdempotentAnswer(models.Model):
    """The first answer to a creating request, kept beside the write it answers, in the same transaction."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    route = models.CharField(max_length=100)
    key = models.CharField(max_length=255)
    fingerprint = models.BinaryField(max_length=32)
    status = models.PositiveSmallIntegerField()
    body = models.BinaryField()
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "route", "key"], name="idempotent_answer_once"),
            given("route", "key", name="idempotent_answer_named"),
            models.CheckConstraint(condition=Q(status__range=(100, 599)), name="idempotent_answer_status_range"),
        ]

    def __str__(self) -> str:
        return f"{self.route} {self.key}"
