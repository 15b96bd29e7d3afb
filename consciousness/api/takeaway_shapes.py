"""What goes in and out of searches, figures and transcripts."""

from typing import Any

from rest_framework import serializers

from timetravelers.kit.api.pagination import MAX_PAGE_SIZE, PAGE_SIZE
from timetravelers.kit.api.serializers import Input, Text


class SearchQuery(Input):
    """What to look for: words, "a phrase", -without, or; the last word may be unfinished."""

    q = Text(min_length=1, max_length=200)
    cursor = serializers.CharField(required=False, max_length=200)
    limit = serializers.IntegerField(required=False, min_value=1, max_value=MAX_PAGE_SIZE, default=PAGE_SIZE)


class SnippetOut(serializers.Serializer[Any]):
    """A piece of text, to be shown as text, and where in it something was found."""

    text = serializers.CharField()
    ranges = serializers.ListField(
        child=serializers.ListField(child=serializers.IntegerField(), min_length=2, max_length=2),
        help_text="Pairs of Unicode code points: the first that was found, and the first after it.",
    )


class FindOut(serializers.Serializer[Any]):
    """A message that was found, or a session by its title or goal."""

    kind = serializers.ChoiceField(choices=["message", "session"])
    rank = serializers.FloatField()
    session = serializers.UUIDField()
    title = serializers.CharField()
    archived = serializers.BooleanField()
    traveler = serializers.CharField()
    message = serializers.UUIDField(allow_null=True)
    turn = serializers.UUIDField(allow_null=True)
    author = serializers.CharField(allow_null=True)
    created_at = serializers.DateTimeField()
    snippet = SnippetOut()


class FindsOut(serializers.Serializer[Any]):
    """A page, the best first; `next` is the address of the next one."""

    results = FindOut(many=True)
    next = serializers.URLField(allow_null=True)


class LatencyOut(serializers.Serializer[Any]):
    """Seconds; null where nothing was measured."""

    median_s = serializers.FloatField(allow_null=True)
    p95_s = serializers.FloatField(allow_null=True)


class MetricsOut(serializers.Serializer[Any]):
    """How a session went. Replies that gave way to better ones do not count."""

    length_s = serializers.FloatField(
        allow_null=True, help_text="From its opening to its end, or to the newest message while it is open."
    )
    messages = serializers.DictField(child=serializers.IntegerField(), help_text="By author.")
    stand_in_replies = serializers.IntegerField()
    turns = serializers.DictField(child=serializers.IntegerField(), help_text="By state, as phones see it.")
    engines = serializers.DictField(child=serializers.IntegerField(), help_text="Replies by engine.")
    to_acknowledgement = LatencyOut(help_text="From hearing a message to storing it.")
    to_reply = LatencyOut(help_text="From a turn's first message to its first reply, a stand-in's included.")
    credits_spent = serializers.IntegerField()
    credits_held = serializers.IntegerField(help_text="Put by for what is under way.")


class TranscriptQuery(Input):
    """How to take a transcript along."""

    format = serializers.ChoiceField(choices=["md", "json", "pdf"], default="md")
    branches = serializers.ChoiceField(
        choices=["active", "all"], default="active", help_text="What stands, or the tree of all that was ever said."
    )
