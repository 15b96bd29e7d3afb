"""`/dev/mail/`: what a development house would have sent."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.filebased import EmailBackend
from pytest_django.fixtures import Settings

from tests.actors import Api
from timetravelers.kit.devmail import kept_mails


@pytest.fixture
def folder(settings: Settings, tmp_path: Path) -> Path:
    """An open mailbox of its own."""
    settings.DEV_MAILBOX = True
    settings.EMAIL_FILE_PATH = tmp_path / "mail"
    return tmp_path / "mail"


def send(
    folder: Path, subject: str = "Hello", body: str = "Your code is ABC-123", to: str = "dora@example.org", age: int = 0
) -> None:
    """Write a mail just as the house does."""
    sent = datetime.now(UTC) - timedelta(minutes=age)
    headers = {"Date": sent.strftime("%a, %d %b %Y %H:%M:%S %z")}
    mail = EmailMultiAlternatives(subject, body, "house@example.org", [to], headers=headers)
    mail.attach_alternative("<h1>the HTML part</h1>", "text/html")
    EmailBackend(file_path=str(folder)).send_messages([mail])


def test_mails_are_listed_newest_first(folder: Path, api: Api) -> None:
    send(folder, "older", age=5)
    send(folder, "newest", "Grüße, 你好", age=0)
    send(folder, "oldest", age=9)
    mails = api(None).get("/dev/mail/", {"format": "json"}).json()["results"]
    assert [mail["subject"] for mail in mails] == ["newest", "older", "oldest"]
    assert mails[0]["to"] == "dora@example.org"
    assert mails[0]["body"].strip() == "Grüße, 你好"


def test_the_page_shows_text_and_never_runs_it(folder: Path, api: Api) -> None:
    send(folder, "<script>alert(1)</script>", "<img src=x onerror=alert(2)>", "<b>@example.org")
    page = api(None).get("/dev/mail/")
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    html = page.content.decode()
    assert "&lt;script&gt;" in html
    assert "&lt;img src=x" in html
    assert "<script" not in html
    assert "<img" not in html
    assert "the HTML part" not in html


def test_an_empty_mailbox_says_so(folder: Path, api: Api) -> None:
    assert b"No mail has been sent yet" in api(None).get("/dev/mail/").content
    assert api(None).get("/dev/mail/", {"format": "json"}).json() == {"results": []}


def test_outside_of_development_there_is_no_mailbox(folder: Path, settings: Settings, api: Api) -> None:
    send(folder)
    settings.DEV_MAILBOX = False
    answer = api(None).get("/dev/mail/", {"format": "json"})
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_it_is_only_for_reading(folder: Path, api: Api) -> None:
    answer = api(None).post("/dev/mail/", {})
    assert answer.status_code in {403, 405}
    assert answer.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    "rubbish", [b"", b"\x00\xff" * 500, b"-" * 79 + b"\n", b"Subject: x\nContent-Type: text/plain; charset=nope\n\nhi"]
)
def test_rubbish_in_the_folder_breaks_nothing(folder: Path, rubbish: bytes) -> None:
    send(folder)
    (folder / "rubbish.log").write_bytes(rubbish)
    assert "ABC-123" in "".join(mail.body for mail in kept_mails(folder))
