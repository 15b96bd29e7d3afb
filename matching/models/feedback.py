"""What people made of matches: their verdicts, which weights learn from, and whom they do not want to meet."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from matching.models.algorithms import Algorithm
from mentors.models import Traveler
from timetravelers.kit.models import PublicId, Timestamped
from timetravelers.kit.rules import json_is, one_of

MOST_COMMENT = 500


class DeclineReason(models.TextChoices):
    """Why somebody does not want a Traveler; what TELL can learn from depends on it."""

    WRONG_FIELD = "wrong-field"
    WRONG_SKILLS = "wrong-skills"
    WRONG_TIME = "wrong-time"
    WRONG_DISTANCE = "wrong-distance"
    WRONG_STYLE = "wrong-style"
    NOT_NOW = "not-now"
    OTHER = "other"


class MatchFeedback(PublicId, Timestamped):
    """One verdict on a Traveler. `value` is from -1 (does not suit) to 1 (suits).

    `fits` are the fits of the four letters and their parts, 0 to 1, as they were; `beside` are those of the
    Travelers that stood in the list with it and were passed over. `origin` is the match, session or mission.
    """

    class Kind(models.TextChoices):
        ACCEPTED = "accepted"
        DECLINED = "declined"
        JUDGED = "judged"  # of the match itself, by stars
        SESSION_RATED = "session-rated"
        MISSION_COMPLETED = "mission-completed"

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="match_feedback", db_index=False
    )
    traveler = models.ForeignKey(Traveler, on_delete=models.PROTECT, related_name="+")
    algorithm = models.ForeignKey(Algorithm, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=Kind)
    origin = models.UUIDField()
    value = models.FloatField()
    reason = models.CharField(max_length=20, choices=DeclineReason, blank=True, default="")
    comment = models.CharField(max_length=MOST_COMMENT, blank=True, default="")
    fits = models.JSONField()
    beside = models.JSONField(default=list, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "kind", "origin"], name="match_feedback_once"),
            one_of(
                "kind",
                ("accepted", "declined", "judged", "session-rated", "mission-completed"),
                "match_feedback_kind_known",
            ),
            one_of("reason", ("", *DeclineReason.values), "match_feedback_reason_known"),
            models.CheckConstraint(
                condition=Q(kind="declined") & ~Q(reason="") | (~Q(kind="declined") & Q(reason="")),
                name="match_feedback_declined_has_reason",
            ),
            models.CheckConstraint(condition=Q(value__range=(-1, 1)), name="match_feedback_value_range"),
            json_is("fits", "object", "match_feedback_fits_object"),
            json_is("beside", "array", "match_feedback_beside_list"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.uid}"


class Block(models.Model):
    """A person does not want to be matched with a Traveler."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    traveler = models.ForeignKey(Traveler, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "traveler"], name="block_once")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.traveler_id}"
