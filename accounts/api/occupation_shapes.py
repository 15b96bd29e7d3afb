"""Shapes of an occupation's page, and of one's own gap to it."""

from typing import Any

from rest_framework import serializers

from accounts.api.serializers import CodeAndName, CodeAndTitle
from accounts.models import (
    EducationLevel,
    EvidenceGrade,
    OccupationInterest,
    OccupationTask,
    RelatedOccupation,
    Skill,
)

JOB_ZONE = "O*NET's: 1 little preparation, 5 much; null where it gives none."
NEAREST = "The living occupation nearest to a retired one, if one is known."


class PreparationOut(serializers.Serializer[Any]):
    """What people typically bring before they begin, by the occupation's job zone."""

    job_zone = serializers.IntegerField(min_value=1, max_value=5)
    name = serializers.CharField()
    education = serializers.CharField()
    experience = serializers.CharField()
    training = serializers.CharField()
    usual_levels = serializers.ListField(
        child=serializers.ChoiceField(choices=EducationLevel.choices), help_text="Of education, as in a profile."
    )
    months_least = serializers.IntegerField(help_text="Of specific preparation; general schooling does not count.")
    months_most = serializers.IntegerField(allow_null=True)


class SkillNeeded(serializers.Serializer[Any]):
    """How much an occupation asks of a skill; an estimate is ours, or of the closest rated neighbours."""

    key = serializers.CharField()
    name = serializers.CharField()
    kind = serializers.ChoiceField(choices=Skill.Kind.choices)
    importance = serializers.FloatField(min_value=1, max_value=5)
    level = serializers.FloatField(min_value=0, max_value=7, allow_null=True)
    estimated = serializers.BooleanField()


class TechnologyUsed(serializers.Serializer[Any]):
    key = serializers.CharField()
    name = serializers.CharField()
    hot = serializers.BooleanField(help_text="Many employers ask for it.")
    in_demand = serializers.BooleanField(help_text="This occupation's employers often ask for it.")


class TaskDone(serializers.Serializer[Any]):
    statement = serializers.CharField()
    kind = serializers.ChoiceField(choices=OccupationTask.Kind.choices, allow_blank=True)


class InterestSuited(serializers.Serializer[Any]):
    area = serializers.ChoiceField(choices=OccupationInterest.Area.choices)
    score = serializers.FloatField(min_value=1, max_value=7)
    high_point = serializers.IntegerField(min_value=1, max_value=3, allow_null=True)


class WorkStyleAsked(serializers.Serializer[Any]):
    name = serializers.CharField()
    description = serializers.CharField(allow_blank=True)
    importance = serializers.FloatField(min_value=1, max_value=5)


class NeighbourOut(CodeAndTitle):
    tier = serializers.ChoiceField(choices=RelatedOccupation.Tier.choices)
    job_zone = serializers.IntegerField(allow_null=True, help_text=JOB_ZONE)
    stepping_stone = serializers.BooleanField(help_text="It asks for no more preparation than this occupation.")


class OccupationDetail(CodeAndTitle):
    """An occupation's page: skills the most important first, technologies hot and in demand first, core tasks first."""

    field = CodeAndName()
    minor_group = CodeAndName()
    job_zone = serializers.IntegerField(allow_null=True, min_value=1, max_value=5, help_text=JOB_ZONE)
    description = serializers.CharField()
    retired = serializers.BooleanField(help_text="It cannot be chosen any more.")
    nearest = CodeAndTitle(allow_null=True, help_text=NEAREST)
    alternate_titles = serializers.ListField(child=serializers.CharField())
    preparation = PreparationOut(allow_null=True)
    figures_estimated = serializers.BooleanField(
        help_text="O*NET has not rated it; figures of its closest rated neighbours stand in."
    )
    skills = SkillNeeded(many=True)
    technologies = TechnologyUsed(many=True)
    tasks = TaskDone(many=True)
    interests = InterestSuited(many=True)
    work_styles = WorkStyleAsked(many=True)
    related = NeighbourOut(many=True)


class HeldOut(serializers.Serializer[Any]):
    """What one has of a skill."""

    level = serializers.IntegerField(min_value=1, max_value=5)
    grade = serializers.ChoiceField(choices=EvidenceGrade.choices)
    on_scale = serializers.FloatField(min_value=0, max_value=7, help_text="The same on O*NET's scale: 7 * level / 5.")


class SkillGapOut(serializers.Serializer[Any]):
    """A skill that is asked for, beside what one has of it."""

    key = serializers.CharField()
    name = serializers.CharField()
    kind = serializers.ChoiceField(choices=Skill.Kind.choices)
    importance = serializers.FloatField(min_value=1, max_value=5)
    level = serializers.FloatField(min_value=0, max_value=7)
    level_measured = serializers.BooleanField(help_text="Otherwise the level that such an importance goes with.")
    estimated = serializers.BooleanField()
    weight = serializers.FloatField(help_text="Importance times level.")
    held = HeldOut(allow_null=True)
    met = serializers.FloatField(min_value=0, max_value=1)
    gain = serializers.FloatField(min_value=0, max_value=1, help_text="What filling the gap would add to the coverage.")


class MissingSkill(serializers.Serializer[Any]):
    key = serializers.CharField()
    name = serializers.CharField()
    levels = serializers.FloatField(help_text="How far there is to go on O*NET's scale of 0-7.")
    gain = serializers.FloatField(min_value=0, max_value=1, help_text="What that would add to the coverage.")


class Covered(CodeAndTitle):
    job_zone = serializers.IntegerField(allow_null=True, help_text=JOB_ZONE)
    coverage = serializers.FloatField(min_value=0, max_value=1, allow_null=True)


class NeighbourGap(Covered):
    tier = serializers.ChoiceField(choices=RelatedOccupation.Tier.choices)
    stepping_stone = serializers.BooleanField()
    missing = MissingSkill(many=True, help_text="Those that would add most.")


class OccupationGapOut(Covered):
    """One's own gap: coverage is the sum of weight times met, over the sum of weights; null if nothing is known."""

    retired = serializers.BooleanField()
    nearest = CodeAndTitle(allow_null=True, help_text=NEAREST)
    preparation = PreparationOut(allow_null=True)
    figures_estimated = serializers.BooleanField()
    skills = SkillGapOut(many=True, help_text="The heaviest first.")
    missing = MissingSkill(many=True, help_text="What would add most comes first.")
    neighbours = NeighbourGap(many=True, help_text="The closest first.")
    stepping_stones = Covered(many=True, help_text="Neighbours that ask for no more preparation, best covered first.")
