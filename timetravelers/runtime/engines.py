"""Both embedded engines as one: those that the environment does not name are started here."""

import contextlib
import os
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from timetravelers.runtime.errors import StartError, explain
from timetravelers.runtime.files import make_folder
from timetravelers.runtime.postgres import Postgres
from timetravelers.runtime.valkey import Valkey

Engine = Postgres | Valkey
_MAX_RESTARTS = 3
_WINDOW = 60.0  # seconds in which that many restarts are too many


@dataclass(frozen=True, slots=True)
class Engines:
    """Two addresses, and the servers among them that are ours to stop."""

    database_url: str = field(repr=False)
    redis_url: str = field(repr=False)
    owned: tuple[Engine, ...] = ()
    _restarts: list[float] = field(default_factory=list, repr=False)

    @property
    def environment(self) -> dict[str, str]:
        return {"DATABASE_URL": self.database_url, "REDIS_URL": self.redis_url}

    def heal(self) -> str | None:
        """Start an engine of ours that has died, at its old address; returns its name then.

        Raises StartError when it cannot be, or after several deaths within a minute.
        """
        for engine in self.owned:
            if not engine.is_alive():
                self._count_restart(engine)
                engine.begin()
                engine.wait()
                return engine.name
        return None

    def stop(self) -> None:
        """Stop what is ours, cleanly; harmless a second time."""
        for engine in reversed(self.owned):
            engine.stop()

    def _count_restart(self, engine: Engine) -> None:
        now = time.monotonic()
        self._restarts[:] = [then for then in self._restarts if now - then < _WINDOW] + [now]
        if len(self._restarts) > _MAX_RESTARTS:
            raise StartError(f"{engine.name} keeps dying: {engine.complaint() or 'killed from outside'}.")


def start_engines(folder: Path, *, durable: bool, configured: Mapping[str, str]) -> Engines:
    """Start the engines that `configured` gives no address for, with their data in `folder`, side by side.

    The caller holds the folder's lock and is the main thread. Raises StartError; nothing runs then.
    """
    valkey = None if configured.get("REDIS_URL") else Valkey(folder / "valkey", durable=durable)
    postgres = None if configured.get("DATABASE_URL") else Postgres(folder / "postgres", durable=durable)
    owned = tuple(engine for engine in (valkey, postgres) if engine is not None)
    with contextlib.ExitStack() as undo:
        try:
            _start(folder, owned, undo)
        except OSError as problem:
            raise explain(problem, folder) from problem
        undo.pop_all()
    return Engines(
        database_url=postgres.url if postgres else configured["DATABASE_URL"],
        redis_url=valkey.url if valkey else configured["REDIS_URL"],
        owned=owned,
    )


def _start(folder: Path, owned: tuple[Engine, ...], undo: contextlib.ExitStack) -> None:
    if owned:
        make_folder(folder, passable=os.geteuid() == 0)
    for engine in owned:
        undo.callback(engine.stop)
        engine.begin()
    for engine in owned:
        engine.wait()
