"""What a person told us about their career: facts, wishes and preferences."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from accounts.models.taxonomy import Occupation
from timetravelers.kit.models import Timestamped
from timetravelers.kit.rules import at_least, json_is

# Learning preferences on four published dimensions, each from -1 (first pole) to 1 (second pole).
AXES = ("active_reflective", "sensing_intuitive", "visual_verbal", "sequential_global")
MOST_LANGUAGES = 10
MOST_WINDOWS = 42  # six a day


def _within(field: str, low: float, high: float) -> models.CheckConstraint:
    unset = Q(**{f"{field}__isnull": True})
    return models.CheckConstraint(
        condition=unset | Q(**{f"{field}__range": (low, high)}), name=f"profile_{field}_range"
    )


class Profile(Timestamped):
    """One a person; `version` rises with every change of it or of the person's records, and begins the ETag.

    `years_experience` is what the person states; `selectors.years_of_experience` says what counts. `time_zone`
    is an IANA name, `languages` are BCP 47 tags with the dearest first, `availability` is what
    `accounts.availability` makes of weekly windows, and `picture` names the files of the picture there is.
    """

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
    headline = models.CharField(max_length=120, blank=True, default="")
    bio = models.CharField(max_length=2000, blank=True, default="")
    time_zone = models.CharField(max_length=64, blank=True, default="")
    languages = ArrayField(models.CharField(max_length=35), default=list, blank=True)
    availability = models.JSONField(default=list, blank=True)
    picture = models.CharField(max_length=32, blank=True, default="")
    active_reflective = models.FloatField(null=True, blank=True)
    sensing_intuitive = models.FloatField(null=True, blank=True)
    visual_verbal = models.FloatField(null=True, blank=True)
    sequential_global = models.FloatField(null=True, blank=True)
    # Axes whose figure comes from an assessment; any other figure is the person's own word, and wins.
    assessed_axes = ArrayField(models.CharField(max_length=20), default=list, blank=True)

    class Meta:
        constraints = [
            _within("years_experience", 0, 70),
            _within("goal_horizon_months", 1, 240),
            _within("weekly_hours", 1, 80),
            *(_within(axis, -1, 1) for axis in AXES),
            models.CheckConstraint(
                condition=Q(assessed_axes__contained_by=list(AXES)), name="profile_assessed_axes_known"
            ),
            models.CheckConstraint(condition=Q(languages__len__lte=MOST_LANGUAGES), name="profile_languages_few"),
            json_is("availability", "array", "profile_availability_list"),
            at_least("version", 1, "profile_version_from_one"),
        ]

    def __str__(self) -> str:
        return f"profile of {self.user_id}"
