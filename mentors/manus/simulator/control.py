"""The control endpoints under `/_simulator/`: fault scripts in, counts out; for this machine only."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from mentors.manus.simulator.calls import CallLog
from mentors.manus.simulator.exchange import Answer, Request, error_answer, json_answer
from mentors.manus.simulator.faults import FaultScript, read_faults
from mentors.manus.simulator.routes import World

PREFIX = "/_simulator/"


class Control:
    """Answers control requests; anybody but loopback is told that there is nothing here."""

    def __init__(self, world: World, faults: FaultScript, calls: CallLog) -> None:
        self._world = world
        self._faults = faults
        self._calls = calls
        self._routes: dict[tuple[str, str], Callable[[Request], Answer]] = {
            ("GET", "health"): lambda _: json_answer(200, {"ok": True, "simulator": True}),
            ("GET", "faults"): lambda _: self._show_faults(),
            ("POST", "faults"): self._arm,
            ("DELETE", "faults"): lambda _: self._clear(),
            ("GET", "calls"): lambda _: self._show_calls(),
            ("DELETE", "calls"): lambda _: self._reset_calls(),
        }

    def answer(self, request: Request) -> Answer:
        route = self._routes.get((request.method, request.path.removeprefix(PREFIX)))
        if route is None or not request.from_loopback:
            return error_answer(404, "not_found", "no such control endpoint", "req_control")
        return route(request)

    def _show_faults(self) -> Answer:
        return json_answer(200, {"ok": True, "faults": self._faults.remaining()})

    def _arm(self, request: Request) -> Answer:
        try:
            wanted = list(read_faults(request.body))
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            return error_answer(400, "invalid_argument", str(error), "req_control")
        for fault in wanted:
            self._faults.arm(fault)
        return self._show_faults()

    def _clear(self) -> Answer:
        self._faults.clear()
        return self._show_faults()

    def _reset_calls(self) -> Answer:
        self._calls.reset()
        return self._show_calls()

    def _show_calls(self) -> Answer:
        memory = self._world.memory
        with memory.lock:
            tasks = [task for account in memory.accounts.values() for task in account.tasks.values()]
            turns = sum(len(task.spoken) + len(task.unanswered) for task in tasks)
            replies = sum(1 for task in tasks for event in task.events if event["type"] == "assistant_message")
        counts = {"tasks": len(tasks), "user_messages": turns, "replies": replies}
        summary = {"ok": True, "calls": self._calls.summary(), **counts}
        return json_answer(200, {**summary, "deliveries": self._world.courier.deliveries()})
