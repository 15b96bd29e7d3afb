"""A session's transcript, read bit by bit, for taking along."""

from collections.abc import Iterator

from consciousness.appointments import zone_of
from consciousness.models import Session
from consciousness.selectors.sessions import time_zone_of
from consciousness.transcripts import Heading, Line

CHUNK = 500
_COLUMNS = (
    "uid", "turn_id", "turn__parent_id", "turn__on_branch", "author", "text", "engine", "simulated", "stand_in",
    "superseded_at", "created_at",
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


def lines_of(session: Session, *, tree: bool) -> Iterator[Line]:
    """What was said, by one query whose rows come as they are needed.

    On the branch that people look at, what stands; with `tree` everything. Turn after turn as they were begun, which
    on each branch is also what came after what.
    """
    # That the turns are of this session too goes without saying, but not for the planner, who would look at all.
    said = session.messages.filter(turn__session=session).order_by("turn_id", "pk")
    if not tree:
        said = said.filter(turn__on_branch=True, superseded_at__isnull=True)
    numbers: dict[int, int] = {}
    for uid, turn, parent, on_branch, *facts, superseded_at, created_at in said.values_list(*_COLUMNS).iterator(CHUNK):
        number = numbers.setdefault(turn, len(numbers) + 1)
        author, text, engine, simulated, stand_in = facts
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
        )
