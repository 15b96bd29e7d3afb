"""One owner per folder: an advisory lock that the kernel drops when its holder dies, however it dies."""

import fcntl
import os
import time
from pathlib import Path

from timetravelers.runtime.files import PRIVATE_FILE


class FolderLock:
    """An exclusive lock on a file. Child processes do not inherit it, so it ends with its holder."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor: int | None = None

    def acquire(self, *, patience: float = 0.5) -> bool:
        """Whether the lock is ours now; tries for `patience` seconds, as a probe holds it briefly."""
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT, PRIVATE_FILE)
        deadline = time.monotonic() + patience
        while not _try_lock(descriptor, fcntl.LOCK_EX):
            if time.monotonic() >= deadline:
                os.close(descriptor)
                return False
            time.sleep(0.02)
        self._descriptor = descriptor
        return True

    def release(self) -> None:
        """Give the lock up; harmless if it is not held."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


def is_held(path: Path) -> bool:
    """Whether somebody holds the lock at this moment."""
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except OSError:
        return False
    try:
        return not _try_lock(descriptor, fcntl.LOCK_SH)
    finally:
        os.close(descriptor)


def _try_lock(descriptor: int, kind: int) -> bool:
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
