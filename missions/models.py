"""Mission templates, the missions people take on, their evidence, and the ledger of rewards."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from accounts.models import Skill
from mentors.models import Traveler
from missions.querysets import MissionQuerySet, MissionTemplateQuerySet
from timetravelers.kit.models import PublicId, Timestamped
from timetravelers.kit.rules import at_least, given, one_of


class MissionTemplate(PublicId, Timestamped):
    """A reviewed career task; an edit makes a new version, and old missions keep theirs."""

    class Kind(models.TextChoices):
        RESEARCH = "research"
        PRACTICE = "practice"
        REACH_OUT = "reach-out"
        BUILD = "build"
        REFLECT = "reflect"

    slug = models.SlugField(max_length=60)
    version = models.PositiveIntegerField()
    content_hash = models.CharField(max_length=64, blank=True)
    is_current = models.BooleanField(default=True)
    kind = models.CharField(max_length=10, choices=Kind)
    title = models.CharField(max_length=120)
    summary = models.TextField(max_length=600)
    field_codes = ArrayField(models.CharField(max_length=7), default=list, blank=True)  # empty: any field
    skills = models.ManyToManyField(Skill, related_name="+", blank=True)
    minutes = models.PositiveSmallIntegerField()
    difficulty = models.PositiveSmallIntegerField()
    steps = ArrayField(models.CharField(max_length=400))
    evidence_kinds = ArrayField(models.CharField(max_length=10))
    evidence_prompt = models.CharField(max_length=400)
    evidence_min_words = models.PositiveSmallIntegerField(default=0)
    reward_points = models.PositiveSmallIntegerField()

    objects = MissionTemplateQuerySet.as_manager()

    class Meta:
        ordering = ["slug", "version"]
        constraints = [
            models.UniqueConstraint(fields=["slug", "version"], name="mission_template_version_once"),
            models.UniqueConstraint(fields=["slug"], condition=Q(is_current=True), name="mission_template_one_current"),
            models.CheckConstraint(condition=Q(reward_points__range=(5, 500)), name="mission_template_points_range"),
            models.CheckConstraint(condition=Q(difficulty__range=(1, 5)), name="mission_template_difficulty_range"),
            one_of("kind", ("research", "practice", "reach-out", "build", "reflect"), "mission_template_kind_known"),
            at_least("version", 1, "mission_template_version_from_one"),
            at_least("minutes", 1, "mission_template_minutes_from_one"),
            given("slug", "title", "summary", "evidence_prompt", name="mission_template_texts_given"),
            models.CheckConstraint(condition=Q(steps__len__gte=1), name="mission_template_has_steps"),
            models.CheckConstraint(
                condition=Q(evidence_kinds__len__gte=1, evidence_kinds__contained_by=["text", "link"]),
                name="mission_template_evidence_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.slug} v{self.version}"


class Mission(PublicId, Timestamped):
    """One template offered to one person."""

    class State(models.TextChoices):
        OFFERED = "offered"
        ACCEPTED = "accepted"
        COMPLETED = "completed"
        DECLINED = "declined"

    OPEN = (State.OFFERED, State.ACCEPTED)

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="missions")
    template = models.ForeignKey(MissionTemplate, on_delete=models.PROTECT, related_name="missions")
    traveler = models.ForeignKey(Traveler, on_delete=models.PROTECT, null=True, related_name="+")
    origin = models.UUIDField(null=True, help_text="The session it came out of.")
    state = models.CharField(max_length=10, choices=State, default=State.OFFERED)
    reason = models.CharField(max_length=300)
    offered_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    objects = MissionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "template"],
                condition=Q(state__in=["offered", "accepted"]),
                name="mission_open_once",
            ),
            models.UniqueConstraint(fields=["origin"], name="mission_once_per_origin"),
            models.CheckConstraint(
                condition=Q(state__in=["offered", "accepted"], ended_at__isnull=True)
                | Q(state__in=["completed", "declined"], ended_at__isnull=False),
                name="mission_ended_has_time",
            ),
            models.CheckConstraint(
                condition=Q(state="offered", accepted_at__isnull=True)
                | Q(state__in=["accepted", "completed"], accepted_at__isnull=False)
                | Q(state="declined"),
                name="mission_accepted_has_time",
            ),
        ]
        indexes = [models.Index(fields=["user", "-id"], name="mission_board")]

    def __str__(self) -> str:
        return f"{self.uid} {self.state}"


class Evidence(PublicId):
    """What a person shows for a mission: their own words, or a link."""

    class Kind(models.TextChoices):
        TEXT = "text"
        LINK = "link"

    mission = models.ForeignKey(Mission, on_delete=models.CASCADE, related_name="evidence")
    kind = models.CharField(max_length=10, choices=Kind)
    content = models.TextField(max_length=10_000)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            one_of("kind", ("text", "link"), "evidence_kind_known"),
            given("content", name="evidence_content_given"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} for {self.mission_id}"


class Reward(PublicId):
    """An entry of the append-only ledger; the sum over a person's entries is what they have."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="rewards")
    mission = models.OneToOneField(Mission, on_delete=models.PROTECT, related_name="reward")
    points = models.PositiveSmallIntegerField()
    earned_at = models.DateTimeField()

    class Meta:
        constraints = [
            at_least("points", 1, "reward_points_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.points} for {self.mission_id}"


class MissionProposal(PublicId, Timestamped):
    """Something a person said in a session that they would do, in their own words.

    It earns nothing: rewards come by reviewed templates alone, so that nobody can write their own.
    """

    class State(models.TextChoices):
        PROPOSED = "proposed"
        TAKEN = "taken"
        DONE = "done"
        DISMISSED = "dismissed"

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="mission_proposals", db_index=False
    )
    traveler = models.ForeignKey(Traveler, on_delete=models.PROTECT, related_name="+")
    origin = models.UUIDField(help_text="The insight it came out of.")
    session = models.UUIDField(help_text="The session that was looked back on.")
    text = models.CharField(max_length=1000)
    state = models.CharField(max_length=10, choices=State, default=State.PROPOSED)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["origin"], name="mission_proposal_once_per_origin"),
            one_of("state", ("proposed", "taken", "done", "dismissed"), "mission_proposal_state_known"),
            given("text", name="mission_proposal_text_given"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) ^ Q(state__in=["done", "dismissed"]),
                name="mission_proposal_ended_has_time",
            ),
        ]
        indexes = [models.Index(fields=["user", "-id"], name="mission_proposal_board")]

    def __str__(self) -> str:
        return f"{self.uid} {self.state}"
