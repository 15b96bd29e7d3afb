"""The simulator's memory on disk: JSON lines, of which a crash may tear the last."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterable, Iterator
from io import BufferedWriter
from pathlib import Path
from threading import Lock

import msgspec

from mentors.manus.simulator.records import Json


class JournalInUse(Exception):
    """Another simulator works on the same folder."""


class Journal:
    """Appends entries; `replace` writes the whole memory anew. Holds a lock on the folder until closed.

    Raises JournalInUse when the lock is taken, OSError when the folder cannot be written.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._path = folder / "journal.jsonl"
        self._lock_file = (folder / "lock").open("wb")
        try:
            fcntl.flock(self._lock_file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            self._lock_file.close()
            raise JournalInUse(str(folder)) from None
        self._lock = Lock()
        self._out: BufferedWriter | None = None

    def read(self) -> Iterator[Json]:
        """All whole entries, oldest first; a line that a crash tore is passed over."""
        if not self._path.exists():
            return
        with self._path.open("rb") as lines:
            for line in lines:
                try:
                    entry = msgspec.json.decode(line, type=Json)
                except (msgspec.MsgspecError, UnicodeDecodeError):
                    continue
                yield entry

    def replace(self, entries: Iterable[Json]) -> None:
        """Make `entries` all there is, atomically, and go on from there."""
        draft = self._path.with_suffix(".draft")
        with draft.open("wb") as out:
            out.writelines(msgspec.json.encode(entry) + b"\n" for entry in entries)
            out.flush()
            os.fsync(out.fileno())
        draft.replace(self._path)
        self._out = self._path.open("ab")

    def append(self, entries: Iterable[Json]) -> None:
        """Note entries; handed to the system before this returns, so a killed process loses nothing."""
        lines = b"".join(msgspec.json.encode(entry) + b"\n" for entry in entries)
        with self._lock:
            if self._out is not None:
                self._out.write(lines)
                self._out.flush()

    def close(self) -> None:
        with self._lock:
            if self._out is not None:
                self._out.close()
                self._out = None
            self._lock_file.close()
