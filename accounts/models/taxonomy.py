"""The career taxonomy after O*NET: fields, occupations, skills, and how they hang together."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from accounts.querysets import OccupationQuerySet, SkillQuerySet
from timetravelers.kit.rules import given, matches, one_of


class Source(models.TextChoices):
    """Who wrote a row last: our own content files, or a release of O*NET. Neither removes what the other wrote."""

    STARTER = "starter"
    ONET = "onet"


class Field(models.Model):
    """A SOC major group, such as 15-0000."""

    code = models.CharField(max_length=7, unique=True)
    name = models.CharField(max_length=100)
    description = models.TextField(max_length=500)

    class Meta:
        ordering = ["code"]
        constraints = [
            matches("code", "^[0-9]{2}-0000$", "field_code_form"),
            given("name", name="field_name_given"),
        ]

    def __str__(self) -> str:
        return self.name


class MinorGroup(models.Model):
    """A SOC minor group, such as 15-2000, within its field; which one an occupation is in, its code says."""

    code = models.CharField(max_length=7)
    name = models.CharField(max_length=100)
    field = models.ForeignKey(Field, on_delete=models.PROTECT, related_name="groups")

    class Meta:
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(fields=["code"], name="minor_group_code_once"),
            models.CheckConstraint(condition=Q(code__regex=r"^[0-9]{2}-[0-9]{2}00$"), name="minor_group_code_form"),
            given("name", name="minor_group_name_given"),
        ]

    def __str__(self) -> str:
        return self.name


class Skill(models.Model):
    """Something one can be good at: a skill, a body of knowledge or a technology.

    The key never changes. A skill that O*NET no longer has is retired, not deleted: people refer to it.
    """

    class Kind(models.TextChoices):
        SKILL = "skill"
        KNOWLEDGE = "knowledge"
        TECHNOLOGY = "technology"

    key = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=150)
    kind = models.CharField(max_length=10, choices=Kind)
    onet_id = models.CharField(max_length=20, blank=True)
    description = models.TextField(max_length=500, blank=True)
    aliases = ArrayField(models.CharField(max_length=100), default=list, blank=True)
    hot = models.BooleanField(default=False, help_text="A technology that many employers ask for.")
    source = models.CharField(max_length=10, choices=Source, default=Source.STARTER)
    standing = models.PositiveSmallIntegerField(
        default=0, help_text="How often it is what people mean, as points in search."
    )
    retired_at = models.DateTimeField(null=True, blank=True)

    objects = SkillQuerySet.as_manager()

    class Meta:
        ordering = ["key"]
        constraints = [
            models.UniqueConstraint(fields=["onet_id"], condition=~Q(onet_id=""), name="skill_onet_id_once"),
            models.CheckConstraint(condition=Q(hot=False) | Q(kind="technology"), name="skill_hot_is_technology"),
            given("key", "name", name="skill_named"),
            one_of("kind", ("skill", "knowledge", "technology"), "skill_kind_known"),
            one_of("source", Source.values, "skill_source_known"),
        ]

    def __str__(self) -> str:
        return self.name


class Occupation(models.Model):
    """An O*NET-SOC occupation, such as 15-2051.00; without a job zone where O*NET gives it none.

    One that O*NET no longer has is retired, not deleted: people refer to it.
    """

    code = models.CharField(max_length=10, unique=True)
    title = models.CharField(max_length=150)
    field = models.ForeignKey(Field, on_delete=models.PROTECT, related_name="occupations")
    minor_group = models.ForeignKey(MinorGroup, on_delete=models.PROTECT, related_name="occupations")
    description = models.TextField(max_length=2000)
    job_zone = models.PositiveSmallIntegerField(null=True)
    figures_estimated = models.BooleanField(
        default=False, help_text="O*NET has not rated it: figures of its closest rated neighbors stand in."
    )
    source = models.CharField(max_length=10, choices=Source, default=Source.STARTER)
    standing = models.PositiveSmallIntegerField(
        default=0, help_text="How often it is what people mean, as points in search."
    )
    retired_at = models.DateTimeField(null=True, blank=True)

    objects = OccupationQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(condition=Q(job_zone__range=(1, 5)), name="occupation_job_zone_range"),
            matches("code", r"^[0-9]{2}-[0-9]{4}\.[0-9]{2}$", "occupation_code_form"),
            given("title", name="occupation_title_given"),
            one_of("source", Source.values, "occupation_source_known"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_retired(self) -> bool:
        """Whether O*NET has it no more: who chose it keeps it, and nobody chooses it anew."""
        return self.retired_at is not None

    @property
    def alternate_titles(self) -> list[str]:
        """What else people call it, in the order of the alphabet; prefetch `title_rows` for many."""
        return [row.title for row in self.title_rows.all()]


class AlternateTitle(models.Model):
    """What else people call an occupation, short forms included."""

    occupation = models.ForeignKey(Occupation, on_delete=models.CASCADE, related_name="title_rows")
    title = models.CharField(max_length=150)
    source = models.CharField(max_length=10, choices=Source, default=Source.STARTER)

    class Meta:
        ordering = ["title"]
        constraints = [
            models.UniqueConstraint(fields=["occupation", "title"], name="alternate_title_once"),
            given("title", name="alternate_title_given"),
            one_of("source", Source.values, "alternate_title_source_known"),
        ]

    def __str__(self) -> str:
        return self.title


class OccupationSkill(models.Model):
    """How much an occupation asks of a skill: importance 1-5, level 0-7 (O*NET's scales IM and LV)."""

    occupation = models.ForeignKey(Occupation, on_delete=models.CASCADE, related_name="skill_links")
    skill = models.ForeignKey(Skill, on_delete=models.PROTECT, related_name="occupation_links")
    importance = models.FloatField()
    level = models.FloatField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["occupation", "skill"], name="occupation_skill_once"),
            models.CheckConstraint(condition=Q(importance__range=(1, 5)), name="occupation_skill_importance_range"),
            models.CheckConstraint(
                condition=Q(level__isnull=True) | Q(level__range=(0, 7)), name="occupation_skill_level_range"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.occupation_id} {self.skill_id}"


class RelatedOccupation(models.Model):
    """A neighbour in the taxonomy, directed, in O*NET's tiers; rank 1 is the closest."""

    class Tier(models.TextChoices):
        PRIMARY_SHORT = "primary-short"
        PRIMARY_LONG = "primary-long"
        SUPPLEMENTAL = "supplemental"

    occupation = models.ForeignKey(Occupation, on_delete=models.CASCADE, related_name="neighbour_links")
    related = models.ForeignKey(Occupation, on_delete=models.CASCADE, related_name="+")
    tier = models.CharField(max_length=15, choices=Tier)
    rank = models.PositiveSmallIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["occupation", "related"], name="related_occupation_once"),
            models.CheckConstraint(condition=~Q(occupation=models.F("related")), name="related_occupation_not_itself"),
            models.CheckConstraint(condition=Q(rank__gte=1), name="related_occupation_rank_from_one"),
            one_of("tier", ("primary-short", "primary-long", "supplemental"), "related_occupation_tier_known"),
        ]

    def __str__(self) -> str:
        return f"{self.occupation_id} {self.related_id}"
