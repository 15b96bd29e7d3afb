"""A bare client of the simulator: what goes over the wire, without any of our client's care."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import requests

from mentors.manus.simulator.clock import Clock
from mentors.manus.simulator.server import SimulatorServer
from tests.mentors.manus.conftest import KEY, StartSimulator

THINK = 2.0
BAD_ANSWER = (requests.RequestException, ValueError)


@dataclass(frozen=True)
class Wire:
    """Calls a simulator; its clock stands still until `pass_time`."""

    server: SimulatorServer
    key: str = KEY
    patience: float = 20.0

    def get(self, endpoint: str, **query: object) -> requests.Response:
        headers = {"x-manus-api-key": self.key}
        url = f"{self.server.url}/v2/{endpoint}"
        return requests.get(url, params=_text(query), headers=headers, timeout=self.patience)

    def post(self, endpoint: str, body: object, **headers: str) -> requests.Response:
        sent = {"x-manus-api-key": self.key, **headers}
        return requests.post(f"{self.server.url}/v2/{endpoint}", json=body, headers=sent, timeout=self.patience)

    def impatient(self) -> Wire:
        """The same, but it waits a third of a second only."""
        return replace(self, patience=0.3)

    def control(self, path: str, body: object = None) -> requests.Response:
        """A control endpoint: asked when there is no body, else told."""
        url = f"{self.server.url}/_simulator/{path}"
        return requests.get(url, timeout=20) if body is None else requests.post(url, json=body, timeout=20)

    def create(self, words: str = "How do I learn SQL?", **more: object) -> str:
        """Start a task; returns its id."""
        answer = self.post("task.create", {"message": {"content": words}, **more})
        assert answer.status_code == 200, answer.text
        task_id: str = answer.json()["task_id"]
        return task_id

    def replied(self, words: str = "How do I learn SQL?", **more: object) -> str:
        """Start a task and let its first turn end; returns its id."""
        task_id = self.create(words, **more)
        self.pass_time(THINK)
        return task_id

    def say(self, task_id: str, words: str = "And then?", **more: object) -> requests.Response:
        return self.post("task.sendMessage", {"task_id": task_id, "message": {"content": words}, **more})

    def events(self, task_id: str, **query: object) -> list[dict[str, Any]]:
        """All events, oldest first."""
        answer = self.get("task.listMessages", task_id=task_id, limit=200, order="asc", **query)
        found: list[dict[str, Any]] = answer.json()["messages"]
        return found

    def of_type(self, task_id: str, kind: str) -> list[dict[str, Any]]:
        """The payloads of events of one type."""
        return [event[kind] for event in self.events(task_id) if event["type"] == kind]

    def status(self, task_id: str) -> str:
        status: str = self.get("task.detail", task_id=task_id).json()["task"]["status"]
        return status

    def credits(self) -> int:
        left: int = self.get("usage.availableCredits").json()["data"]["total_credits"]
        return left

    def tasks(self) -> int:
        return len(self.get("task.list", limit=100).json()["data"])

    def pass_time(self, seconds: float) -> None:
        self.server.advance(seconds)


def still(start_simulator: StartSimulator, **settings: Any) -> Wire:
    """A simulator whose clock stands still, and a bare client of it."""
    return Wire(start_simulator(clock=Clock(speed=0), **{"think_seconds": THINK, **settings}))


def _text(query: dict[str, object]) -> dict[str, str]:
    return {name: str(value).lower() if isinstance(value, bool) else str(value) for name, value in query.items()}
