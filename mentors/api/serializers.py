"""Shapes of the Travelers API."""

from typing import Any

from rest_framework import serializers

from accounts.api.serializers import CodeAndName, CodeAndTitle
from accounts.career_stage import STAGES
from accounts.models import AXES
from mentors.models import Traveler
from mentors.portraits import SIZES
from mentors.selectors import Portrait
from timetravelers.kit.api.pagination import CatalogueQuery
from timetravelers.kit.api.serializers import Text


class TravelerQuery(CatalogueQuery):
    """How to narrow and page the list."""

    field = Text(required=False, max_length=7, help_text="A field's code, such as 15-0000.")
    search = Text(required=False, max_length=100, allow_blank=True)


class PortraitImage(serializers.Serializer[Any]):
    """A square of a portrait, as WebP; the address changes with the picture, so it may be kept."""

    size = serializers.ChoiceField(choices=SIZES, help_text="Pixels a side.")
    url = serializers.CharField()


class PortraitOut(serializers.Serializer[Any]):
    """What a Traveler looks like; `id` is another one for each picture."""

    id = serializers.CharField()
    images = PortraitImage(many=True)

    def to_representation(self, instance: Traveler) -> dict[str, Any]:
        picture = Portrait(instance.slug, instance.era_years, instance.portrait).id
        base = f"/api/v1/travelers/{instance.uid}/portrait"
        images = [{"size": size, "url": f"{base}/{size}/?v={picture[:12]}"} for size in SIZES]
        return {"id": picture, "images": images}


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
    portrait = PortraitOut(source="*")


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


class StagesRange(serializers.Serializer[Any]):
    """Stages of a career after Super, from the first to the last."""

    min = serializers.ChoiceField(choices=STAGES, source="career_stage_min")
    max = serializers.ChoiceField(choices=STAGES, source="career_stage_max")


class Boundary(serializers.Serializer[Any]):
    """What a Traveler refuses, and whom it refers to instead."""

    refuses = serializers.CharField()
    refers_to = serializers.CharField()


class TravelerDetail(TravelerSummary):
    """A Traveler as it introduces itself; `version` rises with every edit."""

    version = serializers.IntegerField()
    story = serializers.CharField()
    voice = serializers.CharField()
    boundaries = Boundary(many=True)
    skills = TravelerSkillOut(many=True, source="skill_links.all")
    teaching_style = TeachingStyle(source="*")
    pace_hours_per_week = HoursRange(source="*")
    horizon_months = MonthsRange(source="*")
    suits_years_experience = YearsRange(source="*")
    career_stages = StagesRange(source="*")
