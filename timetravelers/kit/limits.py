"""Counting: how often somebody did something in the last minute, here or over all processes."""

import threading
import time
from collections import deque
from dataclasses import dataclass, field
from functools import cache

import redis
from django.conf import settings

WINDOW_SECONDS = 60.0

# One sorted set a key: drop what left the window, count, add if there is room. Times come from the server,
# so processes need not agree on the clock. Returns microseconds to wait, 0 when let in.
_SLIDE = """
local t = redis.call('TIME')
local now = t[1] * 1000000 + t[2]
local window = tonumber(ARGV[2])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - window)
if redis.call('ZCARD', KEYS[1]) < tonumber(ARGV[1]) then
  local n = redis.call('INCR', KEYS[2])
  redis.call('ZADD', KEYS[1], now, n)
  redis.call('PEXPIRE', KEYS[1], math.ceil(window / 1000))
  redis.call('PEXPIRE', KEYS[2], math.ceil(window / 1000))
  return 0
end
return math.max(1, tonumber(redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')[2]) + window - now)
"""


@cache
def valkey() -> redis.Redis:
    """This process's client, with bounded waits."""
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=5, socket_connect_timeout=2)


@dataclass(slots=True)
class SharedWindow:
    """At most `limit` in any `seconds`, over all processes, counted in Valkey."""

    limit: int
    seconds: float = WINDOW_SECONDS

    def wait(self, key: str) -> float:
        """Count one and return 0.0, or count nothing and return the seconds until there is room."""
        slide = valkey().register_script(_SLIDE)
        keys = [f"{settings.REDIS_PREFIX}:{kind}:{key}" for kind in ("limit", "limit-count")]
        micros = slide(keys=keys, args=[self.limit, int(self.seconds * 1e6)])
        return int(micros) / 1e6


@dataclass(slots=True)
class LocalWindow:
    """At most `limit` in any `seconds`, counted in this process; forgets the least recent of many keys."""

    limit: int
    seconds: float = WINDOW_SECONDS
    max_keys: int = 50_000
    _hits: dict[str, deque[float]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def wait(self, key: str) -> float:
        """Count one and return 0.0, or count nothing and return the seconds until there is room."""
        now = time.monotonic()
        with self._lock:
            hits = self._hits.pop(key, None) or deque()
            while hits and hits[0] <= now - self.seconds:
                hits.popleft()
            self._hits[key] = hits
            if len(self._hits) > self.max_keys:
                del self._hits[next(iter(self._hits))]
            if len(hits) >= self.limit:
                return hits[0] + self.seconds - now
            hits.append(now)
            return 0.0
