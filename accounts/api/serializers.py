"""Shapes of the accounts API."""

from typing import Any

from rest_framework import serializers

from accounts.api.profile_shapes import Availability, LanguageTags, PictureOut, TimeZone, WindowOut
from accounts.models import AXES
from accounts.services import ProfileChanges
from timetravelers.kit.api.pagination import CatalogueQuery
from timetravelers.kit.api.serializers import Input, Real, Text, Whole

MAX_SKILLS = 50
Fields = dict[str, serializers.Field[Any, Any, Any, Any]]


class PreferencesIn(Input):
    """Learning preferences, each from -1 (first pole) to 1 (second pole); an axis that is left out stays."""

    def get_fields(self) -> Fields:
        return {axis: Real(required=False, allow_null=True, min_value=-1, max_value=1) for axis in AXES}


class SkillIn(Input):
    key = Text(max_length=60)
    level = Whole(min_value=1, max_value=5)


class ProfileIn(Input):
    """What to change; what is left out stays, null clears, and `skills` is the whole new list."""

    display_name = Text(required=False, allow_blank=True, max_length=80)
    target_occupation = Text(required=False, allow_null=True, max_length=10, help_text="An occupation's code.")
    goal = Text(required=False, allow_blank=True, max_length=500)
    headline = Text(required=False, allow_blank=True, max_length=120)
    bio = Text(required=False, allow_blank=True, max_length=2000)
    time_zone = TimeZone(required=False, allow_blank=True, max_length=64, help_text="An IANA name.")
    languages = LanguageTags(required=False)
    availability = Availability(required=False)
    years_experience = Whole(required=False, allow_null=True, min_value=0, max_value=70)
    goal_horizon_months = Whole(required=False, allow_null=True, min_value=1, max_value=240)
    weekly_hours = Whole(required=False, allow_null=True, min_value=1, max_value=80)
    learning_preferences = PreferencesIn(required=False)
    skills = serializers.ListField(child=SkillIn(), required=False, max_length=MAX_SKILLS)

    def validate_skills(self, value: list[dict[str, Any]]) -> list[dict[str, Any]]:
        if len({entry["key"] for entry in value}) != len(value):
            raise serializers.ValidationError("A skill is named twice.", "duplicate")
        return value


def profile_changes(data: dict[str, Any]) -> ProfileChanges:
    """A validated ProfileIn as the service wants it."""
    facts = dict(data)
    for name in ("learning_preferences", "target_occupation", "skills"):
        facts.pop(name, None)
    skills = data.get("skills")
    return ProfileChanges(
        facts=facts,
        axes=data.get("learning_preferences", {}),
        target_occupation=(data["target_occupation"],) if "target_occupation" in data else None,
        skills=None if skills is None else [(entry["key"], entry["level"]) for entry in skills],
    )


class CodeAndTitle(serializers.Serializer[Any]):
    code = serializers.CharField()
    title = serializers.CharField()


class ChosenOccupation(CodeAndTitle):
    """What somebody chose; it stays theirs when O*NET has it no more, and then `nearest` says where to look."""

    retired = serializers.BooleanField(help_text="It cannot be chosen anew.")
    nearest = CodeAndTitle(allow_null=True, help_text="The living occupation nearest to a retired one, if known.")


class CodeAndName(serializers.Serializer[Any]):
    code = serializers.CharField()
    name = serializers.CharField()


class PreferencesOut(serializers.Serializer[Any]):
    def get_fields(self) -> Fields:
        return {axis: serializers.FloatField(allow_null=True, min_value=-1, max_value=1) for axis in AXES}


class OwnSkill(serializers.Serializer[Any]):
    key = serializers.CharField()
    name = serializers.CharField()
    level = serializers.IntegerField(min_value=1, max_value=5)
    retired = serializers.BooleanField(help_text="It cannot be chosen anew.")


class ProfileOut(serializers.Serializer[Any]):
    """One's own profile; `version` is what If-Match insists on, and 0 before the first change."""

    uid = serializers.UUIDField()
    email = serializers.EmailField()
    display_name = serializers.CharField()
    target_occupation = ChosenOccupation(allow_null=True)
    goal = serializers.CharField()
    headline = serializers.CharField()
    bio = serializers.CharField()
    time_zone = serializers.CharField()
    languages = serializers.ListField(child=serializers.CharField())
    availability = WindowOut(many=True)
    picture = PictureOut(allow_null=True)
    years_experience = serializers.IntegerField(
        allow_null=True, help_text="Computed from the experience that is listed; what was stated if there is none."
    )
    years_experience_from = serializers.ChoiceField(choices=("experience", "stated"), allow_null=True)
    goal_horizon_months = serializers.IntegerField(allow_null=True)
    weekly_hours = serializers.IntegerField(allow_null=True)
    learning_preferences = PreferencesOut()
    skills = OwnSkill(many=True)
    version = serializers.IntegerField()
    updated_at = serializers.DateTimeField(allow_null=True)


class FieldOut(CodeAndName):
    description = serializers.CharField()
    groups = CodeAndName(many=True, help_text="The field's minor groups.")


class FieldsOut(serializers.Serializer[Any]):
    results = FieldOut(many=True)


SEARCH = "What was typed so far, whole or not; the likeliest finds come first, and slips are forgiven."


class OccupationQuery(CatalogueQuery):
    """How to narrow the list of occupations."""

    search = Text(required=False, allow_blank=True, max_length=100, default="", help_text=SEARCH)
    field = Text(required=False, allow_blank=True, max_length=7, default="", help_text="A field's code.")
    minor_group = Text(required=False, allow_blank=True, max_length=7, default="", help_text="A minor group's code.")


class OccupationSummary(CodeAndTitle):
    field = CodeAndName()
    job_zone = serializers.IntegerField(
        allow_null=True, min_value=1, max_value=5, help_text="O*NET's: 1 little preparation, 5 much."
    )


class OccupationPage(serializers.Serializer[Any]):
    results = OccupationSummary(many=True)
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)


class SkillQuery(CatalogueQuery):
    """How to narrow the list of skills."""

    search = Text(required=False, allow_blank=True, max_length=100, default="", help_text=SEARCH)


class SkillOut(serializers.Serializer[Any]):
    key = serializers.CharField()
    name = serializers.CharField()
    kind = serializers.CharField()
    description = serializers.CharField()
    aliases = serializers.ListField(child=serializers.CharField())


class SkillPage(serializers.Serializer[Any]):
    results = SkillOut(many=True)
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)


class SourceOut(serializers.Serializer[Any]):
    """A release of O*NET; `imported_at` and `counts`, its rows by table, are null for the starting content."""

    name = serializers.CharField()
    version = serializers.CharField(allow_blank=True)
    licence = serializers.CharField()
    licence_url = serializers.URLField()
    url = serializers.URLField()
    attribution = serializers.CharField(help_text="To be shown wherever its information is.")
    imported_at = serializers.DateTimeField(allow_null=True)
    counts = serializers.DictField(child=serializers.IntegerField(), allow_null=True)


class SourcesOut(serializers.Serializer[Any]):
    sources = SourceOut(many=True)


class PoleOut(serializers.Serializer[Any]):
    label = serializers.CharField()  # type: ignore[assignment]  # DRF keeps declared fields apart from its own names
    description = serializers.CharField()


class AxisOut(serializers.Serializer[Any]):
    key = serializers.ChoiceField(choices=AXES)
    title = serializers.CharField()
    question = serializers.CharField()
    first = PoleOut()
    second = PoleOut()
    balanced = serializers.CharField()


class PreferenceWording(serializers.Serializer[Any]):
    intro = serializers.CharField()
    axes = AxisOut(many=True)


class ConsentIn(Input):
    purpose = Text(max_length=20)
    version = Whole(min_value=1, max_value=32_767)
    app_version = Text(required=False, allow_blank=True, max_length=40, default="")


class WithdrawalIn(Input):
    app_version = Text(required=False, allow_blank=True, max_length=40, default="")


class ConsentOut(serializers.Serializer[Any]):
    """A purpose in its current wording, and whether it is allowed now."""

    purpose = serializers.CharField()
    version = serializers.IntegerField()
    provider = serializers.CharField()
    title = serializers.CharField()
    text = serializers.CharField()
    granted = serializers.BooleanField()
    granted_at = serializers.DateTimeField(allow_null=True)


class ConsentsOut(serializers.Serializer[Any]):
    results = ConsentOut(many=True)
