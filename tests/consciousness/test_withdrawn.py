"""Consent that is withdrawn: the next call sends none of it, queued ones included; a spy on the socket counts bytes."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from typing import Any
from uuid import UUID

import pytest
from django.db.models import F
from pytest_django.fixtures import Settings

from accounts.models import Consent, Profile
from accounts.services import withdraw_consent
from consciousness.asking import hints_of
from consciousness.models import Message, Reflection, Session
from consciousness.services.messages import say
from consciousness.services.passages import read_ended_turns
from consciousness.services.steps import sending
from mentors.engines.chain import engines
from mentors.manus.simulator.server import SimulatorServer
from mentors.models import EgressRecord, ProviderCall
from mentors.services.scheduling import pump
from tests.consciousness.conftest import point_at
from tests.consciousness.driving import State, carried_out, drive, says, step_now, turn_of
from tests.consciousness.faults import World
from tests.consciousness.reflecting_steps import ended, reach
from tests.consciousness.test_context import hear, remember
from tests.factories.files import make_file
from tests.factories.sessions import make_session
from tests.http_servers import running


class Spy(BaseHTTPRequestHandler):
    """Whatever comes in is counted, and answered with nothing of use."""

    heard: list[bytes]

    def handle_one_request(self) -> None:
        self.raw_requestline = self.rfile.readline(65_537)
        self.heard.append(self.raw_requestline)
        self.close_connection = True


@pytest.fixture
def spy(settings: Settings) -> Iterator[list[bytes]]:
    """In place of every provider; what it has heard."""
    heard: list[bytes] = []
    with running(type("HearingSpy", (Spy,), {"heard": heard})) as url:
        point_at(url, settings)
        settings.OPENAI = {"base_url": url, "api_key": "", "model": "m", "provider": "", "read_timeout": 0.5}
        engines.cache_clear()
        yield heard
    engines.cache_clear()


def withdraw(session: Session) -> None:
    withdraw_consent(user=session.user, purpose=Consent.Purpose.AI_PROVIDER)


@pytest.mark.parametrize("chain", [["manus"], ["openai"], ["manus", "openai"]])
def test_a_queued_turn_sends_nothing(chain: list[str], session: Session, spy: list[bytes], settings: Settings) -> None:
    Session.objects.filter(pk=session.pk).update(engine_chain=chain)
    remember(session.user, "To lead a team.")
    first, second = says(session, "I am anxious.").turn, says(session, "Very much so.").turn
    withdraw(session)
    for turn in (first, second):
        assert drive(turn).state == State.FAILED
        assert turn_of(turn).failure == "consent_required"
    assert spy == []
    assert not EgressRecord.objects.exists()


def everything_waits(session: Session) -> tuple[UUID, Reflection]:
    """All that a call could tell, and calls that wait: a turn with a file, and a look back at an older session."""
    Profile.objects.update_or_create(user=session.user, defaults={"weekly_hours": 6, "goal_horizon_months": 12})
    remember(session.user, "To lead a team.")
    earlier = make_session(session.user, session.traveler, goal="To be less anxious.")
    for one in (session, earlier):
        hear(one, 3)
    Message.objects.filter(session=earlier, author="user").update(seq=F("pk"))
    read_ended_turns()
    reflection = ended(earlier)
    file = make_file(session.user, text="I have been anxious since May.")
    words = "What did I write about gardening?"
    said = say(session=session.uid, actor=session.user, text=words, client_id="now", files=[file.uid])
    return said.turn, reflection


@pytest.mark.parametrize("chain", [["manus"], ["openai"], ["manus", "openai"]])
def test_of_profile_memories_files_history_and_what_is_recalled_nothing_is_sent(
    chain: list[str], session: Session, spy: list[bytes], settings: Settings
) -> None:
    settings.ENGINE_CHAIN = chain
    Session.objects.filter(pk=session.pk).update(engine_chain=chain)
    turn, reflection = everything_waits(session)
    Session.objects.update(engine_chain=chain)
    withdraw(session)
    assert drive(turn).state == State.FAILED
    assert reach(reflection, "skipped").reason == "no_consent"
    assert spy == []
    assert not EgressRecord.objects.exists()


def test_all_of_that_would_be_sent_with_consent(session: Session, manus: SimulatorServer) -> None:
    """What the test above would hear if there were anything to hear."""
    turn, reflection = everything_waits(session)
    assert drive(turn, seconds=60).state == State.COMPLETED
    assert reach(reflection, seconds=60).state == "done"
    heard = "\n".join(World(session, manus).taken())
    for words in ("Hours a week: 6", "To lead a team.", "anxious since May", "pages about gardening", "look back on"):
        assert words in heard, words
    assert carried_out(manus, "file.upload") == 1
    sent = EgressRecord.objects.values_list("endpoint", flat=True)
    assert sorted(sent) == ["file.upload", "task.create", "task.create"]


def test_a_call_that_was_admitted_sends_nothing(session: Session, spy: list[bytes]) -> None:
    turn = says(session, "I am anxious.").turn
    pump()
    assert ProviderCall.objects.get(subject=turn).state == "admitted"
    withdraw(session)
    assert step_now(turn).state == State.FAILED
    assert spy == []


def test_withdrawn_while_the_words_are_packed_it_sends_nothing(
    session: Session, spy: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Seen as live when the step begins, gone when what is told is read: what counts is the latter."""
    turn = says(session, "I am anxious.").turn

    def late(told: Any) -> Any:
        withdraw(session)
        return hints_of(told)

    monkeypatch.setattr(sending, "hints_of", late)
    assert drive(turn).state == State.FAILED
    assert spy == []


def test_the_spy_would_hear_it(session: Session, spy: list[bytes]) -> None:
    step_now(says(session, "I am anxious.").turn)
    assert spy


def test_a_conversation_that_goes_on_sends_no_more(session: Session, manus: SimulatorServer) -> None:
    drive(says(session, "I am anxious.").turn)
    before = manus.calls.summary()
    turn = says(session, "Very much so.").turn
    withdraw(session)
    assert drive(turn).state == State.FAILED
    assert manus.calls.summary() == before
