"""What people pin to the context of a session, or exclude from it."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from accounts.models import User
from consciousness.errors import NothingToTell, TooManyMarks
from consciousness.models import ContextMark, File, Memory, Session, SummaryPart, Turn
from consciousness.models.context import TARGETS
from consciousness.services.log import lock_session

MOST_MARKS = 100


@transaction.atomic
def mark_context(*, session: UUID, kind: str, target: UUID, mark: ContextMark.Mark, actor: User) -> None:
    """Pin or exclude a turn, memory, file or stretch of the summary; the one takes the place of the other.

    Done twice it is done once. What is excluded is in no later call of the session, so its task is used no more.
    Locks the session. Raises SessionNotFound, NothingToTell and TooManyMarks.
    """
    locked = lock_session(session, actor)
    key = _key_of(locked, kind, target)
    others = ContextMark.objects.filter(session=locked).exclude(**{kind: key})
    if others.count() >= MOST_MARKS:
        raise TooManyMarks(f"There is room for {MOST_MARKS}.")
    before: dict[str, Any] = {"session": locked, f"{kind}_id": key}
    ContextMark.objects.update_or_create(**before, defaults={"mark": mark})
    if mark == ContextMark.Mark.EXCLUDED:
        _leave_task(locked)


@transaction.atomic
def unmark_context(*, session: UUID, kind: str, target: UUID, mark: ContextMark.Mark, actor: User) -> None:
    """Release it; if it was not marked so, nothing happens. The next call begins anew, with it where it belongs.

    Locks the session. Raises SessionNotFound and NothingToTell.
    """
    locked = lock_session(session, actor)
    key = _key_of(locked, kind, target)
    deleted, _ = ContextMark.objects.filter(session=locked, mark=mark, **{kind: key}).delete()
    if deleted and mark == ContextMark.Mark.EXCLUDED:
        _leave_task(locked)


def _leave_task(session: Session) -> None:
    if session.provider_task:
        session.is_task_stale = True
        session.save(update_fields=["is_task_stale", "updated_at"])


def _key_of(session: Session, kind: str, uid: UUID) -> int:
    own: dict[str, QuerySet[Any]] = {
        "turn": Turn.objects.filter(session__user=session.user_id),
        "memory": Memory.objects.filter(user=session.user_id, state=Memory.State.KEPT),
        "file": File.objects.filter(user=session.user_id),
        "summary": SummaryPart.objects.filter(session=session),
    }
    key: int | None = own[kind].filter(uid=uid).values_list("pk", flat=True).first() if kind in TARGETS else None
    if key is None:
        raise NothingToTell
    return key
