"""What only a release of O*NET knows of an occupation: technologies, tasks, interests and work styles."""

from django.db import models
from django.db.models import Q

from accounts.models.taxonomy import Occupation, Skill
from timetravelers.kit.rules import given, one_of


class OccupationTechnology(models.Model):
    """A technology people in an occupation work with; in demand if its employers often ask for it."""

    occupation = models.ForeignKey(Occupation, on_delete=models.CASCADE, related_name="technology_links")
    skill = models.ForeignKey(Skill, on_delete=models.PROTECT, related_name="technology_links")
    in_demand = models.BooleanField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["occupation", "skill"], name="occupation_technology_once"),
        ]

    def __str__(self) -> str:
        return f"{self.occupation_id} {self.skill_id}"


class OccupationTask(models.Model):
    """What people in an occupation do; without a kind where O*NET has not rated the task."""

    class Kind(models.TextChoices):
        CORE = "core"
        SUPPLEMENTAL = "supplemental"

    occupation = models.ForeignKey(Occupation, on_delete=models.CASCADE, related_name="tasks")
    onet_id = models.PositiveIntegerField()
    statement = models.TextField(max_length=1000)
    kind = models.CharField(max_length=12, choices=Kind, blank=True)

    class Meta:
        ordering = ["onet_id"]
        constraints = [
            models.UniqueConstraint(fields=["onet_id"], name="occupation_task_onet_id_once"),
            one_of("kind", ("", "core", "supplemental"), "occupation_task_kind_known"),
            given("statement", name="occupation_task_statement_given"),
        ]

    def __str__(self) -> str:
        return self.statement


class OccupationInterest(models.Model):
    """How well an occupation suits one of Holland's six interests: score 1-7, `high_point` 1-3 among the first."""

    class Area(models.TextChoices):
        REALISTIC = "realistic"
        INVESTIGATIVE = "investigative"
        ARTISTIC = "artistic"
        SOCIAL = "social"
        ENTERPRISING = "enterprising"
        CONVENTIONAL = "conventional"

    occupation = models.ForeignKey(Occupation, on_delete=models.CASCADE, related_name="interests")
    area = models.CharField(max_length=13, choices=Area)
    score = models.FloatField()
    high_point = models.PositiveSmallIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["occupation", "area"], name="occupation_interest_once"),
            # Deferred, since a later release may let two interests change places.
            models.UniqueConstraint(
                fields=["occupation", "high_point"],
                deferrable=models.Deferrable.DEFERRED,
                name="occupation_interest_high_point_once",
            ),
            models.CheckConstraint(condition=Q(score__range=(1, 7)), name="occupation_interest_score_range"),
            models.CheckConstraint(condition=Q(high_point__range=(1, 3)), name="occupation_interest_high_point_range"),
            one_of(
                "area",
                ("realistic", "investigative", "artistic", "social", "enterprising", "conventional"),
                "occupation_interest_area_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.occupation_id} {self.area}"


class WorkStyle(models.Model):
    """A way of working that some occupations ask for, such as attention to detail."""

    onet_id = models.CharField(max_length=20)
    name = models.CharField(max_length=100)
    description = models.TextField(max_length=500, blank=True)

    class Meta:
        ordering = ["onet_id"]
        constraints = [
            models.UniqueConstraint(fields=["onet_id"], name="work_style_onet_id_once"),
            given("onet_id", "name", name="work_style_named"),
        ]

    def __str__(self) -> str:
        return self.name


class OccupationWorkStyle(models.Model):
    """How important a way of working is in an occupation: importance 1-5 (O*NET's scale IM)."""

    occupation = models.ForeignKey(Occupation, on_delete=models.CASCADE, related_name="work_style_links")
    style = models.ForeignKey(WorkStyle, on_delete=models.CASCADE, related_name="occupation_links")
    importance = models.FloatField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["occupation", "style"], name="occupation_work_style_once"),
            models.CheckConstraint(condition=Q(importance__range=(1, 5)), name="occupation_work_style_range"),
        ]

    def __str__(self) -> str:
        return f"{self.occupation_id} {self.style_id}"
