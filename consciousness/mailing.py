"""Mails about sessions."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils.formats import date_format

from consciousness.models import Reminder


def mail_reminder(reminder: Reminder, zone: ZoneInfo) -> None:
    """Remind somebody of a session, in the time of their zone; raises SMTPException or OSError.

    The goal is not in it: mails travel open. The same reminder is the same mail, however often it is sent.
    """
    session = reminder.session
    facts = {
        "site": settings.SITE_NAME,
        "traveler": session.version.name,
        "time": _spoken(session.starts_at, zone),
        "is_soon": reminder.kind == Reminder.Kind.SOON,
        "link": f"{settings.APP_LINK}sessions/{session.uid}",
    }
    subject = " ".join(render_to_string("consciousness/mail/reminder_subject.txt", facts).split())
    body = render_to_string("consciousness/mail/reminder_message.txt", facts)
    host = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip("<> ")
    headers = {"Message-ID": f"<reminder.{reminder.uid}@{host}>", "Auto-Submitted": "auto-generated"}
    EmailMessage(subject, body, to=[session.user.email], headers=headers).send()


def _spoken(moment: datetime | None, zone: ZoneInfo) -> str:
    if moment is None:
        return ""
    return f"{date_format(moment.astimezone(zone), 'l j F Y, H:i')} ({zone.key})"
