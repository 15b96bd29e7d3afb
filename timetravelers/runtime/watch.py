"""The long part of `manage.py up`: children and engines kept alive, and their record kept true."""

import contextlib
import time
from collections.abc import Callable

import msgspec

from timetravelers.runtime.console import Console
from timetravelers.runtime.engines import Engines
from timetravelers.runtime.errors import StartError
from timetravelers.runtime.orphans import record_of
from timetravelers.runtime.plan import Plan, UpOptions
from timetravelers.runtime.probes import http_status
from timetravelers.runtime.state import ProcessRecord, RuntimeState, write_state
from timetravelers.runtime.supervisor import Supervisor

_READY_PATIENCE = 90.0  # seconds
_BETWEEN_LOOKS = 1.0  # seconds between two looks at the engines
_READY = (200, "/healthz/ready")


class Watch:
    """Owns the supervisor and what `runtime.json` says about the running children."""

    def __init__(self, options: UpOptions, plan: Plan, engines: Engines, console: Console, state: RuntimeState) -> None:
        self._options = options
        self._engines = engines
        self._console = console
        self._state = state
        self._next_look = 0.0
        self._supervisor = Supervisor(plan.commands, console, changed=self._record_children)

    def until_ready(self) -> None:
        """Start the children and return once the web process says that all is well. Raises StartError."""
        status, path = _READY
        deadline = time.monotonic() + _READY_PATIENCE
        answer, body = 0, ""
        while answer != status:
            if time.monotonic() > deadline:
                raise StartError(f"Not ready after {_READY_PATIENCE:.0f} s: {path} answers {answer} {_short(body)}")
            self._round()
            answer, body = http_status(self._options.web_host, self._options.port, path)
        self._record(msgspec.structs.replace(self._state, ready=True))

    def forever(self) -> None:
        """Keep everything running until an exception ends it; StartError when something is hopeless."""
        while True:
            self._round()

    def stop(self, impatient: Callable[[], bool]) -> None:
        """Stop the children in order; the engines are their starter's to stop."""
        self._console.say("stopping")
        self._supervisor.stop(impatient)

    def _round(self) -> None:
        self._supervisor.step()
        if time.monotonic() >= self._next_look:
            self._next_look = time.monotonic() + _BETWEEN_LOOKS
            if (name := self._engines.heal()) is not None:
                self._console.say(f"{name} had died; it runs again")

    def _record_children(self, pids: dict[str, int]) -> None:
        processes: dict[str, ProcessRecord] = {}
        for name, pid in pids.items():
            if (record := record_of(pid)) is not None:
                processes[name] = record
        self._record(msgspec.structs.replace(self._state, processes=processes))

    def _record(self, state: RuntimeState) -> None:
        self._state = state
        with contextlib.suppress(OSError):  # a full disk must not take down what still runs
            write_state(self._options.data_dir, state)


def _short(body: str) -> str:
    return " ".join(body.split())[:200]
