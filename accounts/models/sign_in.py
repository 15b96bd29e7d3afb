"""Where a person is signed in, and what happened to the security of their account."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from accounts.querysets import SignInQuerySet
from timetravelers.kit.models import PublicId


class SignIn(PublicId):
    """One device signed in once: a Django session, and the one family of refresh tokens that it was given.

    `generation` is the number of the newest refresh token of the family; `rotations` says when the last ones
    were handed out, the newest last, as far back as a late caller may still ask for them.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="sign_ins")
    # In full, since ending a sign-in has to delete that session; cleared once it is ended, and never shown.
    session_key = models.CharField(max_length=40, blank=True, db_index=True)
    device = models.CharField(max_length=80, blank=True)
    user_agent = models.CharField(max_length=200, blank=True)
    network = models.CharField(max_length=49, blank=True)
    generation = models.PositiveIntegerField(default=0)
    rotations = ArrayField(models.DateTimeField(), default=list, blank=True)
    created_at = models.DateTimeField()
    last_seen_at = models.DateTimeField(db_index=True)
    authenticated_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = SignInQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["user"], condition=Q(ended_at__isnull=True), name="sign_in_live")]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(session_key=""), name="sign_in_ended_keeps_no_session"
            ),
        ]

    def __str__(self) -> str:
        return str(self.uid)


class SecurityEvent(PublicId):
    """Something that staff, or the person, may have to look into; holds no secret and no address in full."""

    class Kind(models.TextChoices):
        REFRESH_REUSED = "refresh_reused"
        TOKENS_REVOKED = "tokens_revoked"

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="security_events"
    )
    kind = models.CharField(max_length=20, choices=Kind)
    reason = models.CharField(max_length=40, blank=True)
    sign_in = models.UUIDField(null=True, blank=True)
    address_hash = models.CharField(max_length=64, blank=True)
    happened_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["refresh_reused", "tokens_revoked"]), name="security_event_kind_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.uid}"
