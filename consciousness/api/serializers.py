"""What goes in and out of the sessions' REST API."""

from typing import Any

from rest_framework import serializers

from consciousness.frames import CLIENT_ID_PATTERN
from consciousness.models import Message, Session, Turn
from consciousness.services.messages import MAX_MESSAGE_CHARACTERS
from consciousness.words import TOO_LONG, is_too_long_for_a_turn
from timetravelers.kit.api.serializers import Input, Text


class OpenSession(Input):
    """A session to be opened."""

    traveler = serializers.UUIDField()
    goal = Text(max_length=500, required=False, allow_blank=True)


class SayMessage(Input):
    """Something to be said."""

    client_id = serializers.RegexField(CLIENT_ID_PATTERN, trim_whitespace=False)
    text = Text(max_length=MAX_MESSAGE_CHARACTERS)

    def validate_text(self, text: str) -> str:
        if is_too_long_for_a_turn(text):
            raise serializers.ValidationError(TOO_LONG, "max_length")
        return text


class SessionTraveler(serializers.Serializer[Any]):
    """The Traveler of a session, as it was when the session was opened."""

    uid = serializers.UUIDField(source="traveler.uid")
    name = serializers.CharField(source="version.name")
    occupation = serializers.CharField(source="version.occupation_title")
    greeting = serializers.CharField(source="version.greeting")


class SessionOut(serializers.ModelSerializer[Session]):
    """A session as its owner sees it."""

    traveler = SessionTraveler(source="*")
    traveler_version = serializers.IntegerField(source="version.number")

    class Meta:
        model = Session
        fields = ["uid", "traveler", "traveler_version", "goal", "state", "last_seq", "created_at", "ended_at"]


class MessageOut(serializers.ModelSerializer[Message]):
    """A message of the transcript."""

    turn = serializers.UUIDField(source="turn.uid")

    class Meta:
        model = Message
        fields = [
            "uid",
            "turn",
            "author",
            "text",
            "client_id",
            "engine",
            "simulated",
            "stand_in",
            "superseded_at",
            "created_at",
        ]


class SaidOut(serializers.Serializer[Any]):
    """A message accepted."""

    message = serializers.UUIDField()
    turn = serializers.UUIDField()
    seq = serializers.IntegerField()
    is_new = serializers.BooleanField()


class TicketOut(serializers.Serializer[Any]):
    """A single-use ticket for the socket; `expires_in` in seconds."""

    ticket = serializers.CharField()
    expires_in = serializers.IntegerField()


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
