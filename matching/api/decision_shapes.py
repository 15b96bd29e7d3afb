"""What goes in and out of decisions, verdicts and blocks."""

from typing import Any

from rest_framework import serializers

from matching.models import DeclineReason, Match
from matching.models.feedback import MOST_COMMENT
from matching.verdicts import FEWEST_STARS, MOST_STARS, stars_of_value
from timetravelers.kit.api.pagination import MAX_PAGE_SIZE
from timetravelers.kit.api.serializers import Input, Text, Whole


class Decline(Input):
    """Why not."""

    reason = serializers.ChoiceField(choices=DeclineReason.choices)


class Judge(Input):
    """How well the Traveler suits, whether or not one decided on it."""

    stars = Whole(min_value=FEWEST_STARS, max_value=MOST_STARS)
    comment = Text(max_length=MOST_COMMENT, required=False, allow_blank=True)


class BlocksQuery(Input):
    """Which page of the list."""

    limit = serializers.IntegerField(required=False, min_value=1, max_value=MAX_PAGE_SIZE)
    cursor = Text(required=False, max_length=200)


class NamedTraveler(serializers.Serializer[Any]):
    """Enough of a Traveler to name it."""

    uid = serializers.UUIDField()
    slug = serializers.CharField()
    name = serializers.CharField()


class DecisionOut(serializers.Serializer[Any]):
    """A match as it was decided on."""

    uid = serializers.UUIDField()
    state = serializers.ChoiceField(choices=Match.State.choices)
    reason = serializers.ChoiceField(choices=DeclineReason.choices, allow_blank=True)
    decided_at = serializers.DateTimeField(allow_null=True)
    traveler = NamedTraveler()


class JudgementOut(serializers.Serializer[Any]):
    """What somebody thinks of a match."""

    stars = serializers.SerializerMethodField()
    comment = serializers.CharField()
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()

    def get_stars(self, kept: Any) -> int:
        return stars_of_value(kept.value)


class BlockOut(serializers.Serializer[Any]):
    """A Traveler that is left out."""

    traveler = NamedTraveler()
    created_at = serializers.DateTimeField()
