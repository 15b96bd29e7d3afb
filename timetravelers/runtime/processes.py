"""One supervised child: how to start it, its output line by line, and when to start it again."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from timetravelers.runtime.errors import StartError
from timetravelers.runtime.spawn import kill_session, spawn

_CHUNK = 65_536
_LONGEST_LINE = 65_536


@dataclass(frozen=True, slots=True)
class Command:
    """A child to keep running. Those with a smaller `stop_rank` stop first; `grace` is in seconds."""

    name: str
    argv: tuple[str, ...]
    env: Mapping[str, str] = field(repr=False)
    stop_rank: int = 0
    grace: float = 10.0
    cwd: Path | None = None


@dataclass(frozen=True, slots=True)
class Backoff:
    """How patient to be with a child that dies: seconds it must live to count as started, tries, delays."""

    healthy_after: float = 5.0
    tries: int = 5
    first_delay: float = 0.2
    longest_delay: float = 5.0

    def delay(self, failures: int) -> float:
        """Seconds to wait before the next start after that many early deaths in a row; never decreases."""
        doublings = min(max(failures - 1, 0), 30)
        return min(self.first_delay * 2.0**doublings, self.longest_delay)


class Child:
    """A process that comes back when it dies, within the bounds of a Backoff."""

    def __init__(self, command: Command, backoff: Backoff, relay: Callable[[str, str], None]) -> None:
        self.command = command
        self._backoff = backoff
        self._relay = relay
        self._process: subprocess.Popen[bytes] | None = None
        self._output: int | None = None
        self._partial = b""
        self._started = 0.0
        self._failures = 0
        self._due = 0.0

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    @property
    def output(self) -> int | None:
        """The descriptor to watch for output; None between two lives."""
        return self._output

    def start_if_due(self) -> bool:
        """Start it unless it runs or its delay has not passed; says whether it did. Raises StartError."""
        if self._process is not None or time.monotonic() < self._due:
            return False
        reading, writing = os.pipe()
        os.set_blocking(reading, False)
        try:
            self._process = spawn(
                self.command.argv,
                env=self.command.env,
                output=writing,
                on_parent_death=signal.SIGKILL,
                cwd=self.command.cwd,
            )
        except OSError as problem:
            os.close(reading)
            raise StartError(f"{self.command.name} cannot be started: {problem}.") from problem
        finally:
            os.close(writing)
        self._output, self._started = reading, time.monotonic()
        return True

    @property
    def has_ended(self) -> bool:
        """Whether it ended and has not been reaped."""
        return self._process is not None and self._process.poll() is not None

    def relay_output(self) -> bool:
        """Pass on the lines that have come; whether more can. A last line without an end waits for reap()."""
        if self._output is None:
            return False
        with contextlib.suppress(BlockingIOError):
            while chunk := os.read(self._output, _CHUNK):
                self._split(self._partial + chunk)
            return False
        return True

    def reap(self) -> int:
        """Wait for its end, pass on its last words and return its exit code; it must have been started."""
        if self._process is None:
            raise ValueError(f"{self.command.name} was not started")
        code = self._process.wait()
        self._forget()
        return code

    def plan_restart(self, code: int) -> float:
        """After an unwanted end: the seconds until it starts again. Raises StartError when it is hopeless."""
        lived = time.monotonic() - self._started
        self._failures = self._failures + 1 if lived < self._backoff.healthy_after else 1
        if self._failures > self._backoff.tries:
            raise StartError(
                f"{self.command.name} keeps failing ({describe(code)}, {self._failures} times in a row);"
                " its last lines above say why."
            )
        delay = self._backoff.delay(self._failures)
        self._due = time.monotonic() + delay
        return delay

    def ask_to_stop(self) -> None:
        """Send SIGTERM if it runs."""
        if self._process is not None:
            self._process.terminate()

    def kill(self) -> None:
        """End it and what it started by force; returns once it is gone."""
        if self._process is not None:
            kill_session(self._process)
            self._forget()

    def _forget(self) -> None:
        self.relay_output()
        if self._partial:
            self._relay(self.command.name, _text(self._partial))
        if self._output is not None:
            os.close(self._output)
        self._process, self._output, self._partial = None, None, b""

    def _split(self, data: bytes) -> None:
        *lines, rest = data.split(b"\n")
        for line in lines:
            self._relay(self.command.name, _text(line))
        if len(rest) > _LONGEST_LINE:
            self._relay(self.command.name, _text(rest))
            rest = b""
        self._partial = rest


def describe(code: int) -> str:
    """An exit code in words: `exit 3` or `killed by SIGKILL`."""
    if code >= 0:
        return f"exit {code}"
    try:
        return f"killed by {signal.Signals(-code).name}"
    except ValueError:
        return f"killed by signal {-code}"


def _text(line: bytes) -> str:
    return line.decode(errors="replace").rstrip("\r")
