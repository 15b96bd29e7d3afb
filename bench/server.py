"""The web process as `manage.py up` starts it, and load on it."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from django.conf import settings

from bench.load import PATIENCE
from timetravelers.runtime.plan import UpOptions, make_plan
from timetravelers.runtime.ports import free_port
from timetravelers.runtime.probes import http_status
from timetravelers.runtime.processes import Command
from timetravelers.runtime.spawn import spawn, stop

HOST = "127.0.0.1"
# What the bench serves in place of what a plan names.
APPLICATION = {"timetravelers.asgi:application": "bench.asgi:application"}
START_PATIENCE = 60.0  # seconds
LOAD_START_PATIENCE = 30.0  # seconds


class ServerFailed(Exception):
    """The server did not start, or did not answer as it should; says why."""


@dataclass(frozen=True, slots=True)
class Server:
    """A web process that serves."""

    port: int
    log: Path
    pid: int = 0

    def rate(self, request: bytes, *, connections: int, seconds: float) -> float:
        """Answers a second to one request sent over and over; raises ServerFailed unless each is a 200."""
        asked = {
            "host": HOST,
            "port": self.port,
            "request": request.decode("latin-1"),
            "connections": connections,
            "seconds": seconds,
        }
        done = subprocess.run(
            [sys.executable, "-m", "bench.load"],
            input=json.dumps(asked),
            capture_output=True,
            text=True,
            check=False,
            timeout=seconds + 2 * PATIENCE + LOAD_START_PATIENCE,
        )
        if done.returncode != 0:
            raise ServerFailed(f"{done.stderr.strip()}\n{_tail(self.log)}")
        return float(done.stdout)

    def tail(self) -> str:
        """The end of its log."""
        return _tail(self.log)


@contextmanager
def web_processes(number: int) -> Iterator[tuple[Server, ...]]:
    """So many web processes, as above, each on a port of its own."""
    with ExitStack() as stack:
        yield tuple(stack.enter_context(web_process()) for _ in range(number))


@contextmanager
def web_process() -> Iterator[Server]:
    """One web process on a free port, in this process's environment; raises ServerFailed if it does not start."""
    with tempfile.TemporaryDirectory(prefix="timetravelers-bench-") as folder:
        server = Server(port=free_port(HOST), log=Path(folder) / "web.log")
        process = _start(_web_command(server.port, Path(folder)), server.log)
        try:
            _wait(server, process)
            yield replace(server, pid=process.pid)
        finally:
            stop(process, (signal.SIGTERM, 10.0))


def _web_command(port: int, folder: Path) -> Command:
    options = UpOptions(host=HOST, port=port, data_dir=folder, project=settings.BASE_DIR, configured=dict(os.environ))
    engines = {name: os.environ[name] for name in ("DATABASE_URL", "REDIS_URL")}
    command = next(command for command in make_plan(options, engines).commands if command.name == "web")
    return replace(command, argv=tuple(APPLICATION.get(word, word) for word in command.argv))


def stop_load(process: subprocess.Popen[str]) -> None:
    """End a load process that obeys its standard input: it has nothing to lose."""
    process.kill()
    process.communicate()


def _start(command: Command, log: Path) -> subprocess.Popen[bytes]:
    with log.open("wb") as output:
        return spawn(
            command.argv,
            env=command.env,
            output=output.fileno(),
            on_parent_death=signal.SIGKILL,
            cwd=command.cwd,
        )


def _wait(server: Server, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_PATIENCE
    while http_status(HOST, server.port, "/healthz/live")[0] != 200:
        if process.poll() is not None or time.monotonic() > deadline:
            raise ServerFailed(f"The web process does not serve.\n{_tail(server.log)}")
        time.sleep(0.1)


def _tail(log: Path) -> str:
    return log.read_text(encoding="utf-8", errors="replace")[-3000:]
