"""Sessions and everything said in them, in the data catalogue."""

from collections.abc import Iterator

from consciousness.models import Message, Session, SessionEvent, Turn
from timetravelers.kit.catalogue import Fate, Link, Table, register
from timetravelers.kit.retention import WITH_ACCOUNT
from timetravelers.kit.tags import AI_PROVIDER, Category, Purpose, stamped, tag, technical


def register_tables() -> None:
    """Called when the app is ready."""
    register(*_tables())


def _tables() -> Iterator[Table]:
    yield Table(
        model=Session,
        title="Your sessions",
        links=[Link("user", Fate.DELETE, "a conversation of the person's")],
        retention=[WITH_ACCOUNT],
        columns=[
            *stamped("uid", "state", "created_at", "ended_at", "provider_task"),
            tag("traveler", Category.CONVERSATION, Purpose.MENTORING, copy="traveler__name"),
            tag("version", Category.CONVERSATION, Purpose.MENTORING, copy={"traveler_version": "version__number"}),
            tag("consent_version", Category.CHOICES, Purpose.RIGHTS),
            tag("goal", Category.CONVERSATION, Purpose.MENTORING, leaves=AI_PROVIDER),
            tag("engine_chain", Category.CONVERSATION, Purpose.MENTORING),
            *technical("id", "user", "updated_at", "last_seq", "former_tasks", "provider_cursor", "provider_account"),
        ],
    )
    yield Table(
        model=Turn,
        title="How the replies to you came about",
        links=[Link("session__user", Fate.DELETE, "how the replies of a conversation came about")],
        retention=[WITH_ACCOUNT],
        columns=[
            *stamped("uid", "state", "failure", "created_at", "sent_at", "ended_at", session="session__uid"),
            *stamped("engine", "answered_at"),
            *technical("id", "updated_at", "attempts", "lease_holder", "lease_until", "due_at", "sends", "heard_in"),
        ],
    )
    yield Table(
        model=Message,
        title="Your messages and the replies",
        links=[Link("session__user", Fate.DELETE, "what was said")],
        retention=[WITH_ACCOUNT],
        columns=[
            *stamped("uid", "client_id", "created_at", session="session__uid", turn="turn__uid"),
            tag("author", Category.CONVERSATION, Purpose.MENTORING),
            tag("text", Category.CONVERSATION, Purpose.MENTORING, leaves=AI_PROVIDER),
            tag("engine", Category.CONVERSATION, Purpose.MENTORING),
            tag("simulated", Category.CONVERSATION, Purpose.MENTORING),
            tag("stand_in", Category.CONVERSATION, Purpose.MENTORING),
            *stamped("superseded_at"),
            *technical("id"),
        ],
    )
    yield Table(
        model=SessionEvent,
        title="The log of your sessions",
        links=[Link("session__user", Fate.DELETE, "the log repeats what was said")],
        retention=[WITH_ACCOUNT],
        columns=[
            *stamped("seq", "type", "created_at", session="session__uid"),
            tag("data", Category.CONVERSATION, Purpose.MENTORING),
            *technical("id"),
        ],
    )
