"""What left the house for an AI provider: a receipt a call, written with the intent to make it."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from mentors.models.accounts import ManusAccount
from timetravelers.kit.models import PublicId
from timetravelers.kit.rules import at_least, given


class EgressRecord(PublicId):
    """One call that carried something of a person to `recipient`: what kinds of data, never the data.

    It is written before the call, so it may tell of a call that was not made after all, and never misses one.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    session_ref = models.UUIDField(null=True)
    engine = models.CharField(max_length=20)
    recipient = models.CharField(max_length=100)
    account = models.ForeignKey(ManusAccount, null=True, on_delete=models.PROTECT, related_name="+")
    endpoint = models.CharField(max_length=40)
    categories = ArrayField(models.CharField(max_length=20))
    consent_version = models.PositiveSmallIntegerField()
    size = models.PositiveIntegerField(help_text="Bytes of text.")
    at = models.DateTimeField(db_index=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(categories=[]), name="egress_record_has_categories"),
            models.CheckConstraint(condition=~Q(recipient=""), name="egress_record_has_recipient"),
            at_least("consent_version", 1, "egress_record_consent_from_one"),
            given("engine", "endpoint", name="egress_record_says_how"),
        ]
        indexes = [models.Index(fields=["user", "-id"], name="egress_record_of_user")]

    def __str__(self) -> str:
        return f"{self.engine} {self.endpoint} {self.at:%Y-%m-%d}"
