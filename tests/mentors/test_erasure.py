"""Manus deletes what a person who left had told it: against the simulator, over HTTP, whichever account has it."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from pytest_django.fixtures import Settings

from accounts.models import ErasureDuty, User
from accounts.services.duties import due_duties, perform_duty
from accounts.services.erasure import advance_deletion, request_deletion
from consciousness.asking import references_of
from consciousness.models import Session, Turn
from mentors.manus import accounts
from mentors.manus.errors import NotFound
from mentors.manus.simulator.server import Settings as SimulatorSettings
from mentors.manus.simulator.server import SimulatorServer
from mentors.models import ManusAccount
from tests.factories.sessions import make_session
from timetravelers.kit.clock import now

pytestmark = pytest.mark.django_db
KEYS = {"first": "a-key-only-for-tests", "second": "another-key-for-tests"}


@pytest.fixture
def manus(settings: Settings) -> Iterator[SimulatorServer]:
    """A simulator that the house takes for Manus, with two accounts there."""
    wanted = SimulatorSettings(api_keys=list(KEYS.values()), think_seconds=0.02, rate_factor=0.0, seed=3)
    with SimulatorServer(wanted) as server:
        settings.MANUS_BASE_URL = server.url
        settings.MANUS_API_KEY = ",".join(f"{name}={key}" for name, key in KEYS.items())
        accounts.forget()
        yield server


def told(account: ManusAccount, title: str = "one") -> str:
    """A task of an account, as sessions remember it."""
    client = accounts.client_of(account.pk)
    task = client.create_task("You are a mentor. Hello", title=title, hide_in_task_list=False).task_id
    return f"{account.pk}/{task}"


def assert_gone(*tasks: str) -> None:
    for place in tasks:
        account, _, task = place.partition("/")
        with pytest.raises(NotFound):
            accounts.client_of(int(account)).task_detail(task)


def leave(user: User) -> None:
    advance_deletion(request_deletion(user=user).deletion.uid)


def perform_all() -> list[tuple[str, str]]:
    ErasureDuty.objects.filter(state="queued").update(due_at=now())
    for uid in due_duties():
        perform_duty(uid)
    return list(ErasureDuty.objects.order_by("kind", "state").values_list("kind", "state"))


def lost_turn(session: Session, sends: int) -> Turn:
    """A turn that was sent so many times, and whose answers never reached us."""
    return Turn.objects.create(session=session, due_at=now(), state="sent", sent_at=now(), sends=sends)


@pytest.mark.usefixtures("manus")
def test_tasks_are_deleted_where_they_are(alice: User) -> None:
    first, second = accounts.usable()
    held, former, of_old = told(first), told(second), told(second).partition("/")[2]
    make_session(alice, provider_account=first, provider_task=held.partition("/")[2], former_tasks=[former, of_old])
    leave(alice)
    assert perform_all() == [("manus_task", "done")] * 3
    assert_gone(held, former, f"{second.pk}/{of_old}")


@pytest.mark.usefixtures("manus")
def test_tasks_whose_ids_never_reached_us_are_found_by_their_titles(alice: User) -> None:
    turn = lost_turn(make_session(alice), sends=2)
    tasks = [told(account, title) for account, title in zip(accounts.usable(), references_of(turn), strict=True)]
    leave(alice)
    waiting = ErasureDuty.objects.filter(kind="manus_title")
    assert all(duty.due_at - now() > timedelta(minutes=1) for duty in waiting)
    assert perform_all() == [("manus_title", "done")] * 2
    assert_gone(*tasks)


@pytest.mark.usefixtures("manus")
def test_attempts_before_the_one_that_is_known_are_looked_for_too(alice: User) -> None:
    account = accounts.usable()[0]
    session = make_session(alice)
    turn = lost_turn(session, sends=2)
    lost, held = (told(account, title) for title in references_of(turn))
    Turn.objects.update(state="completed", ended_at=now(), heard_in=held.partition("/")[2])
    Session.objects.update(provider_account=account, provider_task=held.partition("/")[2])
    leave(alice)
    assert ("manus_title", "done") in perform_all()
    assert_gone(lost, held)


@pytest.mark.usefixtures("manus")
def test_what_manus_does_not_know_is_settled(alice: User) -> None:
    lost_turn(make_session(alice), sends=1)
    make_session(alice, provider_account=accounts.usable()[0], provider_task="unknown-task")
    leave(alice)
    assert perform_all() == [("manus_task", "skipped"), ("manus_title", "skipped")]


def test_while_manus_is_down_it_stays_owed(alice: User, manus: SimulatorServer) -> None:
    make_session(alice, provider_account=accounts.usable()[0], provider_task="some-task")
    leave(alice)
    manus.stop()
    assert perform_all() == [("manus_task", "queued")]
    assert ErasureDuty.objects.get().note.startswith("Manus: ")
