"""A session's transcript, read bit by bit, for taking along."""

from collections.abc import Iterator

from django.db.models import QuerySet, Sum
from django.db.models.functions import Length

from consciousness.appointments import zone_of
from consciousness.errors import TranscriptTooLong
from consciousness.models import Insight, Message, Session
from consciousness.selectors.insights import confidence_in
from consciousness.selectors.sessions import time_zone_of
from consciousness.transcripts import Found, Heading, Line, Outcome

CHUNK = 500
MOST_PRINTED = 300_000
_COLUMNS = (
    "uid", "turn_id", "turn__parent_id", "turn__on_branch", "author", "text", "engine", "simulated", "stand_in",
    "kind", "superseded_at", "created_at",
)  # fmt: skip


def heading_of(session: Session) -> Heading:
    """What stands above it."""
    return Heading(
        uid=str(session.uid),
        title=session.title,
        goal=session.goal,
        traveler=session.version.name,
        occupation=session.version.occupation_title,
        state=session.state,
        opened_at=session.opened_at,
        ended_at=session.ended_at,
        zone=zone_of(time_zone_of(session.user_id)),
    )


def outcome_of(session: Session) -> Outcome:
    """What came out of it, but what was rejected, and how sure the person said they felt."""
    insights = (
        session.insights.exclude(state=Insight.State.REJECTED).order_by("pk").prefetch_related("sources__message")
    )
    found = tuple(
        Found(
            uid=str(one.uid),
            kind=one.kind,
            text=one.text,
            confirmed=one.state == Insight.State.CONFIRMED,
            edited=one.edited,
            messages=tuple(str(source.message.uid) for source in one.sources.all()),
        )
        for one in insights
    )
    return Outcome(found=found, **confidence_in(session))


def require_printable(session: Session, *, tree: bool) -> None:
    """Raise TranscriptTooLong if more was said than is laid out in pages."""
    length = _said_in(session, tree=tree).aggregate(total=Sum(Length("text")))["total"] or 0
    if length > MOST_PRINTED:
        raise TranscriptTooLong


def _said_in(session: Session, *, tree: bool) -> QuerySet[Message]:
    # That the turns are of this session too goes without saying, but not for the planner, who would look at all.
    said = session.messages.filter(turn__session=session)
    return said if tree else said.filter(turn__on_branch=True, superseded_at__isnull=True)


def lines_of(session: Session, *, tree: bool) -> Iterator[Line]:
    """What was said, by one query whose rows come as they are needed.

    On the branch that people look at, what stands; with `tree` everything. Turn after turn as they were begun, which
    on each branch is also what came after what.
    """
    said = _said_in(session, tree=tree).order_by("turn_id", "pk")
    numbers: dict[int, int] = {}
    for uid, turn, parent, on_branch, *facts, superseded_at, created_at in said.values_list(*_COLUMNS).iterator(CHUNK):
        number = numbers.setdefault(turn, len(numbers) + 1)
        author, text, engine, simulated, stand_in, kind = facts
        yield Line(
            uid=str(uid),
            turn=number,
            after=numbers.get(parent, 0),
            on_branch=on_branch,
            author=author,
            text=text,
            engine=engine,
            simulated=simulated,
            stand_in=stand_in,
            superseded=superseded_at is not None,
            created_at=created_at,
            kind=kind,
        )
