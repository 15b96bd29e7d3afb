"""What came out of sessions, and how it came about, in the data catalogue."""

from consciousness.models import Confidence, Insight, InsightSource, Reflection
from timetravelers.kit.catalogue import Fate, Link, Table
from timetravelers.kit.retention import goes_with
from timetravelers.kit.tags import Category, Purpose, held, stamped, tag, technical


def insight_tables() -> list[Table]:
    """For the catalogue of the room."""
    return [_insights(), _sources(), _confidences(), _reflections()]


def _insights() -> Table:
    return Table(
        model=Insight,
        title="What came out of your sessions",
        links=[Link("user", Fate.DELETE, "what the person decided, plans and asks")],
        retention=[goes_with("session", "for as long as the session")],
        columns=[
            *stamped("uid", "state", "created_at", "updated_at", "decided_at", session="session__uid"),
            tag("kind", Category.DERIVED, Purpose.MENTORING),
            tag("text", Category.DERIVED, Purpose.MENTORING),
            tag("edited", Category.DERIVED, Purpose.MENTORING),
            tag("engine", Category.DERIVED, Purpose.MENTORING),
            tag("simulated", Category.DERIVED, Purpose.MENTORING),
            tag("skill", Category.DERIVED, Purpose.MENTORING, copy="skill__name"),
            held("fingerprint", Category.DERIVED, Purpose.MENTORING),
            *technical("id", "user", "revision"),
        ],
    )


def _sources() -> Table:
    return Table(
        model=InsightSource,
        title="Which messages that was drawn from",
        links=[Link("insight__user", Fate.DELETE, "which message an insight comes from")],
        retention=[goes_with("insight", "for as long as the insight")],
        columns=[*stamped(insight="insight__uid", message="message__uid"), *technical("id")],
    )


def _confidences() -> Table:
    return Table(
        model=Confidence,
        title="How sure you said you felt",
        links=[Link("session__user", Fate.DELETE, "how the person felt about a session")],
        retention=[goes_with("session", "for as long as the session")],
        columns=[
            *stamped("moment", "created_at", "updated_at", session="session__uid"),
            tag("value", Category.CONVERSATION, Purpose.MENTORING),
            *technical("id"),
        ],
    )


def _reflections() -> Table:
    return Table(
        model=Reflection,
        title="How your sessions were looked back on",
        links=[Link("session__user", Fate.DELETE, "how insights of a conversation came about")],
        retention=[goes_with("session", "for as long as the session")],
        columns=[
            *stamped("uid", "state", "reason", "engine", "created_at", "asked_at", "ended_at", session="session__uid"),
            *technical("id", "updated_at", "attempts", "sends", "due_at", "lease_holder", "lease_until"),
            *technical("account", "task"),
        ],
    )
