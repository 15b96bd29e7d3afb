"""Shapes of the matching API."""

from typing import Any

from rest_framework import serializers

from matching.scoring import LETTERS, WEIGHTS
from matching.selectors import DEFAULT_LIMIT, MAX_LIMIT
from mentors.api.serializers import TravelerSummary
from timetravelers.kit.api.serializers import Input


class MatchQuery(Input):
    """How many matches."""

    limit = serializers.IntegerField(default=DEFAULT_LIMIT, min_value=1, max_value=MAX_LIMIT)


class LetterPoints(serializers.Serializer[Any]):
    """Points by letter."""

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        return {letter: serializers.FloatField(min_value=0, max_value=WEIGHTS[letter]) for letter in LETTERS}


class ReasonOut(serializers.Serializer[Any]):
    text = serializers.CharField()
    unknown = serializers.BooleanField(help_text="True when telling more would make this surer.")


class LetterReasons(serializers.Serializer[Any]):
    """A sentence by letter."""

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        return {letter: ReasonOut() for letter in LETTERS}


class MatchOut(serializers.Serializer[Any]):
    """A Traveler, how well it suits, and why. Contributions sum to the score."""

    traveler = TravelerSummary()
    score = serializers.FloatField(min_value=0, max_value=100)
    contributions = LetterPoints()
    reasons = LetterReasons()
    interval = serializers.ListField(child=serializers.FloatField(), min_length=2, max_length=2)
    algorithm = serializers.CharField()


class MatchList(serializers.Serializer[Any]):
    """Matches, best first, and the most points each letter can give."""

    weights = LetterPoints()
    results = MatchOut(many=True)
