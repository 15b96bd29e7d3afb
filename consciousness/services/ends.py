"""Ending sessions: by the person, and by time."""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F

from accounts.models import User
from consciousness.announcements import SessionEnded
from consciousness.lifecycle import Move, state_after
from consciousness.models import Session
from consciousness.querysets import SessionQuerySet
from consciousness.services.log import append, lock_session
from consciousness.services.reflecting import plan_reflection
from consciousness.services.turns import cancel_unfinished
from timetravelers.kit.clock import now

# A turn that is under way at the end of the time is waited for.
AFTER_TURN = timedelta(minutes=5)


@transaction.atomic
def end_session(*, session: UUID, actor: User) -> Session:
    """End it: what is queued or under way is cancelled, what was said stays. Locks the session.

    Raises SessionNotFound, SessionEnded, and SessionNotOpen for one that has not begun.
    """
    locked = lock_session(session, actor)
    state_after(locked, Move.END)
    cancel_unfinished(locked)
    _end(locked, Session.Reason.USER)
    return locked


def end_idle(limit: int = 200) -> int:
    """End the open sessions in which nothing has happened for long, one transaction each; how many it were.

    `updated_at` moves with everything that happens; `idle_check_at` follows it only here.
    """
    moment = now()
    due = Session.objects.filter(state=Session.State.OPEN, idle_check_at__lte=moment)
    keys = list(due.order_by("idle_check_at").values_list("pk", flat=True)[:limit])
    lively = Session.objects.filter(pk__in=keys, updated_at__gt=moment - settings.SESSION_IDLE)
    _look_later(lively)
    return sum(_end_if_idle(key, moment) for key in keys)


@transaction.atomic
def _look_later(lively: SessionQuerySet) -> None:
    free = list(lively.select_for_update(skip_locked=True, no_key=True).order_by("pk").values_list("pk", flat=True))
    Session.objects.filter(pk__in=free).update(idle_check_at=F("updated_at") + settings.SESSION_IDLE)


@transaction.atomic
def _end_if_idle(key: int, moment: datetime) -> bool:
    idle = Session.objects.filter(pk=key, state=Session.State.OPEN, idle_check_at__lte=moment)
    free = idle.filter(updated_at__lte=moment - settings.SESSION_IDLE).select_for_update(of=("self",), skip_locked=True)
    session = free.first()
    if session is None:
        return False
    if session.turns.unfinished().exists():
        Session.objects.filter(pk=key).update(idle_check_at=moment + AFTER_TURN)
        return False
    _end(session, Session.Reason.IDLE)
    return True


def _end(session: Session, reason: Session.Reason) -> None:
    session.state = state_after(session, Move.END)
    session.ended_at, session.ended_reason = now(), reason
    session.revision += 1
    session.save(update_fields=["state", "ended_at", "ended_reason", "revision", "updated_at"])
    append(session, SessionEnded(ended_at=session.ended_at, reason=reason.value))
    plan_reflection(session)
