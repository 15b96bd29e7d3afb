"""A circuit breaker for each account, shared by all processes through Valkey.

Closed, calls pass and their outcomes are kept. After several failures in a row, or when half of the latest calls
failed, it opens: nothing is sent for a while. Then one call, a single probe, may try (half-open); its outcome
closes the breaker or opens it for twice as long. Only outages and a refused key count as failures: a refusal of
one request shows that the account works. Where Valkey does not answer the breaker is closed, for it is there to
spare calls, not to be one more thing that fails.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import redis
import structlog
from django.conf import settings

from mentors.manus import errors, figures
from timetravelers.kit.limits import valkey

log = structlog.get_logger(__name__)

FAILURES = (errors.Unavailable, errors.Timeout, errors.Authentication, errors.InvalidAnswer)
FORGOTTEN_SECONDS = 3600

# State of one account, a hash: `until` (open until then), `turns` (times opened in a row), `probe` (token of the
# probe), `probe_until`; and a list of the latest outcomes, newest first. Times are seconds; 0 asks the server.
_CLOCK = """
local now = tonumber(ARGV[1])
if now == 0 then local t = redis.call('TIME'); now = t[1] + t[2] / 1000000 end
"""
# Returns {0} to pass, {1} to pass as the probe, {2, seconds} to stay away.
_ENTER = (
    _CLOCK
    + """
local held = redis.call('HMGET', KEYS[1], 'until', 'probe_until')
if not held[1] then return {0, '0'} end
local open_for = tonumber(held[1]) - now
if open_for > 0 then return {2, tostring(open_for)} end
local probing_for = tonumber(held[2] or '0') - now
if probing_for > 0 then return {2, tostring(probing_for)} end
redis.call('HSET', KEYS[1], 'probe', ARGV[2], 'probe_until', now + tonumber(ARGV[3]))
return {1, '0'}
"""
)
# Notes an outcome: 'ok', 'failed' or 'unsent'. Returns 1 when the breaker opened, 2 when it closed, else 0.
_LEAVE = (
    _CLOCK
    + """
local token, outcome = ARGV[2], ARGV[3]
local function open()
  local turns = redis.call('HINCRBY', KEYS[1], 'turns', 1)
  local pause = math.min(tonumber(ARGV[7]) * 2 ^ (turns - 1), tonumber(ARGV[8]))
  redis.call('HSET', KEYS[1], 'until', now + pause)
  redis.call('HDEL', KEYS[1], 'probe', 'probe_until')
  redis.call('DEL', KEYS[2])
  redis.call('EXPIRE', KEYS[1], math.ceil(pause) + tonumber(ARGV[9]))
  return 1
end
if redis.call('HEXISTS', KEYS[1], 'until') == 1 then
  if redis.call('HGET', KEYS[1], 'probe') ~= token then return 0 end
  if outcome == 'failed' then return open() end
  if outcome == 'unsent' then redis.call('HDEL', KEYS[1], 'probe', 'probe_until') return 0 end
  redis.call('DEL', KEYS[1], KEYS[2])
  return 2
end
if outcome == 'unsent' then return 0 end
redis.call('LPUSH', KEYS[2], outcome)
redis.call('LTRIM', KEYS[2], 0, tonumber(ARGV[5]) - 1)
redis.call('EXPIRE', KEYS[2], ARGV[9])
if outcome == 'ok' then return 0 end
local latest = redis.call('LRANGE', KEYS[2], 0, -1)
local failed, row, unbroken = 0, 0, true
for _, one in ipairs(latest) do
  if one == 'failed' then
    failed = failed + 1
    if unbroken then row = row + 1 end
  else
    unbroken = false
  end
end
if row >= tonumber(ARGV[4]) then return open() end
if #latest >= tonumber(ARGV[5]) and failed >= #latest * tonumber(ARGV[6]) then return open() end
return 0
"""
)


class State(StrEnum):
    """How a breaker stands."""

    CLOSED = "closed"
    HALF_OPEN = "half-open"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Rules:
    """When to open and for how long; durations are seconds."""

    in_a_row: int = 5
    of_latest: int = 20
    share: float = 0.5
    pause: float = 10.0
    longest_pause: float = 300.0
    probe: float = 60.0


@dataclass(frozen=True, slots=True)
class Breaker:
    """The breaker of one account, named by `key` in Valkey and by `account` in logs and figures.

    `clock` tells the time in tests; by default it is Valkey's, so that processes need not agree on theirs.
    """

    key: str
    account: str
    rules: Rules = Rules()
    clock: Callable[[], float] | None = None

    @contextmanager
    def guard(self, endpoint: str) -> Iterator[None]:
        """Let one call pass and note how it went; raises CircuitOpen, with the seconds to stay away."""
        token = secrets.token_hex(8)
        self._enter(endpoint, token)
        outcome = "unsent"
        try:
            yield
        except errors.LOCAL_REFUSALS:
            raise
        except errors.ManusError as error:
            outcome = "failed" if isinstance(error, FAILURES) else "ok"
            raise
        else:
            outcome = "ok"
        finally:
            self._leave(token, outcome)

    def reset(self) -> None:
        """Close it and forget what was; for a key that was changed, and for staff."""
        try:
            valkey().delete(*self._keys())
        except redis.RedisError as problem:
            log.warning("manus_breaker_unknown", account=self.account, reason=type(problem).__name__)

    def _enter(self, endpoint: str, token: str) -> None:
        verdict, wait = self._run(_ENTER, [token, self.rules.probe]) or (0, b"0")
        if int(verdict) == 2:  # noqa: PLR2004 - as the script says
            raise errors.CircuitOpen(endpoint=endpoint, retry_after=float(wait))

    def _leave(self, token: str, outcome: str) -> None:
        rules = self.rules
        figures_of_rules = [rules.in_a_row, rules.of_latest, rules.share, rules.pause, rules.longest_pause]
        moved = self._run(_LEAVE, [token, outcome, *figures_of_rules, FORGOTTEN_SECONDS])
        if moved:
            state = State.OPEN if moved == 1 else State.CLOSED
            figures.breaker_moves_total.labels(self.account, state).inc()
            log.warning("manus_breaker_moved", account=self.account, state=str(state))

    def _run(self, script: str, arguments: list[str | float]) -> Any:
        """What the script returns, or None when Valkey does not answer."""
        moment = self.clock() if self.clock else 0
        try:
            return valkey().register_script(script)(keys=self._keys(), args=[moment, *arguments])
        except redis.RedisError as problem:
            log.warning("manus_breaker_unknown", account=self.account, reason=type(problem).__name__)
            return None

    def _keys(self) -> list[str]:
        return [_key(self.key), f"{_key(self.key)}:latest"]


def states(keys: Iterable[str], moment: float | None = None) -> Mapping[str, State]:
    """How the breakers of these keys stand, by one trip; all closed when Valkey does not answer."""
    wanted = list(keys)
    pipe = valkey().pipeline(transaction=False)
    pipe.time()
    for key in wanted:
        pipe.hget(_key(key), "until")
    try:
        (seconds, micros), *until = pipe.execute()
    except redis.RedisError:
        return dict.fromkeys(wanted, State.CLOSED)
    present = seconds + micros / 1e6 if moment is None else moment
    return {key: _state(held, present) for key, held in zip(wanted, until, strict=True)}


def _state(until: bytes | None, present: float) -> State:
    if until is None:
        return State.CLOSED
    return State.OPEN if float(until) > present else State.HALF_OPEN


def _key(key: str) -> str:
    return f"{settings.REDIS_PREFIX}:manus:breaker:{key}"
