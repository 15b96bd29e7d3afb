"""Staff see how sessions go and not what is said in them."""

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from consciousness.models import Session, Turn
from tests.factories.sessions import make_session

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def session(alice: User) -> Session:
    return make_session(alice, goal="a private wish")


@pytest.fixture
def browser(staff: User) -> Client:
    client = Client()
    client.force_login(staff, BACKEND)
    return client


@pytest.mark.parametrize("path", ["session/", "turn/", "session/?q=alice@example.org", "turn/?state__exact=queued"])
def test_lists_open(path: str, browser: Client, session: Session) -> None:
    Turn.objects.create(session=session, due_at=timezone.now())
    page = browser.get(f"/admin/consciousness/{path}")
    assert page.status_code == 200
    assert "a private wish" not in page.content.decode()


def test_a_session_is_shown_without_what_the_person_wants(browser: Client, session: Session) -> None:
    page = browser.get(f"/admin/consciousness/session/{session.pk}/change/")
    assert page.status_code == 200
    assert str(session.uid) in page.content.decode()
    assert "a private wish" not in page.content.decode()


@pytest.mark.parametrize("action", ["add/", "{pk}/delete/"])
def test_nothing_is_written_there(action: str, browser: Client, session: Session) -> None:
    assert browser.post(f"/admin/consciousness/session/{action.format(pk=session.pk)}").status_code == 403
    assert Session.objects.filter(pk=session.pk).exists()
