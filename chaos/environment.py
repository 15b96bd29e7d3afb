"""Where chaos rules: a database and a Valkey of its own, and times that are shortened, all gone afterwards."""

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.environment import fresh_database
from timetravelers.runtime.ports import free_port
from timetravelers.runtime.valkey import Valkey

# What takes minutes in production takes seconds here; nothing else differs.
QUICK = {
    "TURN_LEASE": "3",
    "TURN_POLL": "1",
    "TURN_SETTLE": "2",
    "TURN_PATIENCE": "15",
    "ENGINE_ETA_LIMIT": "30",
    "REAL_REPLY": "5",
    "MANUS_READ_TIMEOUT": "3",
    "CREDITS_PER_DAY": "1000000000",
    "CREDITS_PER_USER_DAY": "1000000000",
    "CREDITS_PER_SESSION": "1000000000",
    "SIMULATOR_RATE_LIMITS": "off",
    "SIMULATOR_THINK_SECONDS": "0.2",
}
HOST = "127.0.0.1"
KEPT = ("PATH", "HOME", "LANG", "TMPDIR", "PYTHONPATH")


@dataclass(frozen=True, slots=True)
class Ground:
    """What the house stands on; `environment` is for this process and for its children."""

    environment: Mapping[str, str]
    valkey: Valkey
    folder: Path


@contextmanager
def ground(surroundings: Mapping[str, str]) -> Iterator[Ground]:
    """Lay it out on the server of DATABASE_URL, and leave nothing of it, however it ends."""
    folder = Path(tempfile.mkdtemp(prefix="timetravelers-chaos-"))
    # What Valkey holds is lost whenever it is restarted: nothing may depend on it.
    valkey = Valkey(folder / "valkey", durable=False)
    try:
        with fresh_database(surroundings["DATABASE_URL"], f"timetravelers_chaos_{os.getpid()}") as database:
            valkey.begin()
            valkey.wait()
            yield Ground(_environment(surroundings, database, valkey.url), valkey, folder)
    finally:
        valkey.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _environment(surroundings: Mapping[str, str], database: str, valkey: str) -> dict[str, str]:
    kept = {name: surroundings[name] for name in KEPT if name in surroundings}
    return {
        **kept,
        **QUICK,
        "DATABASE_URL": database,
        "REDIS_URL": valkey,
        "REDIS_PREFIX": "chaos",
        # Tokens name it and the provider's webhooks go there: the first of the doors.
        "PUBLIC_BASE_URL": f"http://{HOST}:{free_port(HOST)}",
        "DJANGO_SETTINGS_MODULE": "chaos.settings",
        "DJANGO_SECRET_KEY": "only-for-chaos-" + "0123456789" * 4,
        "LOG_FORMAT": "json",
        "LOG_LEVEL": "WARNING",
    }
