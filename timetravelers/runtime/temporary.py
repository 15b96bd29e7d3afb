"""Engines for one run of tests, a benchmark or a command: fast, forgetful and gone afterwards."""

import contextlib
import os
import shutil
import signal
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from timetravelers.runtime.accounts import noted_home, remove_home
from timetravelers.runtime.engines import Engines, start_engines
from timetravelers.runtime.errors import explain
from timetravelers.runtime.files import make_folder
from timetravelers.runtime.locks import FolderLock
from timetravelers.runtime.orphans import stop_servers_in

_LOCK = "lock"


@contextlib.contextmanager
def temporary_engines(configured: Mapping[str, str]) -> Iterator[Engines]:
    """Engines that forget, in a folder of their own; what `configured` names is used instead.

    First removes what killed predecessors left. Enter it from the main thread. Raises StartError.
    """
    if configured.get("DATABASE_URL") and configured.get("REDIS_URL"):
        yield start_engines(Path(), durable=False, configured=configured)
        return
    sweep()
    with contextlib.ExitStack() as undo:
        folder = _claimed_folder(undo)
        engines = start_engines(folder, durable=False, configured=configured)
        undo.callback(engines.stop)
        yield engines


def sweep() -> list[Path]:
    """Remove the folders of predecessors that died without doing so, and stop their servers; returns them."""
    swept = []
    for folder in Path(tempfile.gettempdir()).glob(f"{_prefix()}*"):
        if folder.is_symlink() or not folder.is_dir() or folder.stat().st_uid != os.geteuid():
            continue
        lock = FolderLock(folder / _LOCK)
        if lock.acquire(patience=0):
            _remove(folder)
            lock.release()
            swept.append(folder)
    return swept


def _prefix() -> str:
    return f"timetravelers-engines-{os.geteuid()}-"


def _claimed_folder(undo: contextlib.ExitStack) -> Path:
    """A fresh folder that is locked before it gets the name by which others would sweep it."""
    draft = Path(tempfile.gettempdir())
    try:
        draft = Path(tempfile.mkdtemp(prefix=f".{_prefix()}"))
        make_folder(draft, passable=os.geteuid() == 0)
        lock = FolderLock(draft / _LOCK)
        lock.acquire()
        undo.callback(lock.release)
        folder = draft.rename(draft.with_name(draft.name.removeprefix(".")))
    except OSError as problem:
        raise explain(problem, draft) from problem
    undo.callback(_remove, folder)
    return folder


def _remove(folder: Path) -> None:
    home = folder / "postgres"
    stop_servers_in((noted_home(home) or home) / "cluster", "postgres", signal.SIGQUIT)
    stop_servers_in(folder / "valkey", "valkey-server", signal.SIGTERM)
    remove_home(home)
    shutil.rmtree(folder, ignore_errors=True)
