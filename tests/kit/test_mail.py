"""Mail leaves by SMTP where EMAIL_URL says so, and reaches a real server."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from typing import Any

import environ
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.test import Client

from timetravelers.runtime.ports import free_port


@dataclass
class PostOffice:
    """Takes every mail and keeps it."""

    port: int
    letters: list[Envelope] = field(default_factory=list)

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - its name
        self.letters.append(envelope)
        return "250 OK"


@pytest.fixture
def office(settings: Any) -> Iterator[PostOffice]:
    place = PostOffice(free_port())
    controller = Controller(place, hostname="127.0.0.1", port=place.port)
    controller.start()
    for name, value in environ.Env.email_url_config(f"smtp://127.0.0.1:{place.port}").items():
        setattr(settings, name, value)
    yield place
    controller.stop()


@pytest.mark.django_db
def test_the_code_of_a_sign_up_arrives(office: PostOffice) -> None:
    body = {"email": "zoe@example.org", "password": "three green bicycles"}
    answer = Client().post("/_allauth/app/v1/auth/signup", body, content_type="application/json")
    assert answer.status_code == 401  # signed up, to be verified
    [letter] = office.letters
    assert letter.rcpt_tos == ["zoe@example.org"]
    message = message_from_bytes(letter.content if isinstance(letter.content, bytes) else b"")
    assert message["Subject"] == "Your code for TimeTravelers"
    assert message.get_content_type() == "text/plain"
