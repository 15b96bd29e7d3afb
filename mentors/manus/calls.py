"""How calls to Manus are made: reads tried again within bounds, writes once, one log line per attempt."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import msgspec
import structlog

from mentors.manus import errors, wire
from mentors.manus.refusals import clean_token, refusal
from mentors.manus.transport import SUCCESS, Limits, RawAnswer, Transport

log = structlog.get_logger(__name__)

AnswerT = TypeVar("AnswerT", bound=wire.Envelope)

READ_RETRIES = 2
FIRST_PAUSE_SECONDS = 0.25


class Caller:
    """Makes calls over a transport; every failure is a ManusError."""

    def __init__(self, transport: Transport, limits: Limits, sleep: Callable[[float], None]) -> None:
        self._transport = transport
        self.limits = limits
        self._sleep = sleep

    def read(self, endpoint: str, query: Mapping[str, Any], shape: type[AnswerT]) -> AnswerT:
        """Read something; None values of `query` are left out."""
        return self.decoded(endpoint, self.read_raw(endpoint, query), shape)

    def read_raw(self, endpoint: str, query: Mapping[str, Any]) -> RawAnswer:
        """A successful answer before it is put into shape; at most three attempts."""
        wanted = {name: _query_value(value) for name, value in query.items() if value is not None}
        for attempt in range(READ_RETRIES):
            try:
                return self._call(endpoint, wanted, None, self.limits)
            except (errors.Unavailable, errors.RateLimited):
                self._sleep(FIRST_PAUSE_SECONDS * 2**attempt * random.uniform(0.5, 1.5))  # noqa: S311 (jitter)
        return self._call(endpoint, wanted, None, self.limits)

    def write(
        self, endpoint: str, fields: Mapping[str, Any], shape: type[AnswerT], limits: Limits | None = None
    ) -> AnswerT:
        """Change something, by exactly one request; None values of `fields` are left out."""
        wanted = {name: value for name, value in fields.items() if value is not None}
        try:
            body = msgspec.json.encode(wanted)
        except (UnicodeEncodeError, TypeError, msgspec.MsgspecError):
            raise errors.InvalidRequest(endpoint=endpoint) from None
        answer = self._call(endpoint, None, body, limits or self.limits)
        return self.decoded(endpoint, answer, shape, writes=True)

    def _call(self, endpoint: str, query: Mapping[str, str] | None, body: bytes | None, limits: Limits) -> RawAnswer:
        started = time.monotonic()
        status: int | None = None
        request_id: str | None = None
        outcome = "interrupted"
        try:
            answer = self._transport.exchange(endpoint, query=query, body=body, limits=limits)
            status = answer.status
            envelope = _envelope(answer)
            request_id = clean_token(envelope.request_id) if envelope else None
            _refuse_failure(endpoint, answer, envelope, writes=body is not None)
        except errors.ManusError as error:
            outcome, status = type(error).__name__, error.http_status
            raise
        else:
            outcome = "ok"
            return answer
        finally:
            log.info(
                "manus_call",
                endpoint=endpoint,
                outcome=outcome,
                http_status=status,
                latency_ms=round((time.monotonic() - started) * 1000),
                provider_request_id=request_id,
            )

    def decoded(self, endpoint: str, answer: RawAnswer, shape: type[AnswerT], *, writes: bool = False) -> AnswerT:
        """The answer in its shape; raises InvalidAnswer."""
        try:
            frame = wire.decode(answer.body, shape)
        except msgspec.MsgspecError:
            log.warning("manus_answer_misshapen", endpoint=endpoint)
            raise errors.InvalidAnswer(endpoint=endpoint, http_status=answer.status, ambiguous=writes) from None
        return msgspec.structs.replace(frame, simulated=answer.simulated)


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
        # Strict, since success means that `ok` is true, and not that it may be read as true.
        return wire.decode(answer.body, wire.Envelope, strict=True)
    except msgspec.MsgspecError:
        return None


def _query_value(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
