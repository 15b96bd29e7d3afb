"""What goes in and out of messages over REST."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from consciousness.api.file_shapes import ToldFileOut
from consciousness.frames import CLIENT_ID_PATTERN, MOST_FILES
from consciousness.models import Message
from consciousness.services.messages import MAX_MESSAGE_CHARACTERS
from consciousness.words import TOO_LONG, is_too_long_for_a_turn
from timetravelers.kit.api.pagination import MAX_PAGE_SIZE
from timetravelers.kit.api.serializers import Input, Text


class SayMessage(Input):
    """Something to be said."""

    client_id = serializers.RegexField(CLIENT_ID_PATTERN, trim_whitespace=False)
    text = Text(max_length=MAX_MESSAGE_CHARACTERS)
    file_ids = serializers.ListField(
        child=serializers.UUIDField(), source="files", required=False, max_length=MOST_FILES, help_text="Sent along."
    )

    def validate_text(self, text: str) -> str:
        if is_too_long_for_a_turn(text):
            raise serializers.ValidationError(TOO_LONG, "max_length")
        return text


class MessagesQuery(Input):
    """Which messages: what stands on the branch in view, or everything."""

    branch = serializers.ChoiceField(choices=["active", "all"], default="active")
    cursor = serializers.CharField(required=False, max_length=200)
    limit = serializers.IntegerField(required=False, min_value=1, max_value=MAX_PAGE_SIZE)


class MessageOut(serializers.ModelSerializer[Message]):
    """A message of the transcript.

    Its turn is the `place`-th of `siblings` that follow the turn `after`; a reply is the `reply_place`-th of the
    turn's `replies`.
    """

    turn = serializers.UUIDField(source="turn.uid")
    after = serializers.UUIDField(source="turn.parent.uid", default=None, allow_null=True)
    place = serializers.IntegerField()
    siblings = serializers.IntegerField()
    reply_place = serializers.SerializerMethodField(help_text="Null for what people say themselves.")
    replies = serializers.IntegerField()
    stars = serializers.IntegerField(allow_null=True)
    files = ToldFileOut(many=True, help_text="Those that have been checked.")

    class Meta:
        model = Message
        fields = [
            "uid",
            "turn",
            "after",
            "place",
            "siblings",
            "author",
            "text",
            "client_id",
            "engine",
            "simulated",
            "stand_in",
            "kind",
            "superseded_at",
            "reply_place",
            "replies",
            "stars",
            "files",
            "seq",
            "created_at",
        ]

    @extend_schema_field(serializers.IntegerField(allow_null=True))
    def get_reply_place(self, message: Any) -> int | None:
        return message.reply_place if message.author == Message.Author.TRAVELER else None


class SaidOut(serializers.Serializer[Any]):
    """A message accepted."""

    message = serializers.UUIDField()
    turn = serializers.UUIDField()
    seq = serializers.IntegerField()
    is_new = serializers.BooleanField()
