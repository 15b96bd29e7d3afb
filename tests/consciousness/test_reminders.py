"""Reminders: mailed once, in the person's time, and never about what is not to come."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from smtplib import SMTPServerDisconnected
from unittest.mock import patch

import pytest
from django.core.mail import EmailMessage
from pytest_django.fixtures import Settings

from accounts.models import User
from consciousness.events import SessionReminded
from consciousness.models import Reminder, Session
from consciousness.services import reminders
from consciousness.services.reminders import MOST_ATTEMPTS, send_reminder, take_reminders
from consciousness.services.schedules import cancel_scheduled
from consciousness.tasks import send_due_reminders
from tests.factories.sessions import make_scheduled
from tests.threads import at_once
from timetravelers.kit.clock import now

Mails = list[EmailMessage]


def reminder_of(session: Session, kind: str = "soon", **facts: object) -> Reminder:
    return Reminder.objects.create(session=session, kind=kind, due_at=now() - timedelta(seconds=1), **facts)


@pytest.fixture
def planned(alice: User) -> Session:
    """Alice's session of the coming minutes; she lives in Berlin."""
    alice.profile.time_zone = "Europe/Berlin"
    alice.profile.save()
    return make_scheduled(alice, now() + timedelta(minutes=15), goal="Something private.")


@contextmanager
def mail_server_down() -> Iterator[None]:
    with patch.object(EmailMessage, "send", side_effect=SMTPServerDisconnected("gone")):
        yield


def test_a_reminder_is_sent_once(planned: Session, mailoutbox: Mails) -> None:
    reminder = reminder_of(planned)
    assert send_due_reminders() == 1
    assert send_due_reminders() == 0
    send_reminder(reminder.pk)
    (mail,) = mailoutbox
    reminder.refresh_from_db()
    assert (reminder.outcome, mail.to) == ("sent", ["alice@example.org"])
    assert str(reminder.uid) in mail.extra_headers["Message-ID"]


def test_the_mail_tells_the_persons_time_and_nothing_private(alice: User, mailoutbox: Mails) -> None:
    alice.profile.time_zone = "Europe/Berlin"
    alice.profile.save()
    planned = make_scheduled(alice, datetime(2099, 7, 1, 16, tzinfo=UTC), goal="Something private.")
    reminder_of(planned, "day_before")
    send_due_reminders()
    (mail,) = mailoutbox
    assert mail.subject == f"Tomorrow: your session with {planned.version.name}"
    assert "Wednesday 1 July 2099, 18:00 (Europe/Berlin)" in mail.body
    assert "AI" in mail.body
    assert "private" not in mail.body


def test_what_was_called_off_reminds_nobody(planned: Session, mailoutbox: Mails) -> None:
    reminder = reminder_of(planned)
    Session.objects.filter(pk=planned.pk).update(state="cancelled", ended_at=now(), ended_reason="user")
    send_due_reminders()
    reminder.refresh_from_db()
    assert (reminder.outcome, mailoutbox) == ("dropped", [])


def test_nobody_is_reminded_too_late(planned: Session, mailoutbox: Mails) -> None:
    reminder_of(planned)
    Session.objects.filter(pk=planned.pk).update(starts_at=now() - timedelta(seconds=1))
    send_due_reminders()
    assert not mailoutbox


def test_who_has_left_hears_nothing(planned: Session, mailoutbox: Mails) -> None:
    reminder_of(planned)
    User.objects.update(is_active=False)
    send_due_reminders()
    assert not mailoutbox


def test_a_mail_server_that_is_down_is_asked_again(planned: Session, mailoutbox: Mails) -> None:
    reminder = reminder_of(planned)
    with mail_server_down():
        assert send_due_reminders() == 1
        assert send_due_reminders() == 0  # not at once
    reminder.refresh_from_db()
    assert (reminder.outcome, reminder.attempts) == ("", 1)
    Reminder.objects.update(taken_until=now())
    send_due_reminders()
    assert len(mailoutbox) == 1


def test_but_not_for_ever(planned: Session) -> None:
    reminder = reminder_of(planned, attempts=MOST_ATTEMPTS - 1)
    with mail_server_down():
        send_due_reminders()
    reminder.refresh_from_db()
    assert reminder.outcome == "failed"


def test_what_a_dead_worker_had_taken_is_taken_again(planned: Session, mailoutbox: Mails) -> None:
    reminder_of(planned)
    assert len(take_reminders()) == 1  # and then it dies
    assert take_reminders() == []
    Reminder.objects.update(taken_until=now())
    assert send_due_reminders() == 1
    assert len(mailoutbox) == 1


def test_a_worker_that_comes_back_late_settles_nothing(planned: Session, mailoutbox: Mails) -> None:
    reminder = reminder_of(planned, taken_until=now() + timedelta(minutes=5))
    with patch.object(EmailMessage, "send", side_effect=lambda: Reminder.objects.update(taken_until=now())):
        send_reminder(reminder.pk)
    reminder.refresh_from_db()
    assert reminder.outcome == ""


def test_a_reminder_is_announced(planned: Session, mailoutbox: Mails, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[object] = []
    monkeypatch.setattr(reminders, "publish", told.append)
    reminder_of(planned)
    send_due_reminders()
    assert told == [SessionReminded(planned.uid, planned.user_id, "soon")]


@pytest.mark.django_db(transaction=True)
def test_many_workers_send_one_mail(planned: Session, mailoutbox: Mails) -> None:
    for number in range(3):
        reminder_of(make_scheduled(planned.user, now() + timedelta(minutes=9 + number), planned.traveler))
    taken = at_once(4, lambda _: take_reminders())
    keys = [key for one in taken if isinstance(one, list) for key in one]
    assert sorted(keys) == sorted(Reminder.objects.values_list("pk", flat=True))


@pytest.mark.django_db(transaction=True)
def test_calling_off_against_a_worker(planned: Session, mailoutbox: Mails, settings: Settings) -> None:
    reminder_of(planned)
    at_once(
        2,
        lambda side: cancel_scheduled(session=planned.uid, actor=planned.user) if side else send_due_reminders(),
    )
    assert not Reminder.objects.exists()
    assert len(mailoutbox) <= 1
