"""A Manus for each worker, behaving again after each test, and a session to talk in."""

from collections.abc import Iterator

import pytest
from pytest_django.fixtures import Settings

from accounts.models import User
from consciousness.models import Session
from mentors.manus import accounts, windows
from mentors.manus.simulator.server import Settings as SimulatorSettings
from mentors.manus.simulator.server import SimulatorServer
from tests.consciousness.faults import World
from tests.factories.accounts import give_consent
from tests.factories.sessions import make_session

KEY = "a-key-of-the-simulator"


@pytest.fixture(scope="session")
def _simulator() -> Iterator[SimulatorServer]:
    with SimulatorServer(SimulatorSettings(api_keys=[KEY], think_seconds=0.02, rate_factor=0.0, seed=7)) as server:
        yield server


@pytest.fixture
def manus(_simulator: SimulatorServer, settings: Settings) -> Iterator[SimulatorServer]:
    """Manus as the services see it: over HTTP, quick to answer, without limits of its own."""
    _simulator.faults.clear()
    _simulator.calls.reset()
    point_at(_simulator.url, settings)
    yield _simulator
    _simulator.faults.clear()


def point_at(url: str, settings: Settings) -> None:
    """Make `url` the provider's address; nobody else answers."""
    settings.MANUS_BASE_URL, settings.MANUS_API_KEY, settings.MANUS_READ_TIMEOUT = url, KEY, 1.0
    settings.MANUS_PER_MINUTE = dict.fromkeys(windows.DOCUMENTED, 1000)
    settings.ENGINE_CHAIN = ["manus"]
    accounts.forget()


@pytest.fixture
def session(alice: User) -> Session:
    """Alice's open session; she allows the AI provider."""
    give_consent(alice)
    return make_session(alice, goal="Find my first data role.")


@pytest.fixture
def world(session: Session, settings: Settings) -> Iterator[World]:
    """A Manus of its own, since faults may change it for good; behind it stands the rehearsal mentor."""
    wanted = SimulatorSettings(api_keys=[KEY], think_seconds=0.02, rate_factor=0.0, seed=7)
    with SimulatorServer(wanted) as manus:
        point_at(manus.url, settings)
        settings.MANUS_READ_TIMEOUT = 0.5
        settings.ENGINE_CHAIN = ["manus", "rehearsal"]
        yield World(session, manus)
