"""Every mail that allauth can send is in our own words, whole, and plain text."""

import re
from pathlib import Path
from typing import Any

import allauth
import pytest
from allauth.account.adapter import get_adapter
from allauth.core import context
from django.conf import settings
from django.template.loader import get_template
from django.test import RequestFactory

from accounts.models import User

THEIRS = Path(allauth.__file__).parent / "templates"
OURS = settings.BASE_DIR / "timetravelers" / "templates"
# Sent only where links set passwords; here it is codes.
NEVER_SENT = {"account/email/password_reset_key", "account/email/email_confirm"}
ALL = sorted(
    {str(file.relative_to(THEIRS)).removesuffix("_subject.txt") for file in THEIRS.glob("*/email/*_subject.txt")}
)
SENT = [prefix for prefix in ALL if prefix not in NEVER_SENT]
FACTS = {
    "code": "BCDF-GHJK",
    "link": "timetravelers://verify-email/key-of-the-link",
    "signup_url": "timetravelers://sign-up",
    "password_reset_url": "timetravelers://reset-password",
    "deleted_email": "gone@example.org",
    "from_email": "old@example.org",
    "to_email": "new@example.org",
    "timestamp": "2026-11-22 18:00",
    "ip": "192.0.2.7",
    "user_agent": "TimeTravelers/1.0 <b>'quoted' & co.</b>",
}


def test_the_list_is_not_empty() -> None:
    assert len(SENT) >= 18


@pytest.mark.parametrize("prefix", SENT)
def test_the_template_is_ours(prefix: str) -> None:
    for part in ("subject", "message"):
        template: Any = get_template(f"{prefix}_{part}.txt")
        origin = template.origin.name
        assert Path(str(origin)).is_relative_to(OURS), origin


@pytest.mark.parametrize("prefix", SENT)
def test_the_mail_is_whole(prefix: str, alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    missing = "<<missing>>"
    template: Any = get_template("account/email/base_message.txt")
    monkeypatch.setattr(template.backend.engine, "string_if_invalid", missing)
    request = RequestFactory().get("/")
    facts = {**FACTS, "user": alice, "email": alice.email, "provider": {"name": "Google"}}
    with context.request_context(request):
        mail = get_adapter().render_mail(prefix, alice.email, facts)
    assert missing not in mail.body + mail.subject
    assert mail.content_subtype == "plain"
    assert not mail.alternatives
    assert mail.body.startswith("Hello,\n\n")
    assert mail.body.rstrip().endswith("TimeTravelers")
    assert 10 < len(mail.subject) < 70
    assert "\n" not in mail.subject
    assert not re.search(r"\n{4,}|&(amp|lt|gt|#x27|quot);|example\.com|testserver|Thank you for using", mail.body)


def test_a_confirmation_without_a_link_says_nothing_of_links(alice: User) -> None:
    facts = {"user": alice, "email": alice.email, "code": "BCDF-GHJK"}
    with context.request_context(RequestFactory().get("/")):
        mail = get_adapter().render_mail("account/email/email_confirmation", alice.email, facts)
    assert "link" not in mail.body
    assert "BCDF-GHJK" in mail.body
