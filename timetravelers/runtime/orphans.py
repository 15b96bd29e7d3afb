"""What a killed predecessor left running: found by what it is and where, never by a number alone."""

import contextlib
import signal
import time
from collections.abc import Iterable
from pathlib import Path

import psutil

from timetravelers.runtime.errors import StartError
from timetravelers.runtime.state import ProcessRecord

_SAME_START = 1.0  # seconds; how exactly two readings of a process's start agree


def stop_servers_in(folder: Path, name: str, first: signal.Signals, *, patience: float = 20.0) -> int:
    """Stop every process called `name` that works in `folder`, cleanly with `first`, then by force.

    Returns how many there were. The caller holds the folder's lock, so none of them is somebody's. Raises
    StartError if one will not die.
    """
    found = [process for process in psutil.process_iter(["name"]) if _works_in(process, folder, name)]
    pids = {process.pid for process in found}
    for process in found:
        with contextlib.suppress(psutil.Error):
            if process.ppid() not in pids:  # its own children follow it
                process.send_signal(first)
    _finish(found, patience)
    return len(found)


def stop_recorded(records: Iterable[ProcessRecord], *, patience: float = 5.0) -> int:
    """Stop the processes of these records that still live; an id that was given away since is left alone."""
    found = [process for record in records if (process := _alive(record)) is not None]
    for process in found:
        with contextlib.suppress(psutil.Error):
            process.terminate()
    _finish(found, patience)
    return len(found)


def record_of(pid: int) -> ProcessRecord | None:
    """A record of a living process; None if it has gone."""
    try:
        return ProcessRecord(pid=pid, started=psutil.Process(pid).create_time())
    except psutil.Error:
        return None


def _works_in(process: psutil.Process, folder: Path, name: str) -> bool:
    try:
        return process.info["name"] == name and Path(process.cwd()) == folder.resolve()
    except (psutil.Error, OSError):
        return False


def _alive(record: ProcessRecord) -> psutil.Process | None:
    with contextlib.suppress(psutil.Error):
        process = psutil.Process(record.pid)
        if abs(process.create_time() - record.started) < _SAME_START and _lives(process):
            return process
    return None


def _finish(found: list[psutil.Process], patience: float) -> None:
    for process in _survivors(found, patience):
        with contextlib.suppress(psutil.Error):
            process.kill()
    immortal = _survivors(found, 5.0)
    if immortal:
        raise StartError(f"Process {immortal[0].pid} of an earlier run does not end; stop it and try again.")


def _survivors(found: list[psutil.Process], patience: float) -> list[psutil.Process]:
    """Those that still live after `patience` seconds; returns at once when none does."""
    deadline = time.monotonic() + patience
    while living := [process for process in found if _lives(process)]:
        if time.monotonic() > deadline:
            break
        time.sleep(0.02)
    return living


def _lives(process: psutil.Process) -> bool:
    """Not gone, and not a zombie either: in a container nobody may ever collect those."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False
