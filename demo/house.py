"""Where the journey goes: a server that runs already, or one that is started for it and stopped afterwards."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from demo.phone import Failed
from timetravelers.runtime.state import RuntimeState, read_state

PROJECT = Path(__file__).resolve().parent.parent
START_SECONDS = 120.0
STOP_SECONDS = 40.0
LAST_LINES = 15


class StartedHouse:
    """A `manage.py up` of our own. `log` holds what it printed."""

    def __init__(self, data: Path, environment: Mapping[str, str]) -> None:
        self.data = data
        self.log = data / "up.log"
        data.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, str(PROJECT / "manage.py"), "up", "--port", "0", "--data", str(data)]
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                command,
                cwd=PROJECT,
                env=dict(environment),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # a Ctrl-C here must not stop it before its guests have left
            )

    def until_ready(self) -> RuntimeState:
        """Wait until it serves; raises Failed with its last lines if it does not."""
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            state = read_state(self.data)
            if state is not None and state.ready:
                return state
            if self.process.poll() is not None:
                raise Failed(f"the server did not start:\n{self.last_lines()}")
            time.sleep(0.1)
        raise Failed(f"the server was not ready in {START_SECONDS:.0f} s:\n{self.last_lines()}")

    def last_lines(self) -> str:
        """The end of what it printed."""
        lines = self.log.read_text(encoding="utf-8", errors="replace").splitlines()
        return "\n".join(lines[-LAST_LINES:])

    def stop(self) -> int:
        """Stop it cleanly, by force if need be; returns its exit code. Harmless when it has ended."""
        if self.process.poll() is None:
            self.process.terminate()
            with suppress(subprocess.TimeoutExpired):
                return self.process.wait(timeout=STOP_SECONDS)
            self.process.kill()
        return self.process.wait()


@contextmanager
def some_house(url: str, data: Path) -> Iterator[tuple[str, str]]:
    """The address to go to and a word on whose it is: as given, the one on this data folder, or a new one."""
    running = None if url else read_state(data)
    if url:
        yield url, "as you asked"
    elif running is not None and running.ready:
        yield running.web_url, f"running on {data}"
    else:
        with tempfile.TemporaryDirectory(prefix="timetravelers-demo-", ignore_cleanup_errors=True) as scratch:
            house = StartedHouse(Path(scratch) / "data", os.environ)
            try:
                yield house.until_ready().web_url, "started for this journey"
            finally:
                house.stop()
