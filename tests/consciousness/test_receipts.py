"""Each call that carries something of a person has a receipt, and it says what was in it."""

from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from uuid import UUID

import pytest
from pytest_django.fixtures import Settings

from accounts.services import withdraw_consent
from consciousness.models import Session
from consciousness.services.steps import step
from mentors.engines.chain import engines
from mentors.manus.simulator.server import SimulatorServer
from mentors.models import EgressRecord
from mentors.services import scheduling
from tests.consciousness.driving import State, drive, reach, says, step_now
from tests.factories.accounts import give_skill, make_occupation
from tests.mentors.engines.endpoint import serving, stream


def receipts() -> list[tuple[str, list[str]]]:
    return [(one.endpoint, one.categories) for one in EgressRecord.objects.order_by("pk")]


def test_a_receipt_for_each_call(session: Session, manus: SimulatorServer) -> None:
    profile = session.user.profile
    profile.target_occupation, profile.active_reflective = make_occupation(), -0.8
    profile.save()
    give_skill(session.user, "python", 4)
    drive(says(session, "Wörds of eleven.").turn)
    drive(says(session, "And more.").turn)
    (opening, kinds), (following, words) = receipts()
    assert (opening, following) == ("task.create", "task.sendMessage")
    assert {"career", "conversation", "learning"} <= set(kinds)
    assert words == ["conversation"]
    first, second = EgressRecord.objects.order_by("pk")
    assert (second.size, second.session_ref, second.user) == (len(b"And more."), session.uid, session.user)
    assert (second.engine, second.recipient, second.consent_version) == ("manus", "Manus", 1)
    assert second.account is not None
    assert first.size > len("Wörds of eleven.".encode()) + len(session.goal)


def test_what_is_not_known_is_not_in_it(session: Session, manus: SimulatorServer) -> None:
    session.user.profile.delete()
    session.goal = ""
    session.save()
    drive(says(session).turn)
    assert receipts() == [("task.create", ["conversation"])]


def test_each_attempt_has_its_own(session: Session, manus: SimulatorServer, settings: Settings) -> None:
    settings.TURN_SETTLE_SECONDS = 0.0
    manus.arm("task.create", "500")
    assert drive(says(session).turn).state == State.COMPLETED
    assert [endpoint for endpoint, _ in receipts()] == ["task.create"] * 2


def test_looking_carries_nothing(session: Session, manus: SimulatorServer) -> None:
    turn = says(session).turn
    reach(turn, State.RUNNING)
    for _ in range(3):
        step_now(turn)
    assert len(receipts()) == 1


def test_what_was_not_to_leave_has_none(session: Session, manus: SimulatorServer) -> None:
    turn = says(session).turn
    withdraw_consent(user=session.user, purpose="ai_provider")
    step_now(turn)
    assert receipts() == []


def test_consent_that_goes_while_the_step_is_taken(
    session: Session, manus: SimulatorServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    drive(says(session).turn)
    turn = says(session, "One more.").turn

    @contextmanager
    def sending(subject: UUID) -> Iterator[None]:
        withdraw_consent(user=session.user, purpose="ai_provider")
        with scheduling.sending(subject):
            yield

    withdrawing = SimpleNamespace(**{**vars(scheduling), "sending": sending})
    monkeypatch.setattr("consciousness.services.calls.scheduling", withdrawing)
    ended = step_now(turn)
    assert (ended.state, ended.failure) == (State.FAILED, "consent_required")
    assert "task.sendMessage" not in manus.calls.summary()
    assert len(receipts()) == 1


def test_a_model_in_the_house_is_nobody_else(session: Session, settings: Settings) -> None:
    with serving(stream("Yes.")) as endpoint:
        settings.OPENAI = {"base_url": endpoint.url, "model": "m"}
        settings.ENGINE_CHAIN = ["openai"]
        engines.cache_clear()
        step(says(session).turn)
    engines.cache_clear()
    assert session.messages.filter(author="traveler").exists()
    assert receipts() == []
