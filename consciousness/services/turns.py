"""What people do to turns: they begin with a message, and can be cancelled and tried again."""

from math import ceil
from uuid import UUID

from django.db import transaction

from accounts.models import User
from consciousness.errors import TurnNotFound, TurnWrongState
from consciousness.events import TurnCancelled, TurnDue
from consciousness.models import Session, Turn
from consciousness.services.log import append, lock_session, require_open
from mentors.manus import quota
from timetravelers.kit.clock import now
from timetravelers.kit.events import publish


def provider_call(session: Session) -> str:
    """The provider's endpoint that the next turn of a session needs."""
    return "task.sendMessage" if session.provider_task else "task.create"


def reference_of(turn: Turn) -> str:
    """The title under which a turn's create can be found again at the provider."""
    return f"TimeTravelers {turn.uid.hex}"


def create_turn(session: Session) -> Turn:
    """A queued turn in a locked session that has none."""
    turn = Turn.objects.create(session=session, due_at=now())
    publish(TurnDue(turn.uid))
    return turn


def announce_queued(session: Session, turn: Turn, *, wait: float = 0.0) -> None:
    """Log where a queued turn stands; `wait` is the known number of seconds to the provider's next free call."""
    ahead = Turn.objects.filter(state=Turn.State.QUEUED, pk__lt=turn.pk).count()
    expected = quota.eta(provider_call(session), position=ahead + 1, wait=wait)
    append(session, "turn.queued", {"turn": str(turn.uid), "position": ahead + 1, "eta_s": ceil(expected)})


@transaction.atomic
def cancel_turn(*, session: UUID, turn: UUID, actor: User) -> Turn:
    """Take back a turn that has not ended; what was said stays. Locks session and turn.

    A reply that arrives all the same is not used. Raises TurnNotFound, TurnWrongState.
    """
    locked = lock_session(session, actor)
    found = _lock_turn(locked, turn)
    if found.state not in Turn.UNFINISHED:
        raise TurnWrongState
    _cancel(locked, found)
    wake_queued(locked)
    return found


def cancel_unfinished(session: Session) -> None:
    """Cancel every unfinished turn of a locked session."""
    for turn in Turn.objects.unfinished().filter(session=session).select_for_update().order_by("pk"):
        _cancel(session, turn)


def _cancel(session: Session, turn: Turn) -> None:
    if turn.state in Turn.IN_FLIGHT and session.provider_task:
        publish(TurnCancelled(turn.uid, session.provider_task))
    turn.state = Turn.State.CANCELLED
    turn.ended_at = now()
    turn.save(update_fields=["state", "ended_at", "updated_at"])
    append(session, "turn.cancelled", {"turn": str(turn.uid)})


@transaction.atomic
def retry_turn(*, session: UUID, turn: UUID, actor: User) -> Turn:
    """Queue a failed turn again with all that was said in it. Locks session and turn.

    Raises TurnNotFound, SessionEnded, and TurnWrongState unless it failed.
    """
    locked = lock_session(session, actor)
    require_open(locked)
    found = _lock_turn(locked, turn)
    if found.state != Turn.State.FAILED:
        raise TurnWrongState
    found.state = Turn.State.QUEUED
    found.attempts, found.failure, found.ended_at, found.due_at = 0, "", None, now()
    found.save(update_fields=["state", "attempts", "failure", "ended_at", "due_at", "updated_at"])
    announce_queued(locked, found)
    publish(TurnDue(found.uid))
    return found


def _lock_turn(session: Session, uid: UUID) -> Turn:
    turn = Turn.objects.select_for_update().filter(session=session, uid=uid).first()
    if turn is None:
        raise TurnNotFound
    return turn


def wake_queued(session: Session) -> None:
    """Let the turn that waited for another one of its session go on."""
    for turn in Turn.objects.filter(session=session, state=Turn.State.QUEUED):
        Turn.objects.filter(pk=turn.pk).update(due_at=now())
        publish(TurnDue(turn.uid))
