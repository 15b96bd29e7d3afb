"""Deleting a session: nothing of it is left here, and the provider is asked to delete its part."""

from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder

from accounts.models import Deletion, ErasureDuty, User
from accounts.services.duties import perform_duty
from accounts.services.erasure import advance_deletion
from consciousness.errors import SessionNotFound
from consciousness.models import Message, Session, SessionEvent, Turn
from consciousness.services.deleting import delete_session
from consciousness.services.steps import step
from mentors.manus.simulator.server import SimulatorServer
from mentors.models import CreditBudget, ProviderCall
from mentors.services.scheduling import pump
from tests.actors import ApiClient
from tests.consciousness.driving import State, carried_out, drive, reach, says
from tests.consciousness.test_api import assert_problem
from tests.factories.mentors import make_traveler
from tests.factories.sessions import make_session
from tests.threads import at_once
from timetravelers.kit.clock import now

Api = Callable[[User | None], ApiClient]
SECRET = "xylophone-4711"


def everything_that_holds(word: str) -> list[str]:
    """Tables in whose rows a word is to be found."""
    encoder = DjangoJSONEncoder()
    return [
        model._meta.label
        for model in apps.get_models()
        if any(word in encoder.encode(_row(row)) for row in model._default_manager.values())
    ]


def _row(row: dict[str, Any]) -> dict[str, str]:
    return {name: bytes(value).decode(errors="replace") if isinstance(value, memoryview) else str(value)
            for name, value in row.items()}  # fmt: skip


def test_nothing_is_left(api: Api, session: Session, manus: SimulatorServer) -> None:
    phone = api(session.user)
    wanted = {"traveler": str(session.traveler.uid), "goal": SECRET, "title": SECRET}
    made = phone.post("/sessions/", wanted, Idempotency_Key="once").json()
    talk = Session.objects.get(uid=made["uid"])
    drive(says(talk, SECRET).turn)
    assert set(everything_that_holds(SECRET)) >= {
        "consciousness.Session",
        "consciousness.Message",
        "kit.IdempotentAnswer",
    }
    answer = phone.delete(f"/sessions/{talk.uid}/")
    assert answer.status_code == 202
    assert everything_that_holds(SECRET) == []
    rows = answer.json()["rows"]["delete"]
    assert rows["consciousness.session"] == 1
    assert rows["consciousness.message"] == 2
    assert Session.objects.get() == session
    assert_problem(phone.get(f"/sessions/{talk.uid}/"), 404, "session_not_found")
    assert_problem(phone.delete(f"/sessions/{talk.uid}/"), 404, "session_not_found")


def test_the_receipt_tells_when_the_provider_has_deleted_its_part(
    api: Api, session: Session, manus: SimulatorServer
) -> None:
    drive(says(session).turn)
    told = api(session.user).delete(f"/sessions/{session.uid}/").json()
    assert told["state"] == "erased"
    assert told["elsewhere"] == [{"kind": "manus_task", "state": "queued", "number": 1}]
    for duty in ErasureDuty.objects.values_list("uid", flat=True):
        perform_duty(duty)
    advance_deletion(Deletion.objects.get().uid)
    later = ApiClient().get(f"/deletions/{told['receipt']}/").json()
    assert later["state"] == "completed"
    assert later["elsewhere"] == [{"kind": "manus_task", "state": "done", "number": 1}]
    assert carried_out(manus, "task.delete") == 1


def test_nobody_elses_session_is_deleted(session: Session, bob: User) -> None:
    with pytest.raises(SessionNotFound):
        delete_session(session=session.uid, actor=bob)
    assert not Deletion.objects.exists()


def test_what_is_under_way_is_paid_for_and_stopped(session: Session, manus: SimulatorServer) -> None:
    turn = reach(says(session).turn, State.RUNNING)
    delete_session(session=session.uid, actor=session.user)
    call = ProviderCall.objects.get(subject=turn.uid)
    assert call.state == "done"
    assert not CreditBudget.objects.exclude(held=0).exists()
    step(turn.uid)  # a worker that had it in hand


def test_an_ended_and_a_scheduled_session_can_be_deleted(alice: User) -> None:
    traveler = make_traveler()
    over = make_session(alice, traveler, state="ended", ended_at=now(), ended_reason="user")
    ahead = make_session(alice, traveler, state="scheduled", starts_at=now())
    for session in (over, ahead):
        delete_session(session=session.uid, actor=alice)
    assert not Session.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_last_words_against_a_deletion(session: Session) -> None:
    def act(side: int) -> object:
        return says(session, "Wait!") if side else delete_session(session=session.uid, actor=session.user)

    _, said = at_once(2, act)
    assert not Session.objects.exists()
    assert not Message.objects.exists()
    assert not SessionEvent.objects.exists()
    assert not isinstance(said, SessionNotFound) or not Turn.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_reply_against_a_deletion(session: Session, manus: SimulatorServer) -> None:
    turn = says(session).turn
    pump()

    def act(side: int) -> None:
        if side:
            step(turn)
        else:
            delete_session(session=session.uid, actor=session.user)

    at_once(2, act)
    assert not Session.objects.exists()
    assert not Turn.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_deletions_make_one_receipt(session: Session) -> None:
    at_once(2, lambda _: delete_session(session=session.uid, actor=session.user))
    assert Deletion.objects.count() == 1
