"""Sessions and everything said in them, in the data catalogue."""

from consciousness.models import CrisisTally, Message, Passage, Rating, Reading, Reminder, Session, SessionEvent, Turn
from consciousness.personal_context import context_tables
from consciousness.personal_files import file_tables
from consciousness.personal_insights import insight_tables
from timetravelers.kit.catalogue import Fate, Link, Table, exempt, register
from timetravelers.kit.retention import WITH_ACCOUNT
from timetravelers.kit.tags import AI_PROVIDER, Category, Purpose, held, stamped, tag, technical


def register_tables() -> None:
    """Called when the app is ready."""
    exempt("a number a day, which is nobody's", CrisisTally)
    register(*file_tables(), *context_tables(), *insight_tables())
    register(_sessions(), _turns(), _messages(), _passages(), _ratings(), _readings(), _reminders(), _events())


def _sessions() -> Table:
    return Table(
        model=Session,
        title="Your sessions",
        links=[Link("user", Fate.DELETE, "a conversation of the person's")],
        retention=[WITH_ACCOUNT],
        columns=[
            *stamped("uid", "state", "created_at", "ended_at", "provider_task"),
            *stamped("starts_at", "opened_at", "archived_at", "ended_reason", "origin"),
            tag("title", Category.CONVERSATION, Purpose.MENTORING),
            *stamped("title_source"),
            tag("match", Category.DERIVED, Purpose.MATCHING, leaves=AI_PROVIDER),
            *technical("revision", "idle_check_at", "head", "counted", "instructions_hash", "is_task_stale"),
            tag("traveler", Category.CONVERSATION, Purpose.MENTORING, copy="traveler__name"),
            tag("version", Category.CONVERSATION, Purpose.MENTORING, copy={"traveler_version": "version__number"}),
            tag("consent_version", Category.CHOICES, Purpose.RIGHTS),
            tag("goal", Category.CONVERSATION, Purpose.MENTORING, leaves=AI_PROVIDER),
            tag("engine_chain", Category.CONVERSATION, Purpose.MENTORING),
            *technical("id", "user", "updated_at", "last_seq", "former_tasks", "provider_cursor", "provider_account"),
        ],
    )


def _turns() -> Table:
    return Table(
        model=Turn,
        title="How the replies to you came about",
        links=[Link("session__user", Fate.DELETE, "how the replies of a conversation came about")],
        retention=[WITH_ACCOUNT],
        columns=[
            *stamped("uid", "state", "failure", "created_at", "sent_at", "ended_at", session="session__uid"),
            *stamped("engine", "answered_at", "asked_at", "on_branch"),
            tag("parent", Category.TECHNICAL, Purpose.OPERATION, copy={"after": "parent__uid"}),
            tag("withheld", Category.CONVERSATION, Purpose.MENTORING, special=True),
            *technical("depth", "asked_by", "sends_before", "is_passage_due"),
            *technical("id", "updated_at", "attempts", "lease_holder", "lease_until", "due_at", "sends", "heard_in"),
        ],
    )


def _messages() -> Table:
    return Table(
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
            tag("kind", Category.CONVERSATION, Purpose.MENTORING, special=True),
            *stamped("superseded_at", "received_at", "seq", "is_question"),
            held("words", Category.CONVERSATION, Purpose.MENTORING),
            *technical("id"),
        ],
    )


def _passages() -> Table:
    return Table(
        model=Passage,
        title="What makes your words found again",
        links=[Link("user", Fate.DELETE, "numbers worked out of what the person said")],
        retention=[WITH_ACCOUNT],
        columns=[
            held("terms", Category.CONVERSATION, Purpose.MENTORING),
            held("code", Category.CONVERSATION, Purpose.MENTORING),
            *technical("id", "user", "turn", "memory", "model", "written_at"),
        ],
    )


def _ratings() -> Table:
    return Table(
        model=Rating,
        title="What you think of replies and sessions",
        links=[Link("user", Fate.DELETE, "the person's opinion of a conversation")],
        retention=[WITH_ACCOUNT],
        columns=[
            *stamped("created_at", "updated_at", session="session__uid", message="message__uid"),
            tag("stars", Category.CONVERSATION, Purpose.MATCHING),
            tag("feedback", Category.CONVERSATION, Purpose.MENTORING),
            *technical("id", "user"),
        ],
    )


def _readings() -> Table:
    return Table(
        model=Reading,
        title="How far you have read",
        links=[Link("user", Fate.DELETE, "what the person has seen of a conversation")],
        retention=[WITH_ACCOUNT],
        columns=[*stamped("seq", "updated_at", session="session__uid"), *technical("id", "user")],
    )


def _reminders() -> Table:
    return Table(
        model=Reminder,
        title="Reminders of your sessions",
        links=[Link("session__user", Fate.DELETE, "when the person was reminded of a session")],
        retention=[WITH_ACCOUNT],
        columns=[
            *stamped("uid", "kind", "due_at", "settled_at", "outcome", session="session__uid"),
            *technical("id", "created_at", "updated_at", "attempts", "taken_until"),
        ],
    )


def _events() -> Table:
    return Table(
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
