"""Starting and stopping processes so that none outlives the one that started it."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from timetravelers.runtime.accounts import Account

_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


def spawn(
    argv: Sequence[str | Path],
    *,
    env: Mapping[str, str],
    output: int,
    errors: int = subprocess.STDOUT,
    on_parent_death: signal.Signals,
    account: Account | None = None,
    cwd: Path | None = None,
) -> subprocess.Popen[bytes]:
    """Start a process in a session of its own, so that a terminal's Ctrl-C reaches only its parent.

    On Linux the kernel sends it `on_parent_death` when the thread that called this ends; call it from the
    main thread. Raises OSError if the program cannot be started.
    """
    return subprocess.Popen(  # noqa: S603 - our own programs with our own arguments
        [str(part) for part in argv],
        env=dict(env),
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=errors,
        cwd=cwd,
        start_new_session=True,
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account else None,
        preexec_fn=_tied_to_parent(on_parent_death),  # noqa: PLW1509 - only calls into libc
    )


def stop(process: subprocess.Popen[bytes], *signals: tuple[signal.Signals, float]) -> None:
    """Send each signal in turn until the process has ended, waiting its seconds; then kill its session."""
    for signum, seconds in signals:
        if process.poll() is not None:
            return
        process.send_signal(signum)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=seconds)
    kill_session(process)


def kill_session(process: subprocess.Popen[bytes]) -> None:
    """Kill the process and whatever it started; returns once it is gone."""
    if process.poll() is None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _tied_to_parent(signum: signal.Signals) -> Callable[[], None] | None:
    if _LIBC is None:
        return None
    parent = os.getpid()
    prctl, getppid, leave = _LIBC.prctl, os.getppid, os._exit

    def arm() -> None:
        prctl(_PR_SET_PDEATHSIG, int(signum), 0, 0, 0)
        if getppid() != parent:  # it died before the call above could count
            leave(1)

    return arm
