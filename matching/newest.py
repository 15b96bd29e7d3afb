"""What is computed out of tables and kept in each process until they change."""

import threading
from collections.abc import Callable
from typing import Any, Generic, LiteralString, TypeVar

from timetravelers.kit.statements import fetch_one

Version = tuple[Any, ...]
Kept = TypeVar("Kept")


class Newest(Generic[Kept]):
    """One thing, loaded when it is first asked for and whenever the version has changed since.

    The version is one row of a statement of its own, which is read each time, so that what any process changes shows
    in all of them at once. Of many threads that find it changed one loads it anew, and the others wait.
    """

    def __init__(self, version: LiteralString, load: Callable[[Version], Kept]) -> None:
        self._statement = version
        self._load = load
        self._kept: tuple[Version, Kept] | None = None
        self._lock = threading.Lock()

    def get(self) -> Kept:
        """The thing as the tables stand; one query when nothing changed."""
        version = fetch_one(self._statement, []) or ()
        with self._lock:
            if self._kept is None or self._kept[0] != version:
                self._kept = version, self._load(version)
            return self._kept[1]

    def clear(self) -> None:
        """Forget it."""
        with self._lock:
            self._kept = None
