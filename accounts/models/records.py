"""What a person keeps lists of: goals, experience, education and skills, each in an order of their own."""

from django.conf import settings
from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from accounts.models.taxonomy import Field, Occupation, Skill
from timetravelers.kit.models import PublicId, Timestamped
from timetravelers.kit.rules import one_of

MOST_RECORDS = 50  # of each kind a person
FIRST_YEAR, LAST_YEAR = 1900, 2100


class GoalStatus(models.TextChoices):
    """How a goal stands."""

    ACTIVE = "active"
    ACHIEVED = "achieved"
    DROPPED = "dropped"


class EducationLevel(models.TextChoices):
    """What was studied for."""

    SECONDARY = "secondary"
    CERTIFICATE = "certificate"
    ASSOCIATE = "associate"
    BACHELOR = "bachelor"
    MASTER = "master"
    DOCTORATE = "doctorate"
    OTHER = "other"


class EvidenceGrade(models.TextChoices):
    """What stands behind the level of a skill, the weakest first."""

    CLAIMED = "claimed"
    DEMONSTRATED = "demonstrated"
    ATTESTED = "attested"


def _year_range(field: str, name: str) -> models.CheckConstraint:
    within = Q(**{f"{field}__range": (FIRST_YEAR, LAST_YEAR)})
    return models.CheckConstraint(condition=Q(**{f"{field}__isnull": True}) | within, name=name)


class Record(PublicId):
    """A row of one of the lists; `position` is the person's order, the lowest first."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="%(class)ss")
    position = models.PositiveIntegerField(default=0)

    class Meta:
        abstract = True
        ordering = ["position", "id"]


class Goal(Record, Timestamped):
    """Where the person wants to get to: an occupation or a whole field."""

    occupation = models.ForeignKey(Occupation, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    field = models.ForeignKey(Field, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    horizon_months = models.PositiveSmallIntegerField(null=True, blank=True)
    motivation = models.CharField(max_length=500, blank=True)
    status = models.CharField(max_length=10, choices=GoalStatus, default=GoalStatus.ACTIVE)

    class Meta(Record.Meta):
        indexes = [models.Index(fields=["user", "position"], name="goal_of_user")]
        constraints = [
            models.CheckConstraint(
                condition=Q(occupation__isnull=True, field__isnull=False)
                | Q(occupation__isnull=False, field__isnull=True),
                name="goal_one_target",
            ),
            models.CheckConstraint(
                condition=Q(horizon_months__isnull=True) | Q(horizon_months__range=(1, 240)), name="goal_horizon_range"
            ),
            one_of("status", GoalStatus.values, "goal_status_known"),
        ]

    def __str__(self) -> str:
        return f"goal {self.uid}"


class Experience(Record, Timestamped):
    """Work the person did or does: months are stored as their first day; without an end it goes on."""

    occupation = models.ForeignKey(Occupation, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    title = models.CharField(max_length=150, blank=True)
    employer = models.CharField(max_length=120, blank=True)
    started = models.DateField()
    ended = models.DateField(null=True, blank=True)
    description = models.CharField(max_length=2000, blank=True)

    class Meta(Record.Meta):
        verbose_name_plural = "experience"
        indexes = [models.Index(fields=["user", "position"], name="experience_of_user")]
        constraints = [
            models.CheckConstraint(condition=Q(occupation__isnull=False) | ~Q(title=""), name="experience_says_what"),
            models.CheckConstraint(
                condition=Q(ended__isnull=True) | Q(ended__gte=F("started")), name="experience_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(started__day=1) & (Q(ended__isnull=True) | Q(ended__day=1)), name="experience_whole_months"
            ),
            models.CheckConstraint(condition=Q(started__year__gte=FIRST_YEAR), name="experience_start_range"),
        ]

    def __str__(self) -> str:
        return f"experience {self.uid}"


class Education(Record, Timestamped):
    """A school, course or degree; the years may lie ahead."""

    institution = models.CharField(max_length=150)
    level = models.CharField(max_length=12, choices=EducationLevel)
    field_of_study = models.CharField(max_length=120, blank=True)
    start_year = models.PositiveSmallIntegerField(null=True, blank=True)
    end_year = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta(Record.Meta):
        verbose_name_plural = "education"
        indexes = [models.Index(fields=["user", "position"], name="education_of_user")]
        constraints = [
            models.CheckConstraint(condition=~Q(institution=""), name="education_names_institution"),
            one_of("level", EducationLevel.values, "education_level_known"),
            _year_range("start_year", "education_start_range"),
            _year_range("end_year", "education_end_range"),
            models.CheckConstraint(
                condition=Q(start_year__isnull=True) | Q(end_year__isnull=True) | Q(end_year__gte=F("start_year")),
                name="education_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"education {self.uid}"


class UserSkill(Record):
    """A skill of the person, of the taxonomy or in words of their own, from 1 (beginning) to 5 (teaching others).

    `grade` says what stands behind the level: the person's word, something they did here, or a mentor's word.
    """

    # The default in the database gives rows from before this column each their own.
    uid = models.UUIDField(unique=True, db_default=RandomUUID(), editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="skills")
    skill = models.ForeignKey(Skill, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    name = models.CharField(max_length=80, blank=True, default="")
    level = models.PositiveSmallIntegerField()
    grade = models.CharField(max_length=12, choices=EvidenceGrade, default=EvidenceGrade.CLAIMED)

    class Meta(Record.Meta):
        indexes = [models.Index(fields=["user", "position"], name="user_skill_of_user")]
        constraints = [
            models.UniqueConstraint(fields=["user", "skill"], name="user_skill_once"),
            models.UniqueConstraint(
                "user", Lower("name"), condition=Q(skill__isnull=True), name="user_skill_name_once"
            ),
            models.CheckConstraint(
                condition=Q(skill__isnull=False, name="") | (Q(skill__isnull=True) & ~Q(name="")),
                name="user_skill_one_name",
            ),
            models.CheckConstraint(condition=Q(level__range=(1, 5)), name="user_skill_level_range"),
            one_of("grade", EvidenceGrade.values, "user_skill_grade_known"),
        ]

    def __str__(self) -> str:
        return f"skill {self.uid}"

    @property
    def is_retired(self) -> bool:
        """Whether it is a skill of the taxonomy that O*NET has no more; reads the taxonomy's row."""
        return self.skill is not None and self.skill.retired_at is not None

    @property
    def label(self) -> str:
        """What to call it; reads the taxonomy's row."""
        return self.skill.name if self.skill else self.name
