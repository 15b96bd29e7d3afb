"""How calls to Manus are made: reads tried again within bounds, writes once, one log line per attempt."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, field
from typing import TypeVar

import msgspec
import structlog

from mentors.manus import errors, figures, wire
from mentors.manus.outgoing import Ask
from mentors.manus.refusals import clean_token, refusal
from mentors.manus.transport import SUCCESS, Limits, Payload, RawAnswer, Transport

log = structlog.get_logger(__name__)

AnswerT = TypeVar("AnswerT", bound=wire.Envelope)
Guard = Callable[[str], AbstractContextManager[object]]
"""Entered around each attempt with the endpoint's name; may refuse it by raising a ManusError."""
Meter = Callable[[figures.CallRecord], None]

MOST_ATTEMPTS = 3
FIRST_PAUSE_SECONDS = 0.25
LONGEST_PAUSE_SECONDS = 2.0


@dataclass(slots=True)
class Caller:
    """Makes calls over a transport; every failure is a ManusError. `guards` are entered in their order."""

    transport: Transport
    limits: Limits
    account: str = "default"
    guards: tuple[Guard, ...] = ()
    meter: Meter | None = None
    sleep: Callable[[float], None] = time.sleep
    monotonic: Callable[[], float] = field(default=time.monotonic)

    def read(self, endpoint: str, ask: Ask, shape: type[AnswerT]) -> AnswerT:
        """Read something."""
        return self.decoded(endpoint, self.read_raw(endpoint, ask), shape)

    def read_raw(self, endpoint: str, ask: Ask) -> RawAnswer:
        """A successful answer before it is put into shape, by at most MOST_ATTEMPTS attempts.

        Tried again are outages and rate limits, after pauses that double and vary, and only while less than
        the read timeout has gone by: whoever waits here holds a lease. A timeout is not tried again, for it has
        used that up; nor are refusals of our own, which say when to come back.
        """
        query = {name: _query_value(value) for name, value in msgspec.to_builtins(ask).items()}
        begun = self.monotonic()
        for attempt in range(1, MOST_ATTEMPTS):
            try:
                return self._call(endpoint, query, None, self.limits, attempt)
            except errors.LOCAL_REFUSALS:
                raise
            except (errors.Unavailable, errors.RateLimited) as error:
                pause = _pause(attempt, error.retry_after)
                if pause is None or self.monotonic() - begun + pause > self.limits.read:
                    raise
                self.sleep(pause)
        return self._call(endpoint, query, None, self.limits, MOST_ATTEMPTS)

    def write(self, endpoint: str, ask: Ask, shape: type[AnswerT], limits: Limits | None = None) -> AnswerT:
        """Change something, by exactly one request."""
        try:
            body = msgspec.json.encode(ask)
        except (UnicodeEncodeError, TypeError, msgspec.MsgspecError):
            raise errors.InvalidRequest(endpoint=endpoint) from None
        answer = self._call(endpoint, None, body, limits or self.limits)
        return self.decoded(endpoint, answer, shape, writes=True)

    def put(self, endpoint: str, url: str, body: Payload, limits: Limits) -> int:
        """Send a file's bytes to the address that Manus named for them; the status, whatever it is.

        That address is not Manus: no guard is asked, and no key goes there.
        """
        watch = _Watch(self, endpoint, 1, self.monotonic())
        try:
            watch.status = self.transport.put(endpoint, url, body, limits)
        except errors.ManusError as error:
            watch.outcome = type(error).__name__
            raise
        else:
            watch.outcome = figures.OK if watch.status in SUCCESS else "refused"
            return watch.status
        finally:
            watch.tell()

    def decoded(self, endpoint: str, answer: RawAnswer, shape: type[AnswerT], *, writes: bool = False) -> AnswerT:
        """The answer in its shape; raises InvalidAnswer."""
        try:
            frame = wire.decode(answer.body, shape)
        except msgspec.MsgspecError:
            log.warning("manus_answer_misshapen", account=self.account, endpoint=endpoint)
            raise errors.InvalidAnswer(endpoint=endpoint, http_status=answer.status, ambiguous=writes) from None
        msgspec.structs.force_setattr(frame, "simulated", answer.simulated)
        return frame

    def _call(
        self, endpoint: str, query: Mapping[str, str] | None, body: bytes | None, limits: Limits, attempt: int = 1
    ) -> RawAnswer:
        watch = _Watch(self, endpoint, attempt, self.monotonic())
        try:
            with ExitStack() as stack:
                for guard in self.guards:
                    stack.enter_context(guard(endpoint))
                watch.started = self.monotonic()
                answer = self.transport.exchange(endpoint, query=query, body=body, limits=limits)
                watch.see(answer)
                _refuse_failure(endpoint, answer, watch.envelope, writes=body is not None)
        except errors.ManusError as error:
            watch.outcome, watch.status = type(error).__name__, error.http_status
            raise
        else:
            watch.outcome = figures.OK
            return answer
        finally:
            watch.tell()


@dataclass(slots=True)
class _Watch:
    """What is noted of one attempt."""

    caller: Caller
    endpoint: str
    attempt: int
    started: float
    outcome: str = "interrupted"
    status: int | None = None
    envelope: wire.Envelope | None = None

    def see(self, answer: RawAnswer) -> None:
        self.status = answer.status
        self.envelope = _envelope(answer)

    def tell(self) -> None:
        seconds = self.caller.monotonic() - self.started
        sent = self.outcome not in {kind.__name__ for kind in errors.LOCAL_REFUSALS}
        record = figures.CallRecord(self.caller.account, self.endpoint, self.outcome, seconds, sent)
        figures.count(record)
        if self.caller.meter is not None:
            self.caller.meter(record)
        log.info(
            "manus_call",
            account=self.caller.account,
            endpoint=self.endpoint,
            attempt=self.attempt,
            outcome=self.outcome,
            http_status=self.status,
            latency_ms=round(seconds * 1000),
            provider_request_id=clean_token(self.envelope.request_id) if self.envelope else None,
        )


def _refuse_failure(endpoint: str, answer: RawAnswer, envelope: wire.Envelope | None, *, writes: bool) -> None:
    if answer.status in SUCCESS and envelope is not None and envelope.ok:
        return
    raise refusal(
        endpoint=endpoint,
        status=answer.status,
        envelope=envelope,
        retry_after=answer.retry_after,
        writes=writes,
    )


def _envelope(answer: RawAnswer) -> wire.Envelope | None:
    try:
        # Strictly, since success means that `ok` is true, and not that it may be read as true.
        return wire.decode_strictly(answer.body, wire.Envelope)
    except msgspec.MsgspecError:
        return None


def _pause(attempt: int, wished: float | None) -> float | None:
    """Seconds before the next attempt; None when the provider wishes for more than anybody here waits."""
    backoff: float = FIRST_PAUSE_SECONDS * 2 ** (attempt - 1) * random.uniform(0.5, 1.5)  # noqa: S311 (jitter)
    if wished is not None and wished > LONGEST_PAUSE_SECONDS:
        return None
    return max(backoff, wished or 0.0)


def _query_value(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
