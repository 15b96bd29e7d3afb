"""What goes in and out of ratings and read marks over REST."""

from typing import Any

from rest_framework import serializers

from consciousness.frames import MAX_SEQ
from consciousness.models import Rating
from consciousness.models.ratings import FEWEST_STARS, MAX_FEEDBACK_CHARACTERS, MOST_STARS
from timetravelers.kit.api.serializers import Input, Text, Whole


class Rate(Input):
    """What somebody thinks."""

    stars = Whole(min_value=FEWEST_STARS, max_value=MOST_STARS)
    feedback = Text(max_length=MAX_FEEDBACK_CHARACTERS, required=False, allow_blank=True)


class RatingOut(serializers.ModelSerializer[Rating]):
    """The same, as it is kept."""

    class Meta:
        model = Rating
        fields = ["stars", "feedback", "created_at", "updated_at"]


class ReadUpTo(Input):
    """The newest event that was seen."""

    seq = Whole(min_value=0, max_value=MAX_SEQ)


class ReadOut(serializers.Serializer[Any]):
    """Up to here it was read, on whichever device."""

    seq = serializers.IntegerField()
