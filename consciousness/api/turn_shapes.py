"""What goes out of turns over REST."""

from typing import Any

from rest_framework import serializers

from consciousness.frames import CLIENT_ID_PATTERN
from consciousness.models import Turn
from timetravelers.kit.api.serializers import Input


class Regenerate(Input):
    """Another reply is wanted; the client id makes asking again harmless."""

    client_id = serializers.RegexField(CLIENT_ID_PATTERN, trim_whitespace=False)


class TurnOut(serializers.Serializer[Any]):
    """A turn."""

    uid = serializers.UUIDField()
    state = serializers.CharField(source="seen_state")
    final = serializers.SerializerMethodField(help_text="No better reply can take the place of the one there is.")

    def get_final(self, turn: Turn) -> bool:
        return not turn.is_provisional


class TurnNowOut(serializers.Serializer[Any]):
    """A turn and, while it waits, where it stands in the queue; a time that nobody can tell is null."""

    turn = TurnOut()
    position = serializers.IntegerField(allow_null=True)
    eta_s = serializers.IntegerField(allow_null=True)
