"""What goes in and out of sessions over REST."""

from datetime import UTC, datetime
from typing import Any

from django.utils.timezone import is_naive
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from consciousness.appointments import zone_of
from consciousness.models import Session
from consciousness.selectors.sessions import SessionFilter
from matching.api.serializers import LetterPoints, LetterReasons
from timetravelers.kit.api.pagination import MAX_PAGE_SIZE
from timetravelers.kit.api.serializers import Flag, Input, Text

TITLE, GOAL = 120, 500


class Moment(serializers.DateTimeField):
    """A moment with its offset: a time on a wall is not enough, it comes twice when clocks are put back."""

    default_error_messages = {"no_offset": "Say the offset, too: 2026-11-24T18:00:00+01:00."}

    def to_internal_value(self, value: Any) -> datetime:
        if not isinstance(value, str):
            self.fail("invalid", format="YYYY-MM-DDThh:mm:ss+hh:mm")
        return super().to_internal_value(value)

    def enforce_timezone(self, value: datetime) -> datetime:
        if is_naive(value):
            self.fail("no_offset")
        try:
            return value.astimezone(UTC)
        except OverflowError:
            self.fail("invalid", format="YYYY-MM-DDThh:mm:ss+hh:mm")


class OpenSession(Input):
    """A session to be opened: now, or at a time of its own."""

    traveler = serializers.UUIDField()
    goal = Text(max_length=GOAL, required=False, allow_blank=True)
    title = Text(max_length=TITLE, required=False, allow_blank=True)
    from_match = Flag(required=False, help_text="The Traveler was proposed by TELL; why is kept with the session.")
    starts_at = Moment(required=False, help_text="Schedules it.")


class EditSession(Input):
    """What can be edited; an empty title takes the name away."""

    title = Text(max_length=TITLE, allow_blank=True)


class RescheduleSession(Input):
    """Another time."""

    starts_at = Moment()


class SessionsQuery(Input):
    """Which of one's sessions; those put away are left out unless asked for."""

    state = Text(max_length=100, required=False, help_text="One state, or several with commas.")
    archived = serializers.ChoiceField(choices=["false", "true", "all"], default="false")
    traveler = serializers.UUIDField(required=False)
    q = Text(max_length=100, required=False, allow_blank=True, help_text="In title, goal, or the Traveler's name.")
    cursor = serializers.CharField(required=False, max_length=200)
    limit = serializers.IntegerField(required=False, min_value=1, max_value=MAX_PAGE_SIZE)

    def validate_state(self, text: str) -> tuple[str, ...]:
        states = tuple(part.strip() for part in text.split(","))
        if not set(states) <= set(Session.State.values):
            raise serializers.ValidationError(f"Any of {', '.join(Session.State.values)}.", "invalid_choice")
        return states


def filter_of(query: dict[str, Any]) -> SessionFilter:
    """The filter that a query asks for."""
    return SessionFilter(
        states=query.get("state", ()),
        archived={"false": False, "true": True, "all": None}[query["archived"]],
        traveler=query.get("traveler"),
        text=query.get("q", ""),
    )


class SessionTraveler(serializers.Serializer[Any]):
    """The Traveler of a session, as it was when the session was opened."""

    uid = serializers.UUIDField(source="traveler.uid")
    name = serializers.CharField(source="version.name")
    occupation = serializers.CharField(source="version.occupation_title")
    greeting = serializers.CharField(source="version.greeting")


class KeptMatch(serializers.Serializer[Any]):
    """Why TELL proposed the Traveler, as it was told when the session was made."""

    algorithm = serializers.CharField()
    score = serializers.FloatField()
    contributions = LetterPoints()
    interval = serializers.ListField(child=serializers.FloatField(), min_length=2, max_length=2)
    reasons = LetterReasons()


class SessionOut(serializers.ModelSerializer[Session]):
    """A session as its owner sees it. What was pinned at its opening stays; `starts_at_local` is in `time_zone`."""

    traveler = SessionTraveler(source="*")
    traveler_version = serializers.IntegerField(source="version.number")
    engine_chain = serializers.ListField(child=serializers.CharField())
    match = KeptMatch(allow_null=True)
    head = serializers.UUIDField(source="head.uid", default=None, allow_null=True, help_text="The newest turn in view.")
    read_seq = serializers.IntegerField(help_text="Up to here it was read, on whichever device.")
    unread = serializers.IntegerField(help_text="Replies in view that came after that.")
    stars = serializers.IntegerField(allow_null=True)
    time_zone = serializers.SerializerMethodField()
    starts_at_local = serializers.SerializerMethodField()

    class Meta:
        model = Session
        fields = [
            "uid",
            "traveler",
            "traveler_version",
            "instructions_hash",
            "engine_chain",
            "consent_version",
            "origin",
            "match",
            "title",
            "goal",
            "state",
            "last_seq",
            "read_seq",
            "unread",
            "head",
            "stars",
            "created_at",
            "starts_at",
            "starts_at_local",
            "time_zone",
            "opened_at",
            "ended_at",
            "ended_reason",
            "archived_at",
        ]

    def get_time_zone(self, session: Any) -> str:
        return zone_of(session.time_zone or "").key

    @extend_schema_field(serializers.DateTimeField(allow_null=True))
    def get_starts_at_local(self, session: Any) -> str | None:
        if session.starts_at is None:
            return None
        return str(session.starts_at.astimezone(zone_of(session.time_zone or "")).isoformat())


class TicketOut(serializers.Serializer[Any]):
    """A single-use ticket for the socket; `expires_in` in seconds."""

    ticket = serializers.CharField()
    expires_in = serializers.IntegerField()
