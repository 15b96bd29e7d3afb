"""Matches: a Traveler proposed to a person, with the proof of it."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from matching.models.algorithms import Algorithm
from matching.models.feedback import DeclineReason
from matching.models.snapshots import PersonSnapshot, TravelerSnapshot
from mentors.models import Traveler
from timetravelers.kit.models import PublicId, Timestamped
from timetravelers.kit.rules import SHA256, at_least, json_is, matches, one_of

# 100, and what rounding the points of a dozen parts may add.
HIGHEST = 100.001


class Match(PublicId, Timestamped):
    """One a person and Traveler. A refresh brings what is offered or accepted up to date; what was declined stays.

    `rank` is the place in the newest list, empty where it has none: made by hand, kept because it was accepted, or
    declined. `low` and `high` hold what the score could be if the person told everything.
    """

    class State(models.TextChoices):
        OFFERED = "offered"
        ACCEPTED = "accepted"
        DECLINED = "declined"

    class Origin(models.TextChoices):
        TELL = "tell"
        HAND = "hand"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="matches", db_index=False)
    traveler = models.ForeignKey(Traveler, on_delete=models.PROTECT, related_name="+")
    algorithm = models.ForeignKey(Algorithm, on_delete=models.PROTECT, related_name="+")
    origin = models.CharField(max_length=10, choices=Origin, default=Origin.TELL)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    state = models.CharField(max_length=10, choices=State, default=State.OFFERED)
    reason = models.CharField(max_length=20, choices=DeclineReason, blank=True, default="")
    decided_at = models.DateTimeField(null=True, blank=True)
    rank = models.PositiveSmallIntegerField(null=True, blank=True)
    score = models.FloatField()
    low = models.FloatField()
    high = models.FloatField()
    contributions = models.JSONField()
    weights_hash = models.CharField(max_length=64)
    input_hash = models.CharField(max_length=64)
    person = models.ForeignKey(PersonSnapshot, on_delete=models.CASCADE, related_name="matches")
    traveler_as = models.ForeignKey(TravelerSnapshot, on_delete=models.PROTECT, related_name="+")
    computed_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "matches"
        constraints = [
            models.UniqueConstraint(fields=["user", "traveler"], name="match_once"),
            models.UniqueConstraint(
                fields=["user", "rank"], name="match_rank_once", deferrable=models.Deferrable.DEFERRED
            ),
            at_least("rank", 1, "match_rank_from_one"),
            one_of("origin", ("tell", "hand"), "match_origin_known"),
            one_of("reason", ("", *DeclineReason.values), "match_reason_known"),
            models.CheckConstraint(
                condition=Q(state="offered", decided_at__isnull=True, reason="")
                | Q(state="accepted", decided_at__isnull=False, reason="")
                | (Q(state="declined", decided_at__isnull=False, rank__isnull=True) & ~Q(reason="")),
                name="match_decided_has_time",
            ),
            models.CheckConstraint(
                condition=Q(low__gte=0, low__lte=F("score"), high__gte=F("score"), high__lte=HIGHEST),
                name="match_score_in_interval",
            ),
            json_is("contributions", "object", "match_contributions_object"),
            matches("weights_hash", SHA256, "match_weights_hashed"),
            matches("input_hash", SHA256, "match_input_hashed"),
        ]

    def __str__(self) -> str:
        return f"{self.uid} {self.state}"
