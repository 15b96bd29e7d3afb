"""What Prometheus sees of Manus; every label takes few values, and none says who or what a call was about."""

from __future__ import annotations

from dataclasses import dataclass

from prometheus_client import Counter, Histogram

OK = "ok"

calls_total = Counter("tt_manus_calls_total", "Calls to Manus, each attempt", ["account", "endpoint", "outcome"])
errors_total = Counter("tt_manus_errors_total", "Calls to Manus that failed, by kind of error", ["kind"])
call_seconds = Histogram(
    "tt_manus_call_seconds",
    "Seconds from sending to the whole answer",
    ["endpoint"],
    buckets=(0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15, 30, 60),
)
breaker_moves_total = Counter("tt_manus_breaker_moves_total", "Times a breaker went over", ["account", "state"])


@dataclass(frozen=True, slots=True)
class CallRecord:
    """One attempt at a call: `outcome` is `ok` or the name of the error; unsent ones were refused by ourselves."""

    account: str
    endpoint: str
    outcome: str
    seconds: float
    sent: bool


def count(record: CallRecord) -> None:
    """Add one attempt."""
    calls_total.labels(record.account, record.endpoint, record.outcome).inc()
    if record.outcome != OK:
        errors_total.labels(record.outcome).inc()
    if record.sent:
        call_seconds.labels(record.endpoint).observe(record.seconds)
