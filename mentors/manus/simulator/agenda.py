"""Things to do later: one thread that runs short jobs when their time has come."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable
from threading import Thread

import structlog

from mentors.manus.simulator.clock import Clock

log = structlog.get_logger(__name__)

SETTLE_SECONDS = 15.0
IDLE_SECONDS = 3_600.0


class Agenda:
    """Runs jobs in order of their time; they must be short. One that raises is logged and stops no other."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._jobs: list[tuple[float, int, Callable[[], None]]] = []
        self._order = itertools.count()
        self._condition = clock.changed
        self._working = False
        self._stopping = False
        self._thread = Thread(target=self._run, name="simulator-agenda", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Drop what has not begun and wait for what has."""
        with self._condition:
            self._stopping = True
            self._condition.notify_all()
        if self._thread.is_alive():
            self._thread.join(timeout=SETTLE_SECONDS)

    def after(self, seconds: float, job: Callable[[], None]) -> None:
        """Run a job when this much of the simulator's time has passed."""
        with self._condition:
            heapq.heappush(self._jobs, (self._clock.now() + seconds, next(self._order), job))
            self._condition.notify_all()

    def advance(self, seconds: float) -> None:
        """Move the clock forward from job to job, so that each sees its own time; returns when all due are done.

        Raises ValueError for a step back, TimeoutError when a job takes longer than 15 real seconds.
        """
        if seconds < 0:
            raise ValueError("time does not run backwards")
        end = self._clock.now() + seconds
        self._settle()
        while (due := self._next_due()) is not None and due <= end:
            self._clock.advance_to(due)
            self._settle()
        self._clock.advance_to(end)
        self._settle()

    def _next_due(self) -> float | None:
        with self._condition:
            return self._jobs[0][0] if self._jobs else None

    def _settle(self) -> None:
        with self._condition:
            if not self._condition.wait_for(self._is_settled, timeout=SETTLE_SECONDS):
                raise TimeoutError("the simulator's jobs take too long")

    def _is_settled(self) -> bool:
        nothing_due = not self._jobs or not self._clock.reached(self._jobs[0][0])
        return self._stopping or (nothing_due and not self._working)

    def _run(self) -> None:
        while (job := self._next()) is not None:
            try:
                job()
            except Exception:
                log.exception("simulator_job_failed")
            with self._condition:
                self._working = False
                self._condition.notify_all()

    def _next(self) -> Callable[[], None] | None:
        with self._condition:
            while not self._stopping:
                due = self._jobs[0][0] if self._jobs else self._clock.now() + IDLE_SECONDS
                if not self._clock.reached(due):
                    self._clock.wait_until(due, IDLE_SECONDS)
                else:
                    self._working = True
                    return heapq.heappop(self._jobs)[2]
        return None
