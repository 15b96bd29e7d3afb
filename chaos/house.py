"""The house in miniature: two web processes, worker, beat and simulator, kept alive however often they are killed."""

import asyncio
import os
import signal
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from chaos.environment import HOST
from chaos.http import ask
from timetravelers.runtime.console import Console
from timetravelers.runtime.plan import UpOptions, make_plan
from timetravelers.runtime.ports import free_port
from timetravelers.runtime.processes import Backoff, Command
from timetravelers.runtime.supervisor import Supervisor

PROJECT = Path(__file__).resolve().parent.parent
START_SECONDS = 120.0
BEAT_SECONDS = 0.1
# Being killed again and again is what they are here for.
STUBBORN = Backoff(healthy_after=0.0, tries=1_000_000, first_delay=0.1, longest_delay=0.1)


class NotReady(Exception):
    """The house does not serve."""


class House:
    """Start it from the main thread; `keep` has to run for as long as it stands."""

    def __init__(self, environment: Mapping[str, str], folder: Path) -> None:
        ports = urlsplit(environment["PUBLIC_BASE_URL"]).port or 0, free_port(HOST)
        options = UpOptions(HOST, ports[0], folder / "data", PROJECT, environment)
        options.data_dir.mkdir()
        engines = {name: environment[name] for name in ("DATABASE_URL", "REDIS_URL")}
        plan = make_plan(options, engines)
        commands = (*plan.commands, _second_door(plan.commands, ports))
        self.environment = plan.environment
        self.doors = tuple((HOST, port) for port in ports)
        self.simulator = (HOST, int(plan.simulator_url.rpartition(":")[2]))
        self._log = (folder / "house.log").open("w", encoding="utf-8")
        self._supervisor = Supervisor(commands, Console(self._log), backoff=STUBBORN)

    async def keep(self) -> None:
        """Start whatever does not run, for ever."""
        while True:
            self._supervisor.step(0)
            await asyncio.sleep(BEAT_SECONDS)

    async def until_ready(self) -> None:
        """Wait until both doors say that all is well; raises NotReady with the end of the log."""
        deadline = time.monotonic() + START_SECONDS
        for door in self.doors:
            while await self._status(door, "/healthz/ready") != 200:
                if time.monotonic() > deadline:
                    raise NotReady(self.last_lines())
                await asyncio.sleep(0.2)

    async def until_served(self) -> None:
        """Wait until both doors open."""
        for door in self.doors:
            while await self._status(door, "/healthz/live") != 200:
                await asyncio.sleep(0.2)

    async def _status(self, door: tuple[str, int], path: str) -> int:
        try:
            return (await ask(door, "GET", path, seconds=5)).status
        except OSError:
            return 0

    def kill(self, name: str) -> bool:
        """SIGKILL; says whether there was somebody to kill."""
        pid = self._supervisor.pids.get(name)
        if pid is not None:
            os.kill(pid, signal.SIGKILL)
        return pid is not None

    async def arm(self, faults: list[dict[str, Any]]) -> None:
        """Add lines to the simulator's fault script."""
        await ask(self.simulator, "POST", "/_simulator/faults", body=faults)

    def last_lines(self, number: int = 30) -> str:
        """The end of what its processes printed."""
        lines = Path(self._log.name).read_text(encoding="utf-8", errors="replace").splitlines()
        return "\n".join(lines[-number:])

    def stop(self) -> None:
        """End everything, at once: there is nothing to save."""
        self._supervisor.stop(impatient=lambda: True)
        self._log.close()


def _second_door(commands: tuple[Command, ...], ports: tuple[int, int]) -> Command:
    """The same web process on another port."""
    web = next(command for command in commands if command.name == "web")
    argv = tuple(str(ports[1]) if word == str(ports[0]) else word for word in web.argv)
    return replace(web, name="web2", argv=argv)
