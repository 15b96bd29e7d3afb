"""Versions of TELL's weights: what they are never changes, which of them counts does."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from timetravelers.kit.models import PublicId, Timestamped
from timetravelers.kit.rules import SHA256, at_least, given, json_is, matches, one_of


class Algorithm(PublicId, Timestamped):
    """Weights for the scoring of `code`; services write a row once, and then move its state alone.

    `figures` are what a proposal rests on, and `preview` is what it would change for real people, empty before
    anybody looked. `reviewed_by` is who let it go live; nobody does but a person, or, for
    the weights that the code itself brings, the house.
    """

    class State(models.TextChoices):
        DRAFT = "draft"
        PUBLISHED = "published"
        RETIRED = "retired"

    class Source(models.TextChoices):
        HOUSE = "house"  # what the code says where nobody has said anything else
        STAFF = "staff"
        LEARNING = "learning"

    number = models.PositiveIntegerField()
    code = models.CharField(max_length=20)
    source = models.CharField(max_length=10, choices=Source)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    weights = models.JSONField()
    weights_hash = models.CharField(max_length=64)
    note = models.CharField(max_length=300, blank=True)
    figures = models.JSONField(default=dict, blank=True)
    preview = models.JSONField(default=dict, blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    published_at = models.DateTimeField(null=True, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["number"], name="algorithm_number_once"),
            models.UniqueConstraint(fields=["state"], condition=Q(state="published"), name="algorithm_one_published"),
            at_least("number", 1, "algorithm_number_from_one"),
            one_of("source", ("house", "staff", "learning"), "algorithm_source_known"),
            given("code", name="algorithm_code_given"),
            json_is("weights", "object", "algorithm_weights_object"),
            json_is("figures", "object", "algorithm_figures_object"),
            json_is("preview", "object", "algorithm_preview_object"),
            matches("weights_hash", SHA256, "algorithm_weights_hashed"),
            models.CheckConstraint(
                condition=Q(state="draft", published_at__isnull=True, retired_at__isnull=True)
                | Q(state="published", published_at__isnull=False, retired_at__isnull=True)
                | Q(state="retired", published_at__isnull=False, retired_at__isnull=False),
                name="algorithm_state_has_times",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} weights {self.number}"
