"""A Manus for each worker, behaving again after each test, and a session to talk in."""

from collections.abc import Iterator

import pytest
from pytest_django.fixtures import Settings

from accounts.models import User
from consciousness.models import Session
from mentors.manus import engine
from mentors.manus.simulator.server import Settings as SimulatorSettings
from mentors.manus.simulator.server import SimulatorServer
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
    engine.client.cache_clear()


def point_at(url: str, settings: Settings) -> None:
    """Make `url` the provider's address."""
    settings.MANUS_BASE_URL, settings.MANUS_API_KEY, settings.MANUS_READ_TIMEOUT = url, KEY, 1.0
    settings.MANUS_PER_MINUTE = {"task.create": 1000, "task.sendMessage": 1000}
    engine.client.cache_clear()


@pytest.fixture
def session(alice: User) -> Session:
    """Alice's open session; she allows the AI provider."""
    give_consent(alice)
    return make_session(alice, goal="Find my first data role.")
