"""Commands that must have succeeded before the children start."""

import signal
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from timetravelers.runtime.console import Console
from timetravelers.runtime.errors import StartError
from timetravelers.runtime.processes import describe
from timetravelers.runtime.spawn import kill_session, spawn


def run_step(name: str, argv: Sequence[str], *, env: Mapping[str, str], cwd: Path, console: Console) -> list[str]:
    """Run one command to its end and return the lines of its standard output.

    Its errors and warnings are shown. Raises StartError with its last line; killed if interrupted.
    """
    process = spawn(
        argv,
        env=env,
        output=subprocess.PIPE,
        errors=subprocess.PIPE,
        on_parent_death=signal.SIGKILL,
        cwd=cwd,
    )
    try:
        output, errors = process.communicate()
    finally:
        kill_session(process)
        for pipe in (process.stdout, process.stderr):
            if pipe is not None:
                pipe.close()
    said, complained = _lines(output), _lines(errors)
    for line in complained if process.returncode == 0 else said + complained:
        console.relay(name, line)
    if process.returncode != 0:
        last = (complained or said or ["it said nothing"])[-1]
        raise StartError(f"{name} failed ({describe(process.returncode)}): {last}")
    return said


def _lines(data: bytes) -> list[str]:
    return [line for line in data.decode(errors="replace").splitlines() if line.strip()]
