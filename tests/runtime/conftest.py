"""Programs that tests of the runtime start, watched from outside as a person or a script would."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TypeVar

import psutil
import pytest

from tests.runtime.house import WEB, WORKER
from timetravelers.runtime.state import RuntimeState, read_state

PROJECT = Path(__file__).resolve().parents[2]
PATIENCE = 60.0
T = TypeVar("T")


def eventually(question: Callable[[], T], what: str = "it") -> T:
    """The first true answer; fails after PATIENCE seconds."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if answer := question():
            return answer
        time.sleep(0.02)
    pytest.fail(f"waited {PATIENCE:.0f} s for {what}")


class House:
    """One `up` in a process of its own."""

    def __init__(self, folder: Path, scenario: Mapping[str, object]) -> None:
        self.data = Path(str(scenario["data"]))
        self._log = folder / f"house-{time.monotonic_ns()}.log"
        file = folder / "scenario.json"
        file.write_text(json.dumps(scenario))
        with self._log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tests.runtime.house", str(file)],
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=PROJECT,
            )

    @property
    def output(self) -> str:
        return self._log.read_text()

    @property
    def lines(self) -> list[str]:
        return [line for line in self.output.splitlines() if line]

    def state(self) -> RuntimeState:
        state = read_state(self.data)
        assert state is not None, self.output
        return state

    def until_ready(self) -> RuntimeState:
        eventually(lambda: "is up" in self.output or self.process.poll() is not None, "readiness")
        assert self.process.poll() is None, self.output
        return self.state()

    def end(self, *signals: signal.Signals) -> int:
        for signum in signals:
            self.process.send_signal(signum)
            time.sleep(0.1)
        return self.process.wait(PATIENCE)

    def family(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children(recursive=True)


StartHouse = Callable[..., House]


@pytest.fixture
def folder() -> Iterator[Path]:
    """A scratch folder that every account can reach; root's pytest folders are closed to the engines' account."""
    with tempfile.TemporaryDirectory(prefix="timetravelers-test-", ignore_cleanup_errors=True) as made:
        Path(made).chmod(0o711)
        yield Path(made)


@pytest.fixture
def start_house(folder: Path) -> Iterator[StartHouse]:
    """Start a house; engines are the test run's own unless `configured` is given."""
    houses: list[House] = []
    shared = {name: os.environ[name] for name in ("DATABASE_URL", "REDIS_URL")}

    def start(
        *,
        data: Path | None = None,
        port: int = 0,
        children: Mapping[str, str] | None = None,
        configured: Mapping[str, str] = shared,
        steps: Mapping[str, str] | None = None,
    ) -> House:
        project = folder / "project"
        project.mkdir(exist_ok=True)
        steps = steps or {}
        (project / "manage.py").write_text(f"import sys\nexec({dict(steps)!r}[sys.argv[1]])\n")
        scenario = {
            "data": str(data or folder / "data"),
            "port": port,
            "children": {"web": WEB, "worker": WORKER} if children is None else children,
            "configured": configured,
            "steps": steps,
            "project": str(project),
        }
        houses.append(House(folder, scenario))
        return houses[-1]

    yield start
    for house in houses:
        _kill(house)


OWN_ENGINES = {"DATABASE_URL": "", "REDIS_URL": ""}


def gone(processes: list[psutil.Process]) -> bool:
    return not any(process.is_running() and process.status() != psutil.STATUS_ZOMBIE for process in processes)


def _kill(house: House) -> None:
    with contextlib.suppress(psutil.Error):
        for process in [*house.family(), psutil.Process(house.process.pid)]:
            with contextlib.suppress(psutil.Error):
                process.kill()
    house.process.wait(PATIENCE)
