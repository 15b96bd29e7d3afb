"""The mailbox of a development house: what would have been sent, shown at /dev/mail/."""

import email
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.html import format_html, format_html_join
from django.views.decorators.http import require_safe

from timetravelers.kit.api.problems import problem_response
from timetravelers.kit.errors import NotFound

SEPARATOR = b"\n" + b"-" * 79 + b"\n"  # what Django's file backend writes after each message
MAX_FILES = 50
MAX_FILE_BYTES = 1_000_000

_PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Mailbox</title>
<meta name="viewport" content="width=device-width"><style>
body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 45rem; margin: 2rem auto; padding: 0 1rem; }}
article {{ border-top: 1px solid #999; padding: 1rem 0; }}
pre {{ white-space: pre-wrap; overflow-wrap: anywhere; font: inherit; }}
</style></head><body><h1>Mailbox</h1>{}</body></html>"""
_MAIL = "<article><h2>{}</h2><p>To {}, {}</p><pre>{}</pre></article>"


@dataclass(frozen=True, slots=True)
class Mail:
    """One message as plain text; `date` as it stands in the message."""

    to: str
    subject: str
    body: str
    date: str


@require_safe
def mailbox(request: HttpRequest) -> HttpResponse:
    """Kept mails, newest first, as an escaped page or (`?format=json`) as JSON; 404 outside of development."""
    if not settings.DEV_MAILBOX:
        return problem_response(request, NotFound())
    mails = kept_mails(Path(settings.EMAIL_FILE_PATH))
    if request.GET.get("format") == "json":
        return JsonResponse({"results": [asdict(mail) for mail in mails]})
    listed = format_html_join("", _MAIL, ((mail.subject, mail.to, mail.date, mail.body) for mail in mails))
    return HttpResponse(format_html(_PAGE, listed or "No mail has been sent yet."))


def kept_mails(folder: Path) -> list[Mail]:
    """The mails of the newest files in the folder, newest first; none if there is no folder."""
    files = sorted(folder.glob("*.log"), key=_age)[:MAX_FILES]
    mails = [mail for file in files for mail in reversed(list(_read(file)))]
    return sorted(mails, key=_sent, reverse=True)


def _age(file: Path) -> float:
    try:
        return -file.stat().st_mtime
    except OSError:
        return 0.0


def _read(file: Path) -> Iterator[Mail]:
    try:
        with file.open("rb") as stream:
            content = stream.read(MAX_FILE_BYTES)
    except OSError:
        return
    for raw in content.split(SEPARATOR):
        if raw.strip():
            yield _mail(email.message_from_bytes(raw, policy=default))


def _mail(message: EmailMessage) -> Mail:
    part = message.get_body(preferencelist=("plain",))
    return Mail(
        to=str(message.get("To", "")),
        subject=str(message.get("Subject", "")),
        body=_text(part) if isinstance(part, EmailMessage) else "",
        date=str(message.get("Date", "")),
    )


def _text(part: EmailMessage) -> str:
    try:
        content = part.get_content()
    except LookupError:  # a charset that nobody knows
        return ""
    return content if isinstance(content, str) else ""


def _sent(mail: Mail) -> float:
    try:
        return datetime.strptime(mail.date, "%a, %d %b %Y %H:%M:%S %z").timestamp()
    except ValueError:
        return 0.0
