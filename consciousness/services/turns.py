"""What people do to turns: they can be cancelled and tried again, and end with their session."""

from math import ceil
from uuid import UUID

from django.db import transaction

from accounts.models import User
from consciousness.announcements import TurnCancelled, TurnQueued
from consciousness.chains import engine_of
from consciousness.events import TurnDue
from consciousness.models import Session, Turn
from consciousness.services import calls
from consciousness.services.endings import close_now, end_without_reply, stop_in_flight
from consciousness.services.log import append, lock_session, require_open
from consciousness.services.moves import Move, lock_turn, require_legal
from mentors.services.scheduling import FreeSlots, free_slots
from timetravelers.kit.clock import now
from timetravelers.kit.events import publish


def _stand_in_line(session: Session, turn: Turn) -> None:
    """For an engine whose calls the scheduler lets in."""
    engine = engine_of(turn)
    if engine is not None and not engine.answers_at_once:
        calls.enqueue(session, turn)


def announce_queued(session: Session, turn: Turn, slots: FreeSlots) -> None:
    """Log where a queued turn stands; a time that nobody can tell is null."""
    place = calls.place_of(turn, slots)
    eta = None if place.eta_seconds is None else ceil(place.eta_seconds)
    append(session, TurnQueued(turn=turn.uid, position=place.position, eta_s=eta))


@transaction.atomic
def cancel_turn(*, session: UUID, turn: UUID, actor: User) -> Turn:
    """Take back a turn that has not ended; what was said stays. Locks session and turn.

    A reply that arrives all the same is not used. A reply that there is already, of a stand-in or from before
    another one was asked for, stays, and no other takes its place. Raises TurnNotFound, TurnWrongState.
    """
    locked = lock_session(session, actor)
    found = lock_turn(locked, turn)
    require_legal(locked, found, Move.CANCEL)
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
    end_without_reply(session, turn, Turn.State.CANCELLED, TurnCancelled(turn=turn.uid))


def retry_turn(*, session: UUID, turn: UUID, actor: User) -> Turn:
    """Queue a failed turn again with all that was said in it, from the first engine on. Locks session and turn.

    Raises TurnNotFound, SessionEnded, TurnWrongState unless it failed, and TurnOffBranch.
    """
    # Asked before the transaction: the counters are across the network.
    slots = free_slots()
    with transaction.atomic():
        locked = lock_session(session, actor)
        require_open(locked)
        found = lock_turn(locked, turn)
        require_legal(locked, found, Move.RETRY)
        ask_again(locked, found, slots)
        return found


def ask_again(session: Session, turn: Turn, slots: FreeSlots) -> None:
    """Queue an ended turn of a locked session, and log it; people wait from now on, and the first engine is asked."""
    is_next = not session.turns.unfinished().exists()
    turn.state, turn.attempts, turn.failure, turn.engine = Turn.State.QUEUED, 0, "", ""
    turn.answered_at = turn.ended_at = None
    turn.asked_at = turn.due_at = now()
    turn.is_passage_due = True
    turn.save()
    if is_next:
        _stand_in_line(session, turn)
    announce_queued(session, turn, slots)
    publish(TurnDue(turn.uid))


def wake_queued(session: Session) -> None:
    """Let the turn that waited for another one of its session go on."""
    waiting = Turn.objects.filter(session=session, state=Turn.State.QUEUED, answered_at__isnull=True)
    uids = list(waiting.values_list("uid", flat=True))
    if uids:
        waiting.update(due_at=now())
    for uid in uids:
        publish(TurnDue(uid))
