"""What is pinned and excluded, as people see it."""

from dataclasses import dataclass
from uuid import UUID

from consciousness.models import ContextMark, Session
from consciousness.models.context import TARGETS


@dataclass(frozen=True, slots=True)
class Marked:
    """One thing that is pinned or excluded."""

    mark: str
    kind: str
    uid: UUID


def marks_of(session: Session) -> list[Marked]:
    """All of a session's, oldest first."""
    rows = ContextMark.objects.filter(session=session).order_by("pk")
    return [
        Marked(mark, kind, uid)
        for mark, *uids in rows.values_list("mark", *(f"{target}__uid" for target in TARGETS))
        for kind, uid in zip(TARGETS, uids, strict=True)
        if uid is not None
    ]
