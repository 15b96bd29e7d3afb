"""Shapes of the Travelers API."""

from typing import Any

from rest_framework import serializers

from accounts.api.serializers import CodeAndName, CodeAndTitle
from accounts.models import AXES
from timetravelers.kit.api.pagination import CatalogueQuery
from timetravelers.kit.api.serializers import Text


class TravelerQuery(CatalogueQuery):
    """How to narrow and page the list."""

    field = Text(required=False, max_length=7, help_text="A field's code, such as 15-0000.")
    search = Text(required=False, max_length=100, allow_blank=True)


class TravelerSummary(serializers.Serializer[Any]):
    """A Traveler as it stands in a list."""

    uid = serializers.UUIDField()
    slug = serializers.CharField()
    name = serializers.CharField()
    era_years = serializers.IntegerField(help_text="How many years further along the career.")
    occupation = CodeAndTitle()
    field = CodeAndName(source="occupation.field")
    specializations = serializers.ListField(child=serializers.CharField())
    languages = serializers.ListField(child=serializers.CharField())
    greeting = serializers.CharField()


class TravelerSkillOut(serializers.Serializer[Any]):
    key = serializers.CharField(source="skill.key")
    name = serializers.CharField(source="skill.name")
    level = serializers.IntegerField(min_value=1, max_value=5)


class TeachingStyle(serializers.Serializer[Any]):
    """The learning-preference axes, from -1 (first pole) to 1 (second pole)."""

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        return {axis: serializers.FloatField(min_value=-1, max_value=1) for axis in AXES}


class HoursRange(serializers.Serializer[Any]):
    min = serializers.IntegerField(source="pace_hours_min")
    max = serializers.IntegerField(source="pace_hours_max")


class MonthsRange(serializers.Serializer[Any]):
    min = serializers.IntegerField(source="horizon_months_min")
    max = serializers.IntegerField(source="horizon_months_max")


class YearsRange(serializers.Serializer[Any]):
    min = serializers.IntegerField(source="experience_years_min")
    max = serializers.IntegerField(source="experience_years_max")


class TravelerDetail(TravelerSummary):
    """A Traveler as it introduces itself."""

    story = serializers.CharField()
    voice = serializers.CharField()
    boundaries = serializers.ListField(child=serializers.CharField())
    skills = TravelerSkillOut(many=True, source="skill_links.all")
    teaching_style = TeachingStyle(source="*")
    pace_hours_per_week = HoursRange(source="*")
    horizon_months = MonthsRange(source="*")
    suits_years_experience = YearsRange(source="*")
