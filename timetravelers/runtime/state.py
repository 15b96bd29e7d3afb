"""What a running `manage.py up` records about itself, so that commands beside it find the same engines."""

from pathlib import Path

import msgspec

from timetravelers.runtime.files import write_private
from timetravelers.runtime.locks import is_held

STATE_FILE = "runtime.json"
LOCK_FILE = "up.lock"


class ProcessRecord(msgspec.Struct, frozen=True):
    """A process by its id and its start (seconds since the epoch), because ids are used again."""

    pid: int
    started: float


class RuntimeState(msgspec.Struct, frozen=True):
    """Addresses, the environment given to the children (with its secrets), and who is running."""

    supervisor: int
    web_url: str
    simulator_url: str
    environment: dict[str, str]
    processes: dict[str, ProcessRecord] = {}
    ready: bool = False

    @property
    def database_url(self) -> str:
        return self.environment.get("DATABASE_URL", "")

    @property
    def redis_url(self) -> str:
        return self.environment.get("REDIS_URL", "")

    @property
    def pids(self) -> dict[str, int]:
        return {name: record.pid for name, record in self.processes.items()}


def read_state(data_dir: Path) -> RuntimeState | None:
    """The state of the `up` that runs on this folder now; None if none runs, whatever a killed one left."""
    return recorded_state(data_dir) if is_held(data_dir / LOCK_FILE) else None


def recorded_state(data_dir: Path) -> RuntimeState | None:
    """The last state written, whether its writer lives or not; None if missing or unreadable."""
    try:
        return msgspec.json.decode((data_dir / STATE_FILE).read_bytes(), type=RuntimeState)
    except (OSError, msgspec.DecodeError):
        return None


def write_state(data_dir: Path, state: RuntimeState) -> None:
    """Replace the record in one step, readable by its owner only. Raises OSError."""
    write_private(data_dir / STATE_FILE, msgspec.json.format(msgspec.json.encode(state)).decode())


def clear_state(data_dir: Path) -> None:
    """Forget the record; harmless if there is none."""
    (data_dir / STATE_FILE).unlink(missing_ok=True)
