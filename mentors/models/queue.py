"""The queue in front of Manus: who waits for a call, and whose turn it is."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from mentors.models.accounts import ManusAccount
from timetravelers.kit.rules import given, one_of

# The flow of what nobody in particular waits for.
HOUSE = 0


def _flow_is_the_owners(name: str) -> models.CheckConstraint:
    """So that an index can hop over flows, whether they have owners or not."""
    owned = Q(owner__isnull=False, flow=F("owner"))
    return models.CheckConstraint(condition=Q(owner__isnull=True, flow=HOUSE) | owned, name=name)


class Lane(models.TextChoices):
    """What a call is for; the first goes before the others (see `mentors.fairness`)."""

    LIVE = "live"
    INSIGHT = "insight"
    BACKGROUND = "background"


class ProviderCall(models.Model):
    """One create or send that somebody waits for; `subject` is whatever asked for it (a turn, say).

    `pool` names the quota it competes for: creates go to any account, a send to the account that has its task.
    `flow` is whose queue it stands in: the owner's key, 0 for the house itself.
    """

    class Kind(models.TextChoices):
        CREATE = "create"
        SEND = "send"

    class State(models.TextChoices):
        QUEUED = "queued"
        ADMITTED = "admitted"  # a slot and credits are put by for it
        DONE = "done"
        CANCELLED = "cancelled"
        REFUSED = "refused"

    subject = models.UUIDField(unique=True)
    kind = models.CharField(max_length=10, choices=Kind)
    lane = models.CharField(max_length=12, choices=Lane)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="+")
    flow = models.BigIntegerField(default=HOUSE)
    session_ref = models.UUIDField(null=True)
    account = models.ForeignKey(ManusAccount, null=True, on_delete=models.PROTECT, related_name="+")
    pool = models.CharField(max_length=30)
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    enqueued_at = models.DateTimeField()
    admitted_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True, help_text="From here on the provider may have heard of it.")
    ended_at = models.DateTimeField(null=True)
    slot = models.CharField(max_length=40, blank=True)
    estimate = models.PositiveIntegerField(default=0, help_text="Credits held while it is admitted.")
    held_on = models.DateField(null=True)
    task = models.CharField(max_length=100, blank=True)
    looked_at = models.DateTimeField(null=True, help_text="When it was last asked what the task has cost.")
    credits = models.PositiveIntegerField(null=True)
    refusal = models.CharField(max_length=20, blank=True)
    told_position = models.PositiveIntegerField(null=True)
    told_due = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            _flow_is_the_owners("provider_call_flow_is_owner"),
            models.CheckConstraint(
                condition=Q(kind="create") | Q(kind="send", account__isnull=False),
                name="provider_call_send_has_account",
            ),
            models.CheckConstraint(
                condition=~Q(state="admitted")
                | Q(account__isnull=False, admitted_at__isnull=False, held_on__isnull=False),
                name="provider_call_admitted_is_held",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) ^ Q(state__in=["done", "cancelled", "refused"]),
                name="provider_call_ended_has_time",
            ),
            one_of("lane", Lane.values, "provider_call_lane_known"),
            one_of("state", ("queued", "admitted", "done", "cancelled", "refused"), "provider_call_state_known"),
            given("pool", name="provider_call_pool_given"),
        ]
        indexes = [
            models.Index(
                fields=["pool", "lane", "flow", "enqueued_at", "id"],
                condition=Q(state="queued"),
                name="provider_call_waiting",
            ),
            models.Index(fields=["admitted_at"], condition=Q(state="admitted"), name="provider_call_admitted"),
            models.Index(
                fields=["admitted_at"], condition=Q(admitted_at__isnull=False), name="provider_call_admissions"
            ),
            models.Index(fields=["account", "started_at"], name="provider_call_started"),
            models.Index(fields=["kind", "ended_at"], condition=Q(state="done"), name="provider_call_settled"),
            models.Index(fields=["task"], condition=~Q(task=""), name="provider_call_task"),
            models.Index(fields=["ended_at"], condition=Q(ended_at__isnull=False), name="provider_call_ended"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject} {self.state}"


class FairShare(models.Model):
    """The place of one flow in the round of a lane, and what it has left of earlier rounds."""

    pool = models.CharField(max_length=30)
    lane = models.CharField(max_length=12, choices=Lane)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="+")
    flow = models.BigIntegerField(default=HOUSE)
    place = models.BigIntegerField()
    deficit = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["pool", "lane", "flow"], name="fair_share_once"),
            _flow_is_the_owners("fair_share_flow_is_owner"),
            one_of("lane", Lane.values, "fair_share_lane_known"),
        ]

    def __str__(self) -> str:
        return f"{self.pool} {self.lane} {self.flow}"


class LaneShare(models.Model):
    """How often in a row a lane that waits was passed over."""

    pool = models.CharField(max_length=30)
    lane = models.CharField(max_length=12, choices=Lane)
    passed = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["pool", "lane"], name="lane_share_once"),
            one_of("lane", Lane.values, "lane_share_lane_known"),
        ]

    def __str__(self) -> str:
        return f"{self.pool} {self.lane}"
