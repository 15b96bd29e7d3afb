"""Shapes of the learning assessment and of one's own learning preferences."""

from typing import Any

from rest_framework import serializers

from accounts.assessment import HIGHEST, LOWEST
from accounts.models import AXES
from accounts.selectors.learning import AssessmentState, Line
from timetravelers.kit.api.serializers import Input, Text, Whole

MAX_BATCH = 100
Fields = dict[str, serializers.Field[Any, Any, Any, Any]]


class AnswerIn(Input):
    item = Text(max_length=40)
    value = Whole(min_value=LOWEST, max_value=HIGHEST, help_text="From 1, strongly disagree, to 5, strongly agree.")


class AnswersIn(Input):
    """Some of the answers; what is left out stays as it was."""

    answers = serializers.ListField(child=AnswerIn(), min_length=1, max_length=MAX_BATCH)

    def validate_answers(self, value: list[dict[str, Any]]) -> list[dict[str, Any]]:
        if len({entry["item"] for entry in value}) != len(value):
            raise serializers.ValidationError("A line is answered twice.", "duplicate")
        return value


class LineOut(serializers.Serializer[Any]):
    item = serializers.CharField()
    text = serializers.CharField()


class AnsweredLineOut(LineOut):
    value = serializers.IntegerField(min_value=LOWEST, max_value=HIGHEST)


class ScaleStepOut(serializers.Serializer[Any]):
    value = serializers.IntegerField(min_value=LOWEST, max_value=HIGHEST)
    label = serializers.CharField()  # type: ignore[assignment]  # DRF keeps declared fields apart from its own names


class AssessmentProgress(serializers.Serializer[Any]):
    answered = serializers.IntegerField()
    total = serializers.IntegerField()


class AxisScoreOut(serializers.Serializer[Any]):
    axis = serializers.ChoiceField(choices=AXES)
    value = serializers.FloatField(min_value=-1, max_value=1)
    confidence = serializers.FloatField(min_value=0, max_value=1)
    answered = serializers.IntegerField()


class AssessmentResultOut(serializers.Serializer[Any]):
    """A preference on each axis, not an ability; axes with too few answers are left out."""

    attention_passed = serializers.BooleanField()
    note = serializers.CharField(help_text="What to tell the person when the attention check was not passed.")
    axes = AxisScoreOut(many=True)


class LearningAssessmentSummary(serializers.Serializer[Any]):
    uid = serializers.UUIDField()
    bank_version = serializers.IntegerField()
    answered = serializers.IntegerField()
    started_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)


class LearningAssessmentOut(serializers.Serializer[Any]):
    """One assessment: what to ask next, what was answered, and the result once it is finished."""

    uid = serializers.UUIDField()
    bank_version = serializers.IntegerField()
    started_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)
    intro = serializers.CharField()
    scale = ScaleStepOut(many=True)
    progress = AssessmentProgress()
    next_items = LineOut(many=True)
    answers = AnsweredLineOut(many=True)
    result = AssessmentResultOut(allow_null=True)


def assessment_out(state: AssessmentState) -> dict[str, Any]:
    """An assessment in the shape of LearningAssessmentOut; what a line is for is not given away."""
    found, bank = state.assessment, state.bank
    return {
        "uid": found.uid,
        "bank_version": found.bank_version,
        "started_at": found.started_at,
        "finished_at": found.finished_at,
        "intro": bank.intro,
        "scale": [{"value": value, "label": label} for value, label in enumerate(bank.scale, LOWEST)],
        "progress": {"answered": len(state.answered), "total": len(state.lines)},
        "next_items": [{"item": line.item, "text": line.text} for line in state.next_lines],
        "answers": [_answered(line) for line in state.answered],
        "result": None if found.finished_at is None else _result(state),
    }


def _answered(line: Line) -> dict[str, Any]:
    return {"item": line.item, "text": line.text, "value": line.value}


def _result(state: AssessmentState) -> dict[str, Any]:
    passed = state.assessment.attention_passed
    return {
        "attention_passed": passed,
        "note": "" if passed else state.bank.attention.failed,
        "axes": AxisScoreOut(state.scores, many=True).data,
    }


class AssessedAxisOut(serializers.Serializer[Any]):
    value = serializers.FloatField(min_value=-1, max_value=1)
    confidence = serializers.FloatField(min_value=0, max_value=1)
    assessment = serializers.UUIDField()
    finished_at = serializers.DateTimeField()


class AxisStateOut(serializers.Serializer[Any]):
    """The figure that counts: the person's own word if there is one, else the last assessed figure."""

    value = serializers.FloatField(allow_null=True, min_value=-1, max_value=1)
    source = serializers.ChoiceField(  # type: ignore[assignment]  # as above
        choices=["stated", "assessed"], allow_null=True
    )
    confidence = serializers.FloatField(allow_null=True, min_value=0, max_value=1, help_text="Of an assessed figure.")
    assessed = AssessedAxisOut(allow_null=True)


class OwnLearningPreferences(serializers.Serializer[Any]):
    """By axis; figures run from -1 (first pole) to 1 (second pole)."""

    def get_fields(self) -> Fields:
        return {axis: AxisStateOut() for axis in AXES}
