"""What goes in and out of insights over REST."""

from typing import Any

from rest_framework import serializers

from consciousness.api.memory_shapes import SourceMessage
from consciousness.models import Confidence, Insight, Reflection
from consciousness.models.insights import MAX_INSIGHT_CHARACTERS
from timetravelers.kit.api.pagination import MAX_PAGE_SIZE
from timetravelers.kit.api.serializers import Input, Text


class InsightsQuery(Input):
    """Which of one's insights."""

    kind = serializers.ChoiceField(choices=Insight.Kind.choices, required=False)
    state = serializers.ChoiceField(choices=Insight.State.choices, required=False)
    session = serializers.UUIDField(required=False, default=None)
    cursor = serializers.CharField(required=False, max_length=200)
    limit = serializers.IntegerField(required=False, min_value=1, max_value=MAX_PAGE_SIZE)


class EditInsight(Input):
    """How it is to be put."""

    text = Text(max_length=MAX_INSIGHT_CHARACTERS)

    def validate_text(self, text: str) -> str:
        return " ".join(text.split())


class FoundSkill(serializers.Serializer[Any]):
    """A skill of the taxonomy."""

    key = serializers.CharField()
    name = serializers.CharField()


class InsightOut(serializers.ModelSerializer[Insight]):
    """Something that came out of a session, and the messages it rests on."""

    session = serializers.UUIDField(source="session.uid")
    skill = FoundSkill(allow_null=True)
    sources = SourceMessage(many=True)

    class Meta:
        model = Insight
        fields = [
            "uid",
            "session",
            "kind",
            "text",
            "state",
            "edited",
            "skill",
            "engine",
            "simulated",
            "sources",
            "created_at",
            "decided_at",
        ]


class StateConfidence(Input):
    """How sure I feel."""

    moment = serializers.ChoiceField(choices=Confidence.Moment.choices)
    value = serializers.IntegerField(min_value=1, max_value=10, help_text="From 1 (not at all) to 10.")


class ConfidenceOut(serializers.Serializer[Any]):
    """How sure I said I feel; null where I did not say."""

    before = serializers.IntegerField(allow_null=True)
    after = serializers.IntegerField(allow_null=True)


class ReflectionOut(serializers.ModelSerializer[Reflection]):
    """How far looking back has come; `reason` says in a word why it failed or was left out."""

    class Meta:
        model = Reflection
        fields = ["state", "reason", "created_at", "ended_at"]
