"""A scheduler by a fake clock, on real engines, and the events it publishes."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.utils import timezone
from pytest_django.fixtures import Settings

from mentors.manus import accounts, windows
from mentors.models import ManusAccount
from mentors.services import scheduling
from tests.mentors.scheduling.clock import FakeClock
from timetravelers.kit import events
from timetravelers.kit.events import DomainEvent

MakeAccounts = Callable[[int], list[ManusAccount]]
Heard = list[Any]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> FakeClock:
    """What the house and the windows go by."""
    fake = FakeClock()
    monkeypatch.setattr(timezone, "now", fake.moment)
    shared = windows.Windows(clock=fake.seconds)
    monkeypatch.setattr(windows, "shared", lambda: shared)
    return fake


@pytest.fixture
def make_accounts(settings: Settings) -> Iterator[MakeAccounts]:
    """Accounts at the provider, as many as asked for, with what it documents: ten creates and ten sends a minute."""
    settings.MANUS_API_KEY = ""
    settings.MANUS_PER_MINUTE = {"task.create": 10, "task.sendMessage": 10}
    settings.CREDIT_BUDGETS = {"day": 0, "user": 0, "session": 0}

    def make(count: int) -> list[ManusAccount]:
        made = [ManusAccount.objects.create(name=f"account-{number}", sealed_key="sealed") for number in range(count)]
        accounts.forget()
        return made

    accounts.forget()
    yield make
    accounts.forget()


@pytest.fixture
def account(make_accounts: MakeAccounts, db: None) -> ManusAccount:
    """The only account."""
    return make_accounts(1)[0]


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> Heard:
    """What the scheduler publishes, as it is published; nobody else listens."""
    said: Heard = []

    def publish(event: DomainEvent) -> None:
        said.append(event)

    for module in (scheduling.pumping, scheduling.queueing, scheduling.standings):
        monkeypatch.setattr(module, "publish", publish)
    return said


@pytest.fixture
def admitted_events(monkeypatch: pytest.MonkeyPatch) -> Heard:
    """What committed transactions announced, in place of those who would go on from it."""
    said: Heard = []
    listeners: dict[Any, Any] = dict.fromkeys(list(events._on_commit))
    for event in listeners:
        monkeypatch.setitem(events._on_commit, event, [said.append])
    return said
