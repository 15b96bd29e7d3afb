"""News from the scheduler about turns: where they stand, and that a running one has used up its budget."""

from dataclasses import dataclass
from math import ceil
from uuid import UUID

from django.conf import settings
from django.db import transaction

from accounts.models import User
from consciousness.announcements import StandingTold
from consciousness.errors import TurnNotFound
from consciousness.events import TurnDue
from consciousness.models import Turn
from consciousness.selectors.sessions import session_for
from consciousness.services.calls import place_of
from consciousness.services.endings import close_now
from consciousness.services.log import lock_session
from consciousness.services.outcomes import OVER_BUDGET, fail_now
from consciousness.services.turns import wake_queued
from timetravelers.kit.clock import now
from timetravelers.kit.events import publish


@dataclass(frozen=True, slots=True)
class TurnNow:
    """A turn and, while it waits, where it stands; a time that nobody can tell is None."""

    turn: Turn
    position: int | None
    eta_s: int | None


def turn_now(*, session: UUID, turn: UUID, actor: User) -> TurnNow:
    """A turn of one of the actor's sessions as it is now. Raises SessionNotFound and TurnNotFound."""
    found = session_for(actor, session).turns.filter(uid=turn).first()
    if found is None:
        raise TurnNotFound
    if found.seen_state != Turn.State.QUEUED:
        return TurnNow(found, None, None)
    place = place_of(found)
    return TurnNow(found, place.position, None if place.eta_seconds is None else ceil(place.eta_seconds))


@dataclass(frozen=True, slots=True)
class StandingNews:
    """What the phones that watch a session are told, at most once: the newest is all that matters."""

    session: UUID
    told: StandingTold


def note_standing(subject: UUID, position: int, eta_seconds: float | None) -> StandingNews | None:
    """What to tell of a turn's new place in line; None if nobody waits for it. A turn that waits too long is due."""
    turn = Turn.objects.filter(uid=subject, state=Turn.State.QUEUED, answered_at__isnull=True)
    found = turn.select_related("session").first()
    if found is None:
        return None
    if eta_seconds is not None and eta_seconds > settings.ENGINE_ETA_LIMIT_SECONDS:
        turn.update(due_at=now())
        publish(TurnDue(subject))
    eta = None if eta_seconds is None else ceil(eta_seconds)
    return StandingNews(found.session.uid, StandingTold(turn=subject, position=position, eta_s=eta))


@transaction.atomic
def note_task_over_budget(subject: UUID) -> None:
    """The task of a running turn is being stopped, since its budget is used up: end the turn and say so.

    Locks session and turn; does nothing if the turn is not running. The conversation can go on another day.
    """
    found = Turn.objects.filter(uid=subject, state__in=Turn.IN_FLIGHT).select_related("session").first()
    if found is None:
        return
    session = lock_session(found.session.uid)
    turn = Turn.objects.select_for_update().get(pk=found.pk)
    if turn.state not in Turn.IN_FLIGHT:
        return
    if turn.answered_at is None:
        fail_now(session, turn, OVER_BUDGET)
    else:
        close_now(session, turn)
    wake_queued(session)
