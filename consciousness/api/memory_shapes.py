"""What goes in and out of memories over REST."""

from typing import Any

from rest_framework import serializers

from consciousness.models import Memory
from consciousness.models.memories import MAX_MEMORY_CHARACTERS
from timetravelers.kit.api.pagination import MAX_PAGE_SIZE
from timetravelers.kit.api.serializers import Input, Text


class MemoriesQuery(Input):
    """Which of one's memories."""

    state = serializers.ChoiceField(choices=Memory.State.choices, required=False)
    kind = serializers.ChoiceField(choices=Memory.Kind.choices, required=False)
    q = Text(max_length=100, required=False, default="", allow_blank=True)
    cursor = serializers.CharField(required=False, max_length=200)
    limit = serializers.IntegerField(required=False, min_value=1, max_value=MAX_PAGE_SIZE)


class EditMemory(Input):
    """How it is to be put; to say it is to want it kept."""

    text = Text(max_length=MAX_MEMORY_CHARACTERS, required=False)
    kind = serializers.ChoiceField(choices=Memory.Kind.choices, required=False)

    def validate_text(self, text: str) -> str:
        return " ".join(text.split())


class SourceMessage(serializers.Serializer[Any]):
    """A message that says so."""

    message = serializers.UUIDField(source="message.uid")
    session = serializers.UUIDField(source="message.session.uid")


class MemoryOut(serializers.ModelSerializer[Memory]):
    """Something that mentors may be told once it is kept."""

    session = serializers.UUIDField(source="session.uid", default=None, allow_null=True)
    sources = SourceMessage(many=True)

    class Meta:
        model = Memory
        fields = [
            "uid",
            "kind",
            "text",
            "confidence",
            "state",
            "session",
            "sources",
            "created_at",
            "decided_at",
            "last_used_at",
        ]
