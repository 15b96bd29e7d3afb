"""Counts what was asked and what was carried out, so that tests can show nothing was paid twice."""

from __future__ import annotations

from collections import Counter, defaultdict
from threading import Lock

from mentors.manus.simulator.records import Json


class CallLog:
    """Counters by endpoint. `executed` also counts calls whose answer a fault then withheld. Thread-safe."""

    def __init__(self) -> None:
        self._lock = Lock()
        self.reset()

    def reset(self) -> None:
        with self._lock:
            self._received: Counter[str] = Counter()
            self._executed: Counter[str] = Counter()
            self._statuses: dict[str, Counter[str]] = defaultdict(Counter)

    def received(self, endpoint: str) -> None:
        with self._lock:
            self._received[endpoint] += 1

    def executed(self, endpoint: str) -> None:
        with self._lock:
            self._executed[endpoint] += 1

    def answered(self, endpoint: str, status: int | None) -> None:
        """Note an answer; None is one that never came."""
        with self._lock:
            self._statuses[endpoint]["none" if status is None else str(status)] += 1

    def summary(self) -> Json:
        with self._lock:
            return {
                endpoint: {
                    "received": count,
                    "executed": self._executed[endpoint],
                    "statuses": dict(self._statuses[endpoint]),
                }
                for endpoint, count in sorted(self._received.items())
            }
