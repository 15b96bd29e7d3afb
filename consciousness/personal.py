"""What becomes of sessions and everything said in them when their person leaves."""

from consciousness.models import Message, Session, SessionEvent, Turn
from timetravelers.kit.personal import Fate, Rule, register


def register_tables() -> None:
    """Called when the app is ready."""
    register(
        Rule(
            Session,
            "user",
            Fate.DELETE,
            "a conversation of the person's",
            export=(
                "uid",
                "traveler__name",
                "traveler_version",
                "consent_version",
                "goal",
                "state",
                "created_at",
                "ended_at",
                "provider_task",
            ),
        ),
        Rule(
            Turn,
            "session__user",
            Fate.DELETE,
            "how the replies of a conversation came about",
            export=("uid", "session__uid", "state", "failure", "created_at", "sent_at", "ended_at"),
        ),
        Rule(
            Message,
            "session__user",
            Fate.DELETE,
            "what was said",
            export=(
                "uid",
                "session__uid",
                "turn__uid",
                "author",
                "text",
                "client_id",
                "engine",
                "simulated",
                "created_at",
            ),
        ),
        Rule(
            SessionEvent,
            "session__user",
            Fate.DELETE,
            "the log repeats what was said",
            export=("session__uid", "seq", "type", "data", "created_at"),
        ),
    )
