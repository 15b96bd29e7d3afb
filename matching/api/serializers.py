"""Shapes of the matching API."""

from typing import Any

from rest_framework import serializers

from matching.models import Match
from matching.selectors.proposals import DEFAULT_LIMIT, MAX_LIMIT, Proposals
from matching.weights import LETTER_OF, LETTERS, MOST_POINTS, PARTS
from mentors.api.serializers import TravelerSummary
from timetravelers.kit.api.serializers import Input


class MatchQuery(Input):
    """How many matches."""

    limit = serializers.IntegerField(default=DEFAULT_LIMIT, min_value=1, max_value=MAX_LIMIT)


class LetterPoints(serializers.Serializer[Any]):
    """Points by letter."""

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        return {letter: serializers.FloatField(min_value=0, max_value=MOST_POINTS[letter]) for letter in LETTERS}


class PartOut(serializers.Serializer[Any]):
    """A part of a letter: how well it fits, 0 to 1, and the points that come of it."""

    fit = serializers.FloatField(min_value=0, max_value=1)
    points = serializers.FloatField(min_value=0)


class PartPoints(serializers.Serializer[Any]):
    """Fits and points by part; those of a letter sum to what it contributes."""

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        return {part: PartOut(help_text=f"Of {LETTER_OF[part]}.") for part in PARTS}


class ReasonOut(serializers.Serializer[Any]):
    text = serializers.CharField()
    unknown = serializers.BooleanField(help_text="True when telling more would make this surer.")


class LetterReasons(serializers.Serializer[Any]):
    """A sentence by letter."""

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        return {letter: ReasonOut() for letter in LETTERS}


class RaiseOut(serializers.Serializer[Any]):
    """Something that would raise the score: a fact to change, or to tell."""

    fact = serializers.CharField(help_text="What of the profile, such as weekly_hours.")
    value = serializers.FloatField(allow_null=True, help_text="What it would be; null for something to tell.")
    points = serializers.FloatField()
    up_to = serializers.BooleanField(help_text="True when it could be fewer points, or none.")
    text = serializers.CharField()


class ScoredTraveler(serializers.Serializer[Any]):
    """A Traveler, how well it suits, and why. Contributions sum to the score."""

    traveler = TravelerSummary()
    score = serializers.FloatField(min_value=0, max_value=100)
    contributions = LetterPoints()
    parts = PartPoints()
    sentence = serializers.CharField(help_text="Why, in one.")
    reasons = LetterReasons()
    raises = RaiseOut(many=True)
    interval = serializers.ListField(child=serializers.FloatField(), min_length=2, max_length=2)
    algorithm = serializers.CharField()


class MatchOut(ScoredTraveler):
    """The same as it was proposed; `rank` is its place among all, if it has one."""

    uid = serializers.UUIDField(source="match.uid")
    state = serializers.ChoiceField(choices=Match.State.choices, source="match.state")
    origin = serializers.ChoiceField(choices=Match.Origin.choices, source="match.origin")
    rank = serializers.IntegerField(source="match.rank", allow_null=True)
    computed_at = serializers.DateTimeField(source="match.computed_at")


class MatchList(serializers.Serializer[Any]):
    """Matches, best first, and the most points each letter can give."""

    weights = LetterPoints()
    results = MatchOut(many=True)


def list_of(proposals: Proposals) -> Any:
    """The list as it goes out."""
    return MatchList({"weights": proposals.weights.letters, "results": proposals.results}).data
