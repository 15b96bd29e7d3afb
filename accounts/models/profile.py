"""What a person told us about their career: facts, wishes and preferences."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models.taxonomy import Occupation, Skill
from timetravelers.kit.models import Timestamped

# Learning preferences on four published dimensions, each from -1 (first pole) to 1 (second pole).
AXES = ("active_reflective", "sensing_intuitive", "visual_verbal", "sequential_global")


def _within(field: str, low: float, high: float) -> models.CheckConstraint:
    unset = Q(**{f"{field}__isnull": True})
    return models.CheckConstraint(
        condition=unset | Q(**{f"{field}__range": (low, high)}), name=f"profile_{field}_range"
    )


class Profile(Timestamped):
    """One a person, from the moment of sign-up; `version` rises with every change and is the ETag."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="profile"
    )
    version = models.PositiveIntegerField(default=1)
    display_name = models.CharField(max_length=80, blank=True)
    target_occupation = models.ForeignKey(Occupation, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    goal = models.CharField(max_length=500, blank=True)
    years_experience = models.PositiveSmallIntegerField(null=True, blank=True)
    goal_horizon_months = models.PositiveSmallIntegerField(null=True, blank=True)
    weekly_hours = models.PositiveSmallIntegerField(null=True, blank=True)
    active_reflective = models.FloatField(null=True, blank=True)
    sensing_intuitive = models.FloatField(null=True, blank=True)
    visual_verbal = models.FloatField(null=True, blank=True)
    sequential_global = models.FloatField(null=True, blank=True)

    class Meta:
        constraints = [
            _within("years_experience", 0, 70),
            _within("goal_horizon_months", 1, 240),
            _within("weekly_hours", 1, 80),
            *(_within(axis, -1, 1) for axis in AXES),
        ]

    def __str__(self) -> str:
        return f"profile of {self.user_id}"


class UserSkill(models.Model):
    """A skill the person says they have, from 1 (beginning) to 5 (teaching others)."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="skills")
    skill = models.ForeignKey(Skill, on_delete=models.PROTECT, related_name="+")
    level = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "skill"], name="user_skill_once"),
            models.CheckConstraint(condition=Q(level__range=(1, 5)), name="user_skill_level_range"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.skill_id}"
