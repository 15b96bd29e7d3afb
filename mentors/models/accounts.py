"""The accounts at Manus that the house calls with, and how much it does."""

from datetime import datetime, timedelta

from django.db import models

from timetravelers.kit.models import PublicId, Timestamped
from timetravelers.kit.rules import at_least, given, json_is, one_of

# What a check found counts for this long; a beat that is down must not shut an account for ever.
BELIEVED = timedelta(minutes=15)


class ManusAccount(PublicId, Timestamped):
    """An account at Manus. Its key is sealed at rest and never shown again.

    `key_version` rises with each change of the key, and `key_mark` tells one key from another without telling
    it. `environment_mark` is that of the key last taken over from the environment, empty for accounts made in the
    admin. `limits` holds calls a minute by endpoint where they differ from the settings.
    """

    class Health(models.TextChoices):
        UNKNOWN = "unknown"
        WELL = "well"
        REFUSED = "refused"  # the key is not accepted
        UNAVAILABLE = "unavailable"

    name = models.SlugField(max_length=60, unique=True)
    sealed_key = models.TextField()
    key_version = models.PositiveIntegerField(default=1)
    key_mark = models.CharField(max_length=12, blank=True)
    key_set_at = models.DateTimeField(null=True, blank=True)
    environment_mark = models.CharField(max_length=12, blank=True)
    is_active = models.BooleanField(default=True)
    limits = models.JSONField(default=dict, blank=True)
    health = models.CharField(max_length=12, choices=Health, default=Health.UNKNOWN)
    last_error = models.CharField(max_length=40, blank=True)
    checked_at = models.DateTimeField(null=True, blank=True)
    credits = models.BigIntegerField(null=True, blank=True)
    credits_at = models.DateTimeField(null=True, blank=True)
    webhook_id = models.CharField(max_length=100, blank=True)

    class Meta:
        ordering = ["name"]
        verbose_name = "Manus account"
        constraints = [
            one_of("health", ("unknown", "well", "refused", "unavailable"), "manus_account_health_known"),
            json_is("limits", "object", "manus_account_limits_object"),
            given("name", name="manus_account_name_given"),
            at_least("key_version", 1, "manus_account_key_from_one"),
        ]

    def __str__(self) -> str:
        return self.name

    def is_refused(self, moment: datetime) -> bool:
        """Whether the key was found not to be accepted, lately."""
        return self.health == self.Health.REFUSED and _is_recent(self.checked_at, moment)

    def is_spent(self, moment: datetime) -> bool:
        """Whether it was found to have no credits, lately."""
        return self.credits is not None and self.credits <= 0 and _is_recent(self.credits_at, moment)


def _is_recent(seen: datetime | None, moment: datetime) -> bool:
    return seen is not None and moment - seen < BELIEVED


class ManusUse(models.Model):
    """How many calls one account made of one endpoint on one UTC day, by outcome, and how long they took."""

    account = models.ForeignKey(ManusAccount, on_delete=models.CASCADE, related_name="uses")
    day = models.DateField()
    endpoint = models.CharField(max_length=60)
    outcome = models.CharField(max_length=40)
    calls = models.PositiveIntegerField(default=0)
    milliseconds = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "day", "endpoint", "outcome"], name="manus_use_once"),
        ]
        indexes = [models.Index(fields=["day"], name="manus_use_day")]
        ordering = ["-day", "endpoint", "outcome"]
        verbose_name = "use of a Manus account"
        verbose_name_plural = "uses of Manus accounts"

    def __str__(self) -> str:
        return f"{self.day} {self.endpoint} {self.outcome}"
