"""The real `manage.py up` for tests: its own database, its own corner of Valkey, and the means to hurt it."""

import os
import secrets
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar, cast
from urllib.parse import urlsplit, urlunsplit

import psycopg
import redis
import requests
from psycopg import sql

from demo.house import StartedHouse
from mentors.manus.accounts import STATES_SECONDS
from timetravelers.runtime.state import RuntimeState, read_state

T = TypeVar("T")
Json = dict[str, Any]

# What would take minutes in production takes seconds here; nothing else differs.
QUICK = {
    "TURN_LEASE": "3",
    "TURN_POLL": "1",
    "TURN_SETTLE": "2",
    "TURN_PATIENCE": "12",
    "MANUS_READ_TIMEOUT": "3",
    "MANUS_CREATES_PER_MINUTE": "1000",
    "MANUS_SENDS_PER_MINUTE": "1000",
    "SIMULATOR_RATE_LIMITS": "100",
    "SIMULATOR_THINK_SECONDS": "0.3",
}
# Whatever a developer has in `.env` or exported stays out: an empty value counts as none.
NOT_OURS = ("MANUS_API_KEY", "MANUS_BASE_URL", "EMAIL_URL", "PUBLIC_BASE_URL", "TRUSTED_ORIGINS", "DJANGO_SECRET_KEY")
KEPT = ("PATH", "HOME", "LANG", "TMPDIR")


@dataclass(frozen=True)
class Stack:
    """A running house. Addresses do not change while it runs; process ids do."""

    house: StartedHouse
    base_url: str
    simulator_url: str
    database_url: str
    redis_url: str
    redis_prefix: str

    @property
    def state(self) -> RuntimeState:
        """What `up` records about itself now."""
        return eventually(lambda: read_state(self.house.data), "a record of the running house")

    def sql(self, query: str, *parameters: object) -> list[tuple[Any, ...]]:
        """Run a statement on the house's database and return its rows."""
        with psycopg.connect(self.database_url, autocommit=True) as connection:
            cursor = connection.execute(query.encode(), parameters)
            return cursor.fetchall() if cursor.description else []

    def subscriptions(self) -> int:
        """How many channels the web process listens to for its sockets and long polls."""
        with redis.Redis.from_url(self.redis_url) as client:
            return len(client.pubsub_channels(f"{self.redis_prefix}:live:*"))

    def kill(self, child: str, signum: signal.Signals = signal.SIGKILL) -> None:
        """Send a signal to one of the children (web, worker, beat, simulator)."""
        os.kill(self.state.pids[child], signum)

    def until_back(self, child: str, before: int) -> None:
        """Wait until a child runs under another process id than `before`, and answers if it is the simulator."""
        eventually(lambda: self.state.pids.get(child, before) != before, f"a new {child}", seconds=30)
        if child == "simulator":
            self.until_manus_answers()

    def until_manus_answers(self) -> None:
        """Wait until the simulator can be spoken to."""
        eventually(self._manus_answers, "an answer of the simulator", seconds=30)

    def _manus_answers(self) -> bool:
        try:
            self.control("GET", "calls")
        except requests.ConnectionError:
            return False
        return True

    # The simulator ------------------------------------------------------------------------------------

    def make_peace(self) -> None:
        """No faults are armed, and whatever Manus did before is not held against it."""
        self.until_manus_answers()
        self.control("DELETE", "faults")
        with redis.Redis.from_url(self.redis_url) as client:
            breakers = client.scan_iter(match=f"{self.redis_prefix}:manus:breaker:*", count=1000)
            was_open = any(client.hexists(key, "until") for key in breakers if client.type(key) == b"hash")
        self._forget("manus:breaker")
        if was_open:
            # So long a process goes by what it knows of breakers.
            time.sleep(STATES_SECONDS)

    def forgive_phones(self) -> None:
        """Whatever phones have asked for before is not held against them, as far as processes share it."""
        self._forget("limit")
        self._forget("limit-count")
        self._forget("cache:1:allauth")

    def _forget(self, kind: str) -> None:
        with redis.Redis.from_url(self.redis_url) as client:
            for key in client.scan_iter(match=f"{self.redis_prefix}:{kind}:*", count=1000):
                client.delete(key)

    def arm(self, endpoint: str, fault: str, *, times: int | None = 1, seconds: float | None = None) -> None:
        """Add a line to Manus' fault script."""
        self.control("POST", "faults", {"endpoint": endpoint, "fault": fault, "times": times, "seconds": seconds})

    def control(self, method: str, path: str, body: Json | None = None) -> Json:
        """Speak to the simulator's control endpoints."""
        with requests.Session() as http:
            http.trust_env = False
            answer = http.request(method, f"{self.simulator_url}/_simulator/{path}", json=body, timeout=10)
            answer.raise_for_status()
            return cast("Json", answer.json())

    def forget_calls(self) -> None:
        """Start counting at zero."""
        self.control("DELETE", "calls")

    def carried_out(self, endpoint: str) -> int:
        """How many calls Manus carried out, and so charged for, whether or not its answer arrived."""
        calls = self.control("GET", "calls")["calls"]
        return int(calls.get(endpoint, {}).get("executed", 0))

    def until_struck(self) -> None:
        """Wait until all armed faults have happened."""
        eventually(lambda: not self.control("GET", "faults")["faults"], "the end of the fault script", seconds=45.0)


def eventually(check: Callable[[], T | None], what: str, *, seconds: float = 15.0) -> T:
    """The first truthy answer of `check`; fails when none comes in time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := check():
            return found
        time.sleep(0.05)
    raise AssertionError(f"{what} did not come within {seconds:g} s")


@contextmanager
def running_stack(data: Path) -> Iterator[Stack]:
    """Start the house on the test run's engines, and leave nothing of it behind, however it ends."""
    name = f"live_{secrets.token_hex(6)}"
    with _own_database(name) as database_url, _own_corner(name) as redis_url:
        house = StartedHouse(data, _environment(database_url, redis_url, name))
        try:
            state = house.until_ready()
            yield Stack(house, state.web_url, state.simulator_url, database_url, redis_url, name)
        finally:
            house.stop()


def _environment(database_url: str, redis_url: str, prefix: str) -> dict[str, str]:
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    engines = {"DATABASE_URL": database_url, "REDIS_URL": redis_url, "REDIS_PREFIX": prefix}
    return {**kept, **dict.fromkeys(NOT_OURS, ""), **engines, **QUICK}


@contextmanager
def _own_database(name: str) -> Iterator[str]:
    server = os.environ["DATABASE_URL"]
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    try:
        yield urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
    finally:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@contextmanager
def _own_corner(prefix: str) -> Iterator[str]:
    """The test run's Valkey; what the house wrote there under its prefix is removed."""
    address = os.environ["REDIS_URL"]
    try:
        yield address
    finally:
        with redis.Redis.from_url(address) as client:
            keys = list(client.scan_iter(match=f"{prefix}:*", count=1000))
            if keys:
                client.delete(*keys)
