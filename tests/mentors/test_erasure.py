"""Manus deletes what a person who left had told it: against the simulator, over HTTP."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.conf import settings

from accounts.models import ErasureDuty, User
from accounts.services.duties import due_duties, perform_duty
from accounts.services.erasure import advance_deletion, request_deletion
from consciousness.models import Turn
from consciousness.services.turns import reference_of
from mentors.manus import engine
from mentors.manus.errors import NotFound
from mentors.manus.quota import account_name
from mentors.manus.simulator.server import Settings, SimulatorServer
from tests.factories.sessions import make_session
from timetravelers.kit.clock import now

pytestmark = pytest.mark.django_db
KEY = "a-key-only-for-tests"


@pytest.fixture
def manus(monkeypatch: pytest.MonkeyPatch) -> Iterator[SimulatorServer]:
    """A simulator that the house takes for Manus."""
    server = SimulatorServer(Settings(api_keys=[KEY], think_seconds=0.02, rate_factor=0.0, seed=3)).start()
    monkeypatch.setattr(settings, "MANUS_BASE_URL", server.url)
    monkeypatch.setattr(settings, "MANUS_API_KEY", KEY)
    engine.client.cache_clear()
    assert account_name()
    yield server
    engine.client.cache_clear()
    server.stop()


def leave(user: User) -> None:
    advance_deletion(request_deletion(user=user).deletion.uid)


def perform_all() -> list[tuple[str, str]]:
    ErasureDuty.objects.filter(state="queued").update(due_at=now())
    for uid in due_duties():
        perform_duty(uid)
    return list(ErasureDuty.objects.order_by("kind").values_list("kind", "state"))


@pytest.mark.usefixtures("manus")
def test_tasks_are_deleted(alice: User) -> None:
    task = engine.start(reference="one", briefing="You are a mentor.", text="Hello")
    former = engine.start(reference="two", briefing="You are a mentor.", text="Hello")
    make_session(alice, provider_task=task, former_tasks=[former])
    leave(alice)
    assert perform_all() == [("manus_task", "done"), ("manus_task", "done")]
    for gone in (task, former):
        with pytest.raises(NotFound):
            engine.client().task_detail(gone)


@pytest.mark.usefixtures("manus")
def test_a_task_whose_id_never_reached_us_is_found_by_its_title(alice: User) -> None:
    session = make_session(alice)
    turn = Turn.objects.create(session=session, due_at=now(), state="sent", sent_at=now())
    task = engine.start(reference=reference_of(turn), briefing="You are a mentor.", text="Hello")
    leave(alice)
    waiting = ErasureDuty.objects.get()
    assert waiting.due_at - now() > timedelta(minutes=1)
    assert perform_all() == [("manus_title", "done")]
    with pytest.raises(NotFound):
        engine.client().task_detail(task)


@pytest.mark.usefixtures("manus")
def test_what_manus_does_not_know_is_settled(alice: User) -> None:
    session = make_session(alice)
    Turn.objects.create(session=session, due_at=now(), state="sent", sent_at=now())
    make_session(alice, provider_task="unknown-task")
    leave(alice)
    assert perform_all() == [("manus_task", "skipped"), ("manus_title", "skipped")]


def test_while_manus_is_down_it_stays_owed(alice: User, manus: SimulatorServer) -> None:
    make_session(alice, provider_task="some-task")
    leave(alice)
    manus.stop()
    assert perform_all() == [("manus_task", "queued")]
    assert ErasureDuty.objects.get().note.startswith("Manus: ")
