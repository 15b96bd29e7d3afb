"""A reply that streams in: heard as it comes, stored once, whatever happens to worker, endpoint and person."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from uuid import uuid4

import pytest
from pytest_django.fixtures import Settings

from accounts.services import withdraw_consent
from consciousness.events import ReplyGrew
from consciousness.models import Session, Turn
from consciousness.services.leases import LeaseLost, claim
from consciousness.services.steps import step
from consciousness.services.steps.pace import MAX_ATTEMPTS
from consciousness.services.turns import cancel_turn
from mentors.engines.chain import engines
from mentors.manus.simulator.server import SimulatorServer
from mentors.models import EgressRecord, ProviderCall
from tests.consciousness.driving import (
    State,
    all_is_well,
    drive,
    events_of,
    kinds_of,
    last_event,
    replies_in,
    says,
    step_now,
    turn_of,
)
from tests.mentors.engines.endpoint import ChatEndpoint, Script, piece, refusing, serving, stream
from timetravelers.kit import events
from timetravelers.kit.clock import now

WHOLE = ("openai", False, True)


@pytest.fixture
def endpoint(settings: Settings) -> Iterator[ChatEndpoint]:
    """A model on this machine that is the only one to answer; scripts are added by the tests."""
    with serving(stream("Begin ", "small.")) as server:
        settings.OPENAI = {"base_url": server.url, "api_key": "", "model": "m", "provider": "", "read_timeout": 2.0}
        settings.ENGINE_CHAIN = ["openai"]
        engines.cache_clear()
        yield server
    engines.cache_clear()


@contextmanager
def listening(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[ReplyGrew]]:
    """What is told to sockets; in a test's transaction nothing is ever committed, so it is heard at once."""
    heard: list[ReplyGrew] = []
    with monkeypatch.context() as patch:
        patch.setitem(events._in_transaction, ReplyGrew, [heard.append])
        yield heard


def test_it_is_heard_as_it_comes_and_stored_whole(
    session: Session, endpoint: ChatEndpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    endpoint.scripts = [stream("Begin ", "with ", "one small ", "project.", pause=0.12)]
    turn = says(session).turn
    with listening(monkeypatch) as heard:
        assert step_now(turn).state == State.COMPLETED
    assert kinds_of(session) == ["message.created", "turn.queued", "turn.started", "message.created", "turn.completed"]
    assert replies_in(session) == [WHOLE]
    text = session.messages.get(author="traveler").text
    assert text == "Begin with one small project."
    assert len(heard) > 1
    assert [one.offset for one in heard] == [sum(len(b.text) for b in heard[:a]) for a in range(len(heard))]
    assert "".join(one.text for one in heard) == text
    started, completed = events_of(session)[2], last_event(session)
    assert started["data"] == {"turn": str(turn), "engine": "openai"}
    assert (completed["data"]["engine"], completed["data"]["stand_in"]) == ("openai", False)


def test_it_is_told_all_that_was_said(session: Session, endpoint: ChatEndpoint) -> None:
    drive(says(session, "First question?").turn)
    drive(says(session, "Second question?").turn)
    roles = [(one["role"], one["content"]) for one in endpoint.requests[-1]["messages"]]
    assert roles[0][0] == "system"
    assert session.goal in roles[0][1]
    assert roles[1:] == [("user", "First question?"), ("assistant", "Begin small."), ("user", "Second question?")]
    assert not ProviderCall.objects.exists()


def test_a_worker_that_died_in_the_middle_is_replaced(session: Session, endpoint: ChatEndpoint) -> None:
    turn = says(session).turn
    Turn.objects.filter(uid=turn).update(
        state=State.RUNNING,
        attempts=1,
        sent_at=now(),
        lease_holder=uuid4(),
        lease_until=now() - timedelta(seconds=1),
    )
    assert drive(turn).state == State.COMPLETED
    assert replies_in(session) == [WHOLE]
    assert kinds_of(session).count("turn.completed") == 1


def test_a_worker_that_was_thought_dead_stops_and_stores_nothing(
    session: Session, endpoint: ChatEndpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("consciousness.services.steps.answering.RENEW_SECONDS", 0.0)
    endpoint.scripts = [stream(*["word "] * 2000, pause=0.005), stream("A better one.")]
    turn = says(session).turn

    def take_over(event: ReplyGrew) -> None:
        Turn.objects.filter(uid=turn).update(lease_holder=uuid4(), lease_until=now() - timedelta(seconds=1))

    monkeypatch.setitem(events._in_transaction, ReplyGrew, [take_over])
    step_now(turn)
    assert endpoint.cut_off.wait(5)
    monkeypatch.setitem(events._in_transaction, ReplyGrew, [])
    assert drive(turn).state == State.COMPLETED
    assert session.messages.get(author="traveler").text == "A better one."


def test_a_cancel_ends_the_call(session: Session, endpoint: ChatEndpoint, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("consciousness.services.steps.answering.RENEW_SECONDS", 0.0)
    endpoint.scripts = [stream(*["word "] * 2000, pause=0.005)]
    turn = says(session).turn

    def never_mind(_event: ReplyGrew) -> None:
        if turn_of(turn).state == State.RUNNING:
            cancel_turn(session=session.uid, turn=turn, actor=session.user)

    monkeypatch.setitem(events._in_transaction, ReplyGrew, [never_mind])
    assert step_now(turn).state == State.CANCELLED
    assert endpoint.cut_off.wait(5)
    assert replies_in(session) == []
    assert len(endpoint.requests) == 1


BROKEN = [Script([piece("Half of an ans")], hang_up=True), refusing(500), refusing(429), Script([b"data: {x\n\n"])]


@pytest.mark.parametrize("script", BROKEN)
def test_what_breaks_is_asked_again(session: Session, endpoint: ChatEndpoint, script: Script) -> None:
    endpoint.scripts = [script, script, stream("At last.")]
    turn = says(session).turn
    for attempt in (1, 2):
        waiting = step_now(turn)
        assert (waiting.state, waiting.attempts) == (State.RUNNING, attempt)
        assert waiting.due_at > now()
    assert drive(turn).state == State.COMPLETED
    assert kinds_of(session).count("turn.started") == 1
    assert session.messages.get(author="traveler").text == "At last."


@pytest.mark.parametrize(
    ("script", "code"),
    [
        (refusing(401), "provider_refused"),
        (refusing(402), "provider_refused"),
        (refusing(400), "message_refused"),
        (stream(" "), "provider_failed"),
    ],
)
def test_refusals_end_the_turn(session: Session, endpoint: ChatEndpoint, script: Script, code: str) -> None:
    endpoint.scripts = [script]
    assert step_now(says(session).turn).failure == code
    assert len(endpoint.requests) == 1


def test_it_is_tried_only_so_often(session: Session, endpoint: ChatEndpoint) -> None:
    endpoint.scripts = [refusing(503)]
    turn = drive(says(session).turn)
    assert (turn.state, turn.failure) == (State.FAILED, "provider_unavailable")
    assert len(endpoint.requests) == MAX_ATTEMPTS


def test_nothing_leaves_without_consent(session: Session, endpoint: ChatEndpoint) -> None:
    turn = says(session).turn
    withdraw_consent(user=session.user, purpose="ai_provider")
    assert step_now(turn).failure == "consent_required"
    assert endpoint.requests == []


def test_a_lease_can_be_renewed_only_by_its_holder(session: Session, endpoint: ChatEndpoint) -> None:
    turn = says(session).turn
    lease = claim(turn)
    assert lease is not None
    lease.renew(60)
    assert not Turn.objects.filter(uid=turn, lease_until__lt=now() + timedelta(seconds=50)).exists()
    Turn.objects.filter(uid=turn).update(lease_holder=uuid4())
    with pytest.raises(LeaseLost):
        lease.renew(60)


# In a chain ----------------------------------------------------------------------------------------------


@pytest.fixture
def chain(manus: SimulatorServer, endpoint: ChatEndpoint, settings: Settings) -> ChatEndpoint:
    """Manus first, then the model, then the rehearsal mentor."""
    settings.ENGINE_CHAIN = ["manus", "openai", "rehearsal"]
    return endpoint


def test_the_next_engine_takes_over_for_good(session: Session, chain: ChatEndpoint, manus: SimulatorServer) -> None:
    manus.arm("task.create", "402")
    turn = says(session).turn
    step_now(turn)
    assert drive(turn).state == State.COMPLETED
    assert replies_in(session) == [WHOLE]
    all_is_well(manus)
    assert drive(says(session, "And then?").turn).state == State.COMPLETED
    assert replies_in(session) == [WHOLE, ("manus", False, True)]


def test_a_stand_in_behind_two_that_fail(session: Session, chain: ChatEndpoint, manus: SimulatorServer) -> None:
    manus.arm("task.create", "401", times=None)
    chain.scripts = [refusing(401), stream("Here I am.")]
    turn = says(session).turn
    drive(turn, until=(State.QUEUED,))
    while not turn_of(turn).answered_at:
        step_now(turn)
    assert replies_in(session) == [("rehearsal", True, True)]
    assert drive(turn).state == State.COMPLETED
    assert replies_in(session) == [("rehearsal", True, False), WHOLE]
    assert kinds_of(session).count("turn.completed") == 2


def test_an_endpoint_elsewhere_is_asked_only_if_the_consent_names_it(
    session: Session, manus: SimulatorServer, settings: Settings
) -> None:
    settings.OPENAI = {"base_url": "https://api.example.org/v1", "model": "m", "provider": "Example"}
    settings.ENGINE_CHAIN = ["openai", "manus"]
    engines.cache_clear()
    try:
        assert drive(says(session).turn).state == State.COMPLETED
    finally:
        engines.cache_clear()
    assert replies_in(session) == [("manus", False, True)]
    assert set(EgressRecord.objects.values_list("recipient", flat=True)) == {"Manus"}


def test_it_is_left_alone_when_it_is_not_due(session: Session, endpoint: ChatEndpoint) -> None:
    turn = says(session).turn
    Turn.objects.update(due_at=now() + timedelta(seconds=5))
    step(turn)
    assert endpoint.requests == []
