"""Scheduled sessions: moved, called off, and opened when their time has come."""

from contextlib import suppress
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction

from accounts.models import Consent, User
from accounts.selectors import live_consent
from consciousness.announcements import SessionCancelled, SessionOpened, SessionRescheduled, ToldPins
from consciousness.appointments import require_openable, require_schedulable
from consciousness.events import SessionBegan, SessionCalledOff
from consciousness.lifecycle import Move, state_after
from consciousness.models import Session
from consciousness.querysets import SessionQuerySet
from consciousness.services.editing import lock_for_edit
from consciousness.services.log import append, lock_session
from consciousness.services.reminders import drop_reminders, plan_reminders
from mentors.engines import configured_chain
from mentors.errors import TravelerNotFound
from mentors.selectors import newest_published_version
from timetravelers.kit.clock import now
from timetravelers.kit.events import publish


@transaction.atomic
def reschedule_session(
    *, session: UUID, actor: User, starts_at: datetime, expected_revision: int | None = None
) -> Session:
    """Move a scheduled session to another time, reminders and all. Locks the session.

    Raises SessionNotFound, PreconditionFailed, Invalid for a time that is over or too far, and what
    `state_after` raises.
    """
    locked = lock_for_edit(session, actor, expected_revision)
    locked.state = state_after(locked, Move.RESCHEDULE)
    require_schedulable(starts_at, now())
    if starts_at == locked.starts_at:
        return locked
    locked.starts_at = starts_at
    locked.revision += 1
    locked.save(update_fields=["starts_at", "revision", "updated_at"])
    plan_reminders(locked)
    append(locked, SessionRescheduled(starts_at=starts_at))
    return locked


@transaction.atomic
def cancel_scheduled(*, session: UUID, actor: User, expected_revision: int | None = None) -> Session:
    """Call a scheduled session off. Locks the session; raises as `reschedule_session` does."""
    locked = lock_for_edit(session, actor, expected_revision)
    _call_off(locked, Session.Reason.USER)
    return locked


def cancel_scheduled_with(traveler: UUID) -> None:
    """Call off what is scheduled with a Traveler that people do not meet any more; one transaction each."""
    waiting = Session.objects.filter(traveler__uid=traveler, state=Session.State.SCHEDULED)
    for key in waiting.order_by("pk").values_list("pk", flat=True):
        _call_off_if_waiting(key)


@transaction.atomic
def open_scheduled(*, session: UUID, actor: User) -> Session:
    """Open a scheduled session, at most a little before its time. Locks the session.

    Raises SessionNotFound, SessionTooEarly, and what `state_after` raises.
    """
    locked = lock_session(session, actor)
    state_after(locked, Move.OPEN)
    require_openable(locked.starts_at, now())
    _open(locked)
    return locked


def open_due(limit: int = 200) -> int:
    """Open the scheduled sessions whose time has come, one transaction each; how many it were."""
    due = Session.objects.filter(state=Session.State.SCHEDULED, starts_at__lte=now()).order_by("starts_at")
    return sum(_open_if_due(key) for key in list(due.values_list("pk", flat=True)[:limit]))


@transaction.atomic
def _open_if_due(key: int) -> bool:
    session = _waiting(key).filter(starts_at__lte=now()).first()
    if session is not None:
        _open(session)
    return session is not None


@transaction.atomic
def _call_off_if_waiting(key: int) -> None:
    session = _waiting(key).first()
    if session is not None:
        _call_off(session, Session.Reason.TRAVELER)


def _waiting(key: int) -> SessionQuerySet:
    """The session if it is still scheduled and nobody else is at it."""
    free = Session.objects.select_for_update(of=("self",), skip_locked=True)
    return free.filter(pk=key, state=Session.State.SCHEDULED)


def _open(session: Session) -> None:
    """What counts is how things are now: the Traveler's newest version, today's engines, the consent that lives."""
    _pin_anew(session)
    session.state = state_after(session, Move.OPEN)
    session.opened_at = now()
    session.idle_check_at = session.opened_at + settings.SESSION_IDLE
    session.revision += 1
    session.save()
    drop_reminders(session)
    append(session, SessionOpened(opened_at=session.opened_at, pins=_told_pins(session)))
    publish(SessionBegan(session.uid, session.user_id))


def _pin_anew(session: Session) -> None:
    """Where there is nothing newer to be had, what was pinned at the scheduling stays."""
    with suppress(TravelerNotFound):
        session.version = newest_published_version(session.traveler.uid)
    session.instructions_hash = session.version.instructions_hash
    session.engine_chain = configured_chain()
    consent = live_consent(session.user_id, Consent.Purpose.AI_PROVIDER)
    if consent is not None:
        session.consent_version = consent.version


def _call_off(session: Session, reason: Session.Reason) -> None:
    session.state = state_after(session, Move.CANCEL)
    session.ended_at, session.ended_reason = now(), reason
    session.revision += 1
    session.save(update_fields=["state", "ended_at", "ended_reason", "revision", "updated_at"])
    drop_reminders(session)
    append(session, SessionCancelled(ended_at=session.ended_at, reason=reason.value))
    publish(SessionCalledOff(session.uid, session.user_id, reason.value))


def _told_pins(session: Session) -> ToldPins:
    version = session.version
    return ToldPins(
        traveler_version=version.number,
        name=version.name,
        occupation=version.occupation_title,
        greeting=version.greeting,
        instructions_hash=session.instructions_hash,
        engine_chain=session.engine_chain,
        consent_version=session.consent_version,
    )
