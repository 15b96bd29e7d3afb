"""Things to do later: one thread that runs short jobs when their time has come."""

from __future__ import annotations

import heapq
import itertools
import time
from collections.abc import Callable
from threading import Condition, Thread

import structlog

log = structlog.get_logger(__name__)


class Agenda:
    """Runs jobs in order of their time; they must be short. One that raises is logged and stops no other."""

    def __init__(self) -> None:
        self._jobs: list[tuple[float, int, Callable[[], None]]] = []
        self._order = itertools.count()
        self._condition = Condition()
        self._stopping = False
        self._thread = Thread(target=self._run, name="simulator-agenda", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Drop what has not begun and wait for what has."""
        with self._condition:
            self._stopping = True
            self._condition.notify()
        if self._thread.is_alive():
            self._thread.join(timeout=15)

    def after(self, seconds: float, job: Callable[[], None]) -> None:
        with self._condition:
            heapq.heappush(self._jobs, (time.monotonic() + seconds, next(self._order), job))
            self._condition.notify()

    def _run(self) -> None:
        while (job := self._next()) is not None:
            try:
                job()
            except Exception:
                log.exception("simulator_job_failed")

    def _next(self) -> Callable[[], None] | None:
        with self._condition:
            while not self._stopping:
                if not self._jobs:
                    self._condition.wait()
                elif (pause := self._jobs[0][0] - time.monotonic()) > 0:
                    self._condition.wait(pause)
                else:
                    return heapq.heappop(self._jobs)[2]
        return None
