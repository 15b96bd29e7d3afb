"""The simulator's time: as fast as the wall's, faster, or standing still until somebody moves it."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Condition

FASTEST = 1_000.0
# Of seconds since 1970 a float keeps no more.
GRAIN = 1e-6


class Clock:
    """Unix seconds that run `speed` times as fast as the wall clock; speed 0 stands still. Thread-safe.

    `wall` is what webhook signatures are dated by: whoever receives them has a clock of their own.
    Raises ValueError for a speed below 0 or above 1,000.
    """

    def __init__(
        self, *, speed: float = 1.0, start: float | None = None, wall: Callable[[], float] = time.time
    ) -> None:
        if not 0 <= speed <= FASTEST:
            raise ValueError(f"speed must be between 0 and {FASTEST:g}")
        self.speed = speed
        self.wall = wall
        self.changed = Condition()
        self._start = time.time() if start is None else start
        self._began = time.monotonic()
        self._moved = 0.0

    def now(self) -> float:
        """Seconds since 1970, as the simulator sees it; never runs backwards."""
        return self._start + (time.monotonic() - self._began) * self.speed + self._moved

    def reached(self, moment: float) -> bool:
        """Whether a moment has come."""
        return self.now() > moment - GRAIN

    def now_ms(self) -> int:
        return int(self.now() * 1000)

    def advance(self, seconds: float) -> None:
        """Move time forward at once; raises ValueError for a step back."""
        if seconds < 0:
            raise ValueError("time does not run backwards")
        with self.changed:
            self._moved += seconds
            self.changed.notify_all()

    def advance_to(self, moment: float) -> None:
        """Move time forward to a moment; one that is past already changes nothing."""
        self.advance(max(0.0, moment - self.now()))

    def wait_until(self, moment: float, at_most: float) -> None:
        """Wait for the moment, for a move of the clock, or `at_most` real seconds, whichever comes first."""
        with self.changed:
            if not self.reached(moment):
                left = moment - self.now()
                self.changed.wait(min(at_most, left / self.speed) if self.speed else at_most)
