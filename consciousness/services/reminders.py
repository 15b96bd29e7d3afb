"""Reminding people of scheduled sessions: planned as rows, taken by one worker each, and mailed once."""

from datetime import datetime, timedelta
from smtplib import SMTPException

import structlog
from django.db import transaction
from django.db.models import F, Q

from consciousness.appointments import reminder_times, zone_of
from consciousness.events import SessionReminded
from consciousness.mailing import mail_reminder
from consciousness.models import Reminder, Session
from consciousness.selectors.sessions import time_zone_of
from timetravelers.kit.clock import now
from timetravelers.kit.events import publish

log = structlog.get_logger(__name__)

# As long as a mail server may take; then the worker is taken for dead.
TAKEN = timedelta(minutes=5)
RETRY = timedelta(minutes=1)
MOST_ATTEMPTS = 5


def plan_reminders(session: Session) -> None:
    """Plan the reminders of a scheduled session anew; the caller holds it locked, or has just made it."""
    drop_reminders(session)
    if session.starts_at is not None:
        times = reminder_times(session.starts_at, zone_of(time_zone_of(session.user_id)), now())
        Reminder.objects.bulk_create(Reminder(session=session, kind=kind, due_at=due) for kind, due in times.items())


def drop_reminders(session: Session) -> None:
    """Nobody is to be reminded of this session any more."""
    session.reminders.all().delete()


@transaction.atomic
def take_reminders(limit: int = 50) -> list[int]:
    """Take what is due, for this worker alone; the keys. What a worker that died had taken is taken again later."""
    moment = now()
    free = Q(taken_until__isnull=True) | Q(taken_until__lte=moment)
    due = Reminder.objects.filter(free, settled_at__isnull=True, due_at__lte=moment).order_by("due_at")
    keys = list(due.select_for_update(skip_locked=True).values_list("pk", flat=True)[:limit])
    Reminder.objects.filter(pk__in=keys).update(taken_until=moment + TAKEN, attempts=F("attempts") + 1)
    return keys


def send_reminder(key: int) -> None:
    """Send a reminder that this worker has taken; no lock is held meanwhile.

    One that nobody waits for any more is dropped. A mail server that refuses is asked again, not for ever.
    """
    reminder = (
        Reminder.objects.select_related("session__user", "session__version").filter(pk=key, settled_at=None).first()
    )
    if reminder is None:
        return
    if not _is_wanted(reminder, now()):
        _settle(reminder, Reminder.Outcome.DROPPED)
        return
    try:
        mail_reminder(reminder, zone_of(time_zone_of(reminder.session.user_id)))
    except (SMTPException, OSError) as problem:
        log.warning("reminder_not_sent", reminder=str(reminder.uid), reason=type(problem).__name__)
        _try_later(reminder)
    else:
        _settle(reminder, Reminder.Outcome.SENT)


def _is_wanted(reminder: Reminder, moment: datetime) -> bool:
    session = reminder.session
    is_ahead = session.starts_at is not None and session.starts_at > moment
    return is_ahead and session.state == Session.State.SCHEDULED and session.user.is_active


@transaction.atomic
def _settle(reminder: Reminder, outcome: Reminder.Outcome) -> None:
    mine = Reminder.objects.filter(pk=reminder.pk, taken_until=reminder.taken_until, settled_at=None)
    settled = mine.update(settled_at=now(), outcome=outcome, taken_until=None)
    if settled and outcome == Reminder.Outcome.SENT:
        publish(SessionReminded(reminder.session.uid, reminder.session.user_id, reminder.kind))


def _try_later(reminder: Reminder) -> None:
    if reminder.attempts >= MOST_ATTEMPTS:
        _settle(reminder, Reminder.Outcome.FAILED)
        return
    mine = Reminder.objects.filter(pk=reminder.pk, taken_until=reminder.taken_until, settled_at=None)
    mine.update(taken_until=now() + RETRY * reminder.attempts)
