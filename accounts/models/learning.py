"""Answers to the questions about learning preferences, and what they came to."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models.profile import AXES
from timetravelers.kit.models import PublicId
from timetravelers.kit.rules import at_least, given


class LearningAssessment(PublicId):
    """One go at the questions of one version; open until it is finished, and then for good as it was."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="learning_assessments")
    bank_version = models.PositiveSmallIntegerField()
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    attention_passed = models.BooleanField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(finished_at__isnull=True), name="learning_assessment_one_open"
            ),
            models.CheckConstraint(
                condition=Q(finished_at__isnull=True) | Q(finished_at__gte=models.F("started_at")),
                name="learning_assessment_finished_after_started",
            ),
            models.CheckConstraint(
                condition=Q(finished_at__isnull=True, attention_passed__isnull=True)
                | Q(finished_at__isnull=False, attention_passed__isnull=False),
                name="learning_assessment_judged_when_finished",
            ),
            at_least("bank_version", 1, "learning_assessment_bank_from_one"),
        ]

    def __str__(self) -> str:
        return str(self.uid)


class LearningAnswer(models.Model):
    """How much a person agrees with a line, from 1 (not at all) to 5 (very much)."""

    assessment = models.ForeignKey(LearningAssessment, on_delete=models.CASCADE, related_name="answers")
    item = models.CharField(max_length=40)
    value = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["assessment", "item"], name="learning_answer_once"),
            models.CheckConstraint(condition=Q(value__range=(1, 5)), name="learning_answer_value_range"),
            given("item", name="learning_answer_item_given"),
        ]

    def __str__(self) -> str:
        return f"{self.assessment_id} {self.item}"


class AxisScore(models.Model):
    """What a finished assessment says of one axis: value -1 to 1, confidence 0 to 1, answers it rests on."""

    assessment = models.ForeignKey(LearningAssessment, on_delete=models.CASCADE, related_name="scores")
    axis = models.CharField(max_length=20, choices=[(axis, axis) for axis in AXES])
    value = models.FloatField()
    confidence = models.FloatField()
    answered = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["assessment", "axis"], name="axis_score_once"),
            models.CheckConstraint(condition=Q(axis__in=AXES), name="axis_score_axis_known"),
            models.CheckConstraint(condition=Q(value__range=(-1, 1)), name="axis_score_value_range"),
            models.CheckConstraint(condition=Q(confidence__range=(0, 1)), name="axis_score_confidence_range"),
        ]

    def __str__(self) -> str:
        return f"{self.assessment_id} {self.axis}"
