"""What is remembered and told of conversations, in the data catalogue."""

from consciousness.models import ContextMark, Memory, MemorySource, SummaryLine, SummaryPart
from timetravelers.kit.catalogue import Fate, Link, Table
from timetravelers.kit.retention import WITH_ACCOUNT, goes_with
from timetravelers.kit.tags import AI_PROVIDER, Category, Purpose, held, stamped, tag, technical


def context_tables() -> list[Table]:
    """For the catalogue of the room."""
    return [_memories(), _sources(), _parts(), _lines(), _marks()]


def _memories() -> Table:
    return Table(
        model=Memory,
        title="What your mentors remember of you",
        links=[Link("user", Fate.DELETE, "a fact about the person")],
        retention=[WITH_ACCOUNT],
        columns=[
            *stamped("uid", "state", "created_at", "updated_at", "decided_at", "last_used_at", session="session__uid"),
            tag("kind", Category.CONVERSATION, Purpose.MENTORING, leaves=AI_PROVIDER),
            tag("text", Category.CONVERSATION, Purpose.MENTORING, leaves=AI_PROVIDER),
            tag("confidence", Category.DERIVED, Purpose.MENTORING),
            held("fingerprint", Category.DERIVED, Purpose.MENTORING),
            *technical("id", "user", "revision"),
        ],
    )


def _sources() -> Table:
    return Table(
        model=MemorySource,
        title="Where your mentors learned what they remember",
        links=[Link("memory__user", Fate.DELETE, "which message a memory comes from")],
        retention=[goes_with("memory", "for as long as the memory")],
        columns=[*stamped(memory="memory__uid", message="message__uid"), *technical("id")],
    )


def _parts() -> Table:
    return Table(
        model=SummaryPart,
        title="Stretches of your sessions that are told in short",
        links=[Link("session__user", Fate.DELETE, "which turns of a conversation were summed up")],
        retention=[WITH_ACCOUNT],
        columns=[
            *stamped("uid", "created_at", session="session__uid", first="first__uid", last="last__uid"),
            *technical("id", "level"),
        ],
    )


def _lines() -> Table:
    return Table(
        model=SummaryLine,
        title="What your sessions are told as in short",
        links=[Link("part__session__user", Fate.DELETE, "sentences of a conversation")],
        retention=[goes_with("message", "for as long as the message")],
        columns=[
            *stamped(part="part__uid", message="message__uid"),
            tag("text", Category.CONVERSATION, Purpose.MENTORING, leaves=AI_PROVIDER),
            *technical("id", "place", "weight"),
        ],
    )


def _marks() -> Table:
    return Table(
        model=ContextMark,
        title="What you want your mentors to be told always, or never",
        links=[Link("session__user", Fate.DELETE, "the person's choice for a conversation")],
        retention=[goes_with("session", "for as long as the session")],
        columns=[
            *stamped("mark", "created_at", session="session__uid", turn="turn__uid"),
            *stamped(memory="memory__uid", file="file__uid", summary="summary__uid"),
            *technical("id"),
        ],
    )
