"""What goes in and out of the sessions' REST API."""

from typing import Any

from rest_framework import serializers

from consciousness.frames import CLIENT_ID_PATTERN
from consciousness.models import Message, Session
from consciousness.services.messages import MAX_MESSAGE_CHARACTERS
from timetravelers.kit.api.serializers import Input, Text


class OpenSession(Input):
    """A session to be opened."""

    traveler = serializers.UUIDField()
    goal = Text(max_length=500, required=False, allow_blank=True)


class SayMessage(Input):
    """Something to be said."""

    client_id = serializers.RegexField(CLIENT_ID_PATTERN, trim_whitespace=False)
    text = Text(max_length=MAX_MESSAGE_CHARACTERS)


class SessionTraveler(serializers.Serializer[Any]):
    """The Traveler of a session."""

    uid = serializers.UUIDField()
    name = serializers.CharField()
    occupation = serializers.CharField(source="occupation.title")
    greeting = serializers.CharField()


class SessionOut(serializers.ModelSerializer[Session]):
    """A session as its owner sees it."""

    traveler = SessionTraveler()

    class Meta:
        model = Session
        fields = ["uid", "traveler", "traveler_version", "goal", "state", "last_seq", "created_at", "ended_at"]


class MessageOut(serializers.ModelSerializer[Message]):
    """A message of the transcript."""

    turn = serializers.UUIDField(source="turn.uid")

    class Meta:
        model = Message
        fields = ["uid", "turn", "author", "text", "client_id", "engine", "simulated", "created_at"]


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
    state = serializers.CharField()
