"""What a person allowed, which wording of it, and when."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.querysets import ConsentQuerySet
from timetravelers.kit.models import PublicId
from timetravelers.kit.rules import one_of


class Consent(PublicId):
    """One act of consent; withdrawing sets `withdrawn_at`, and the row stays as the record."""

    class Purpose(models.TextChoices):
        AI_PROVIDER = "ai_provider"
        ANALYTICS = "analytics"
        PUSH = "push"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="consents")
    purpose = models.CharField(max_length=20, choices=Purpose)
    version = models.PositiveSmallIntegerField()
    app_version = models.CharField(max_length=40, blank=True)
    granted_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_app_version = models.CharField(max_length=40, blank=True)

    objects = ConsentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "purpose"], condition=Q(withdrawn_at__isnull=True), name="consent_one_live"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gte=models.F("granted_at")),
                name="consent_withdrawn_after_granted",
            ),
            one_of("purpose", ("ai_provider", "analytics", "push"), "consent_purpose_known"),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} v{self.version}"
