"""Shapes of the lists a person keeps: goals, experience, education and skills."""

import re
from datetime import date
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.api.serializers import ChosenOccupation, CodeAndName
from accounts.models import MOST_RECORDS, EducationLevel, EvidenceGrade, GoalStatus
from accounts.models.records import FIRST_YEAR, LAST_YEAR
from timetravelers.kit.api.serializers import Input, Text, Whole

_MONTH = re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2])")


@extend_schema_field({"type": "string", "pattern": r"^[0-9]{4}-(0[1-9]|1[0-2])$", "example": "2021-09"})
class Month(serializers.Field[Any, Any, Any, Any]):
    """YYYY-MM, kept as the first day of the month."""

    default_error_messages = {"invalid": "Write it as YYYY-MM.", "min_value": f"Not before {FIRST_YEAR}."}

    def to_internal_value(self, data: Any) -> date:
        if not isinstance(data, str) or _MONTH.fullmatch(data) is None:
            self.fail("invalid")
        if int(data[:4]) < FIRST_YEAR:
            self.fail("min_value")
        return date.fromisoformat(f"{data}-01")

    def to_representation(self, value: date) -> str:
        return value.isoformat()[:7]


class Choice(serializers.ChoiceField):
    """One of a few words; nothing else is coerced to one."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid_choice", input=data)
        return super().to_internal_value(data)


class OrderIn(Input):
    """The `uid`s of the whole list in the order it should have."""

    uids = serializers.ListField(child=serializers.UUIDField(), max_length=MOST_RECORDS)

    def validate_uids(self, value: list[Any]) -> list[Any]:
        if len(set(value)) != len(value):
            raise serializers.ValidationError("One is named twice.", "duplicate")
        return value


class GoalIn(Input):
    """An occupation's code or a field's, the other null; `motivation` is why."""

    occupation = Text(required=False, allow_null=True, max_length=10)
    field = Text(required=False, allow_null=True, max_length=7)
    horizon_months = Whole(required=False, allow_null=True, min_value=1, max_value=240)
    motivation = Text(required=False, allow_blank=True, max_length=500)
    status = Choice(choices=GoalStatus.choices, required=False)


class RecordOut(serializers.Serializer[Any]):
    uid = serializers.UUIDField()


class OccupationOfRecord(ChosenOccupation):
    """The occupation that a goal or a piece of experience names, if it names one."""

    def to_representation(self, instance: Any) -> Any:
        occupation = instance.occupation
        if occupation is None:
            return None
        retired = occupation.is_retired
        nearest = getattr(instance, "nearest", None) if retired else None
        return {"code": occupation.code, "title": occupation.title, "retired": retired, "nearest": nearest}


class GoalOut(RecordOut):
    occupation = OccupationOfRecord(source="*", allow_null=True)
    field = CodeAndName(allow_null=True)
    horizon_months = serializers.IntegerField(allow_null=True)
    motivation = serializers.CharField()
    status = serializers.ChoiceField(choices=GoalStatus.choices)
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


class GoalsOut(serializers.Serializer[Any]):
    results = GoalOut(many=True)


class ExperienceIn(Input):
    """An occupation's code, a title of one's own, or both; `ended` is null while it goes on."""

    occupation = Text(required=False, allow_null=True, max_length=10)
    title = Text(required=False, allow_blank=True, max_length=150)
    employer = Text(required=False, allow_blank=True, max_length=120)
    started = Month()
    ended = Month(required=False, allow_null=True)
    description = Text(required=False, allow_blank=True, max_length=2000)


class ExperienceOut(RecordOut):
    occupation = OccupationOfRecord(source="*", allow_null=True)
    title = serializers.CharField()
    employer = serializers.CharField()
    started = Month()
    ended = Month(allow_null=True)
    description = serializers.CharField()
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


class ExperiencesOut(serializers.Serializer[Any]):
    results = ExperienceOut(many=True)
    months = serializers.IntegerField(help_text="Covered by at least one of them; a month in two counts once.")
    years = serializers.IntegerField(allow_null=True, help_text="What the profile shows as `years_experience`.")


class EducationIn(Input):
    institution = Text(max_length=150)
    level = Choice(choices=EducationLevel.choices)
    field_of_study = Text(required=False, allow_blank=True, max_length=120)
    start_year = Whole(required=False, allow_null=True, min_value=FIRST_YEAR, max_value=LAST_YEAR)
    end_year = Whole(required=False, allow_null=True, min_value=FIRST_YEAR, max_value=LAST_YEAR)


class EducationOut(RecordOut):
    institution = serializers.CharField()
    level = serializers.ChoiceField(choices=EducationLevel.choices)
    field_of_study = serializers.CharField()
    start_year = serializers.IntegerField(allow_null=True)
    end_year = serializers.IntegerField(allow_null=True)
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


class EducationsOut(serializers.Serializer[Any]):
    results = EducationOut(many=True)


class InventorySkillIn(Input):
    """A skill of the taxonomy by its key, or one in words of one's own by name."""

    key = Text(required=False, max_length=60, source="skill")
    name = Text(required=False, max_length=80)
    level = Whole(min_value=1, max_value=5)


class InventorySkillChange(Input):
    """Another level, or another name for a skill in one's own words. A higher level is only claimed again."""

    name = Text(required=False, max_length=80)
    level = Whole(required=False, min_value=1, max_value=5)


class InventorySkillOut(RecordOut):
    """`key` is null for a skill in the person's own words."""

    key = serializers.CharField(source="skill.key", default=None, allow_null=True)
    name = serializers.CharField(source="label")
    level = serializers.IntegerField(min_value=1, max_value=5)
    grade = serializers.ChoiceField(choices=EvidenceGrade.choices, help_text="What stands behind the level.")
    retired = serializers.BooleanField(source="is_retired", help_text="O*NET has it no more; it is yours to keep.")


class InventorySkillsOut(serializers.Serializer[Any]):
    results = InventorySkillOut(many=True)
