"""Travelers, and what Manus told us."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from accounts.models import AXES, Occupation, Skill
from mentors.querysets import TravelerQuerySet
from timetravelers.kit.models import PublicId, Timestamped


def _ordered(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(**{f"{name}_min__lte": F(f"{name}_max")}), name=f"traveler_{name}_ordered"
    )


class Traveler(PublicId, Timestamped):
    """An AI mentor persona from `era_years` further along a career. `version` rises with every edit."""

    slug = models.SlugField(max_length=60, unique=True)
    version = models.PositiveIntegerField(default=1)
    content_hash = models.CharField(max_length=64, blank=True)
    is_published = models.BooleanField(default=True)
    name = models.CharField(max_length=80)
    era_years = models.PositiveSmallIntegerField()
    occupation = models.ForeignKey(Occupation, on_delete=models.PROTECT, related_name="travelers")
    specializations = ArrayField(models.CharField(max_length=100), default=list, blank=True)
    story = models.TextField(max_length=2000)
    voice = models.CharField(max_length=400)
    greeting = models.CharField(max_length=400)
    boundaries = ArrayField(models.CharField(max_length=420), default=list, blank=True)
    languages = ArrayField(models.CharField(max_length=10), default=list)
    capacity = models.PositiveIntegerField()
    pace_hours_min = models.PositiveSmallIntegerField()
    pace_hours_max = models.PositiveSmallIntegerField()
    horizon_months_min = models.PositiveSmallIntegerField()
    horizon_months_max = models.PositiveSmallIntegerField()
    experience_years_min = models.PositiveSmallIntegerField()
    experience_years_max = models.PositiveSmallIntegerField()
    active_reflective = models.FloatField()
    sensing_intuitive = models.FloatField()
    visual_verbal = models.FloatField()
    sequential_global = models.FloatField()

    objects = TravelerQuerySet.as_manager()

    class Meta:
        ordering = ["slug"]
        constraints = [
            models.CheckConstraint(condition=Q(era_years__range=(1, 60)), name="traveler_era_range"),
            _ordered("pace_hours"),
            _ordered("horizon_months"),
            _ordered("experience_years"),
            *(
                models.CheckConstraint(condition=Q(**{f"{axis}__range": (-1, 1)}), name=f"traveler_{axis}_range")
                for axis in AXES
            ),
        ]

    def __str__(self) -> str:
        return self.name


class TravelerSkill(models.Model):
    """A skill the Traveler masters, 1-5."""

    traveler = models.ForeignKey(Traveler, on_delete=models.CASCADE, related_name="skill_links")
    skill = models.ForeignKey(Skill, on_delete=models.PROTECT, related_name="+")
    level = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["traveler", "skill"], name="traveler_skill_once"),
            models.CheckConstraint(condition=Q(level__range=(1, 5)), name="traveler_skill_level_range"),
        ]

    def __str__(self) -> str:
        return f"{self.traveler_id} {self.skill_id}"


class WebhookDelivery(models.Model):
    """A signed word from Manus, stored before it is acted on; the same bytes twice are one row."""

    digest = models.BinaryField(max_length=32, unique=True)
    event_type = models.CharField(max_length=60)
    task_id = models.CharField(max_length=100, blank=True)
    received_at = models.DateTimeField(auto_now_add=True, db_index=True)

    def __str__(self) -> str:
        return f"{self.event_type} {self.task_id}"
