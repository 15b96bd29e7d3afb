"""What people do to turns: they begin with a message, and can be cancelled and tried again."""

from math import ceil
from uuid import UUID

from django.db import transaction

from accounts.models import User
from consciousness.chains import engine_of
from consciousness.errors import TurnNotFound, TurnWrongState
from consciousness.events import TurnDue
from consciousness.models import Session, Turn
from consciousness.services import calls
from consciousness.services.endings import close_now, end_turn, stop_in_flight
from consciousness.services.log import append, lock_session, require_open
from timetravelers.kit.clock import now
from timetravelers.kit.events import publish


def create_turn(session: Session) -> Turn:
    """A queued turn in a locked session that has none; it stands in line unless another one is under way."""
    is_next = not session.turns.unfinished().exists()
    turn = Turn.objects.create(session=session, due_at=now())
    if is_next:
        _stand_in_line(session, turn)
    publish(TurnDue(turn.uid))
    return turn


def _stand_in_line(session: Session, turn: Turn) -> None:
    """For an engine whose calls the scheduler lets in."""
    engine = engine_of(turn)
    if engine is not None and not engine.answers_at_once:
        calls.enqueue(session, turn)


def announce_queued(session: Session, turn: Turn) -> None:
    """Log where a queued turn stands; a time that nobody can tell is null."""
    place = calls.place_of(turn)
    eta = None if place.eta_seconds is None else ceil(place.eta_seconds)
    append(session, "turn.queued", {"turn": str(turn.uid), "position": place.position, "eta_s": eta})


@transaction.atomic
def cancel_turn(*, session: UUID, turn: UUID, actor: User) -> Turn:
    """Take back a turn that has not ended; what was said stays. Locks session and turn.

    A reply that arrives all the same is not used. If a stand-in has replied already, that reply stays, and no
    other takes its place. Raises TurnNotFound, TurnWrongState.
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
    if turn.is_provisional:
        close_now(session, turn)
        return
    stop_in_flight(session, turn)
    end_turn(turn, Turn.State.CANCELLED)
    append(session, "turn.cancelled", {"turn": str(turn.uid)})


@transaction.atomic
def retry_turn(*, session: UUID, turn: UUID, actor: User) -> Turn:
    """Queue a failed turn again with all that was said in it, from the first engine on. Locks session and turn.

    Raises TurnNotFound, SessionEnded, and TurnWrongState unless it failed.
    """
    locked = lock_session(session, actor)
    require_open(locked)
    found = _lock_turn(locked, turn)
    if found.state != Turn.State.FAILED:
        raise TurnWrongState
    is_next = not locked.turns.unfinished().exists()
    found.state = Turn.State.QUEUED
    found.attempts, found.failure, found.engine, found.ended_at, found.due_at = 0, "", "", None, now()
    found.save(update_fields=["state", "attempts", "failure", "engine", "ended_at", "due_at", "updated_at"])
    if is_next:
        _stand_in_line(locked, found)
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
    waiting = Turn.objects.filter(session=session, state=Turn.State.QUEUED, answered_at__isnull=True)
    uids = list(waiting.values_list("uid", flat=True))
    if uids:
        waiting.update(due_at=now())
    for uid in uids:
        publish(TurnDue(uid))
