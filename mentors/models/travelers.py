"""Travelers as they stand now, and what they master: the newest of their versions, laid out for searching."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from accounts.career_stage import STAGES
from accounts.models import AXES, Occupation, Skill
from mentors.querysets import TravelerQuerySet
from timetravelers.kit.models import PublicId, Timestamped
from timetravelers.kit.rules import at_least, given, json_is


class TravelerState(models.TextChoices):
    """People meet the published only; the retired stay with those who know them."""

    DRAFT = "draft"
    PUBLISHED = "published"
    RETIRED = "retired"


def _ordered(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(**{f"{name}_min__lte": F(f"{name}_max")}), name=f"traveler_{name}_ordered"
    )


def _stages_from(low: int) -> Q:
    return Q(career_stage_min=STAGES[low], career_stage_max__in=STAGES[low:])


class Traveler(PublicId, Timestamped):
    """An AI mentor persona from `era_years` further along a career.

    `version` is the number of its newest TravelerVersion, which holds the same and never changes; only
    `state` is of this row alone. `portrait` names stored pictures, and is empty for the one we draw.
    `boundaries` are objects with `refuses` and `refers_to`.
    """

    slug = models.SlugField(max_length=60, unique=True)
    version = models.PositiveIntegerField(default=1)
    content_hash = models.CharField(max_length=64, blank=True, help_text="Of the file that was loaded last.")
    state = models.CharField(max_length=10, choices=TravelerState, default=TravelerState.PUBLISHED)
    name = models.CharField(max_length=80)
    era_years = models.PositiveSmallIntegerField()
    occupation = models.ForeignKey(Occupation, on_delete=models.PROTECT, related_name="travelers")
    specializations = ArrayField(models.CharField(max_length=100), default=list, blank=True)
    story = models.TextField(max_length=2000)
    voice = models.CharField(max_length=400)
    greeting = models.CharField(max_length=400)
    boundaries = models.JSONField(default=list, blank=True)
    languages = ArrayField(models.CharField(max_length=10), default=list)
    portrait = models.CharField(max_length=32, blank=True, default="")
    capacity = models.PositiveIntegerField()
    pace_hours_min = models.PositiveSmallIntegerField()
    pace_hours_max = models.PositiveSmallIntegerField()
    horizon_months_min = models.PositiveSmallIntegerField()
    horizon_months_max = models.PositiveSmallIntegerField()
    experience_years_min = models.PositiveSmallIntegerField()
    experience_years_max = models.PositiveSmallIntegerField()
    career_stage_min = models.CharField(max_length=13, choices=[(stage, stage) for stage in STAGES])
    career_stage_max = models.CharField(max_length=13, choices=[(stage, stage) for stage in STAGES])
    active_reflective = models.FloatField()
    sensing_intuitive = models.FloatField()
    visual_verbal = models.FloatField()
    sequential_global = models.FloatField()

    objects = TravelerQuerySet.as_manager()

    class Meta:
        ordering = ["slug"]
        constraints = [
            models.CheckConstraint(condition=Q(era_years__range=(1, 60)), name="traveler_era_range"),
            models.CheckConstraint(condition=Q(state__in=TravelerState.values), name="traveler_state_known"),
            _ordered("pace_hours"),
            _ordered("horizon_months"),
            _ordered("experience_years"),
            models.CheckConstraint(
                condition=_stages_from(0) | _stages_from(1) | _stages_from(2) | _stages_from(3) | _stages_from(4),
                name="traveler_career_stage_ordered",
            ),
            *(
                models.CheckConstraint(condition=Q(**{f"{axis}__range": (-1, 1)}), name=f"traveler_{axis}_range")
                for axis in AXES
            ),
            at_least("version", 1, "traveler_version_from_first"),
            at_least("capacity", 1, "traveler_capacity_from_one"),
            given("slug", "name", "story", "voice", "greeting", name="traveler_texts_given"),
            models.CheckConstraint(condition=Q(languages__len__gte=1), name="traveler_speaks"),
            json_is("boundaries", "array", "traveler_boundaries_list"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_published(self) -> bool:
        """Whether people may meet it."""
        return self.state == TravelerState.PUBLISHED


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
