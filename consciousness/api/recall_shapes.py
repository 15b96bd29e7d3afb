"""What goes in and out of recall."""

from typing import Any

from rest_framework import serializers

from timetravelers.kit.api.serializers import Input, Text

MOST_RECALLED = 50


class RecallQuery(Input):
    """A question as one would put it to a person: "what did I say about my exam last spring?"."""

    q = Text(min_length=1, max_length=500)
    limit = serializers.IntegerField(required=False, min_value=1, max_value=MOST_RECALLED, default=10)


class RecalledOut(serializers.Serializer[Any]):
    """A turn that fits, and why."""

    session = serializers.UUIDField()
    turn = serializers.UUIDField()
    messages = serializers.ListField(child=serializers.UUIDField())
    at = serializers.DateTimeField()
    said = serializers.CharField()
    answered = serializers.CharField()
    score = serializers.FloatField(help_text="Comparable within one answer only.")
    words = serializers.FloatField(help_text="How much of what the question's words say is in it, from 0 to 1.")
    meaning = serializers.FloatField(help_text="How near it is to the question in meaning, from 0 to 1.")
    time = serializers.FloatField(help_text="How well it fits the time that was asked about, from 0 to 1.")


class RecalledTurnsOut(serializers.Serializer[Any]):
    """The turns that fit best, the best first."""

    results = RecalledOut(many=True)
