"""Simulators on free ports, clients of them, and a check of every answer against the contract."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import msgspec
import pytest

from mentors.manus.client import ManusClient
from mentors.manus.conversation import Outcome, judge
from mentors.manus.simulator.clock import Clock
from mentors.manus.simulator.exchange import Answer, Request
from mentors.manus.simulator.server import Settings, SimulatorServer
from tests.mentors.manus.contract import answer_problems

KEY = "test-key-0123456789"
THINK_SECONDS = 0.03


@dataclass
class Witness:
    """Sees every answer the simulator gives and remembers what in it is not as documented.

    With `loose_numbers` 64-bit integers may be strings.
    """

    loose_numbers: bool = False
    problems: list[str] = field(default_factory=list)
    seen: set[tuple[str, int]] = field(default_factory=set)

    def __call__(self, endpoint: str, request: Request, answer: Answer) -> None:
        self.seen.add((endpoint, answer.status))
        body: dict[str, Any] = msgspec.json.decode(answer.body)
        found = answer_problems(endpoint, answer.status, body, loose_numbers=self.loose_numbers)
        self.problems += [f"{endpoint} {answer.status}: {one}" for one in found]


StartSimulator = Callable[..., SimulatorServer]


@pytest.fixture
def witness() -> Witness:
    return Witness()


@pytest.fixture
def start_simulator(witness: Witness) -> Iterator[StartSimulator]:
    """Starts simulators; at the end all are stopped, and all they answered must have fitted the contract."""
    started: list[SimulatorServer] = []

    def start(clock: Clock | None = None, **settings: Any) -> SimulatorServer:
        wanted = {"api_keys": [KEY], "think_seconds": THINK_SECONDS, "rate_factor": 0.0, "seed": 7, **settings}
        server = SimulatorServer(Settings(**wanted), observer=witness, clock=clock).start()
        started.append(server)
        return server

    yield start
    for server in started:
        server.stop()
    assert witness.problems == []


@pytest.fixture
def simulator(start_simulator: StartSimulator) -> SimulatorServer:
    return start_simulator()


@pytest.fixture
def client(simulator: SimulatorServer) -> ManusClient:
    return make_client(simulator.url)


def make_client(url: str, key: str = KEY, **settings: Any) -> ManusClient:
    """A client that does not sleep between its attempts."""
    wanted = {"connect_timeout": 10.0, "read_timeout": 10.0, "sleep": lambda _: None, **settings}
    return ManusClient(url, key, **wanted)


def eventually(check: Callable[[], Any], seconds: float = 30.0) -> Any:
    """The first truthy value of `check`; fails when none comes in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if value := check():
            return value
        time.sleep(0.01)
    raise AssertionError("it did not happen in time")


def outcome_of(client: ManusClient, task_id: str, boundary: str | None = None) -> Outcome:
    """The turn after `boundary` once it is over."""

    def ended() -> Outcome | None:
        outcome = judge(client.events_after(task_id, boundary).events, boundary)
        return outcome if outcome.state in ("stopped", "waiting", "error") else None

    found: Outcome = eventually(ended)
    return found
