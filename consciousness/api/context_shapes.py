"""What goes in and out of the context over REST."""

from typing import Any

from rest_framework import serializers

from consciousness.context import Kind
from consciousness.services.messages import MAX_MESSAGE_CHARACTERS
from timetravelers.kit.api.serializers import Input, Text


class ContextQuery(Input):
    """What somebody thinks of saying next; what fits it is recalled."""

    text = Text(max_length=MAX_MESSAGE_CHARACTERS, required=False, default="", allow_blank=True)


class OriginOut(serializers.Serializer[Any]):
    """A row that a part was made of."""

    kind = serializers.CharField()
    uid = serializers.CharField()


class ContextPartOut(serializers.Serializer[Any]):
    """A part of the context; what is not `trusted` came out of a file and is nobody's word."""

    kind = serializers.ChoiceField(choices=[(kind.value, kind.name) for kind in Kind])
    title = serializers.CharField()
    text = serializers.CharField()
    tokens = serializers.IntegerField()
    origins = OriginOut(many=True)
    pinned = serializers.BooleanField()
    trusted = serializers.BooleanField()
    clipped = serializers.BooleanField()


class MarkOut(serializers.Serializer[Any]):
    """What was pinned or excluded."""

    mark = serializers.CharField()
    kind = serializers.CharField()
    uid = serializers.UUIDField()


class ContextOut(serializers.Serializer[Any]):
    """What the next call would send: `told`, and beside it the words.

    `goes_on`: it continues a conversation that has heard the rest. `in_project`: the provider holds the Traveler's
    instructions already. Without consent there is no call.
    """

    engine = serializers.CharField(source="preview.engine")
    recipient = serializers.CharField(source="preview.recipient", allow_null=True)
    consented = serializers.BooleanField(source="preview.consented")
    goes_on = serializers.BooleanField(source="preview.goes_on")
    in_project = serializers.BooleanField(source="preview.in_project")
    budget = serializers.IntegerField(source="preview.context.budget")
    tokens = serializers.IntegerField(source="preview.context.tokens")
    told = serializers.CharField(source="preview.context.told")
    words = serializers.CharField(source="preview.context.words")
    parts = ContextPartOut(many=True, source="preview.context.parts")
    marks = MarkOut(many=True)
