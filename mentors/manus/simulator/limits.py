"""The documented rate limits: never more than N calls of an endpoint in any 60 seconds, per account."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Mapping
from threading import Lock

WINDOW_SECONDS = 60.0


class SlidingWindows:
    """Admits or refuses calls; refused ones do not count. Thread-safe.

    `factor` scales every limit (at least one call stays allowed); 0 switches the limits off.
    """

    def __init__(self, limits: Mapping[str, int | None], *, factor: float = 1.0, clock: Callable[[], float]) -> None:
        self._limits = limits
        self._factor = factor
        self._clock = clock
        self._admitted: dict[tuple[str, str], deque[float]] = defaultdict(deque)
        self._lock = Lock()

    def admit(self, account: str, endpoint: str) -> bool:
        """Whether this call is within the account's limit for the endpoint; counts it if so."""
        limit = self._limits.get(endpoint)
        if limit is None or self._factor == 0:
            return True
        with self._lock:
            now = self._clock()
            window = self._admitted[account, endpoint]
            while window and window[0] <= now - WINDOW_SECONDS:
                window.popleft()
            if len(window) >= max(1, int(limit * self._factor)):
                return False
            window.append(now)
            return True
