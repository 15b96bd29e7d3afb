"""What only rows and Valkey know of the accounts, for Prometheus: read when it asks, in whichever process it asks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC

import structlog
from django.db import DatabaseError
from prometheus_client import REGISTRY
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from mentors.manus import accounts
from mentors.manus.breaker import State
from mentors.manus.caching import looks
from mentors.models import ManusAccount, ManusUse
from timetravelers.kit.clock import now

log = structlog.get_logger(__name__)

FIGURES = {State.CLOSED: 0, State.HALF_OPEN: 1, State.OPEN: 2}


class AccountFigures(Collector):
    """Breakers, credits and health of all accounts, what all processes called today, and how their cache did."""

    def describe(self) -> Iterable[Metric]:
        """Nothing: registering is no reason to ask the database."""
        return []

    def collect(self) -> Iterator[Metric]:
        try:
            yield from _standing()
            yield from _today()
            yield _looks()
        except DatabaseError as problem:
            log.warning("manus_figures_missing", reason=type(problem).__name__)


def _standing() -> list[Metric]:
    breakers = GaugeMetricFamily("tt_manus_breaker_state", "0 closed, 1 half-open, 2 open", labels=["account"])
    balance = GaugeMetricFamily("tt_manus_account_credits", "Credits at the last check", labels=["account"])
    well = GaugeMetricFamily("tt_manus_account_well", "Whether the last check found it well", labels=["account"])
    states = accounts.states()
    for row in ManusAccount.objects.filter(is_active=True):
        breakers.add_metric([row.name], FIGURES[states.get(row.pk, State.CLOSED)])
        well.add_metric([row.name], row.health == ManusAccount.Health.WELL)
        if row.credits is not None:
            balance.add_metric([row.name], row.credits)
    return [breakers, balance, well]


def _today() -> list[Metric]:
    labels = ["account", "endpoint", "outcome"]
    calls = CounterMetricFamily("tt_manus_calls_today", "Calls of all processes since midnight UTC", labels=labels)
    seconds = CounterMetricFamily("tt_manus_call_seconds_today", "What they took", labels=labels)
    rows = ManusUse.objects.filter(day=now().astimezone(UTC).date())
    for name, endpoint, outcome, count, taken in rows.values_list(
        "account__name", "endpoint", "outcome", "calls", "milliseconds"
    ):
        calls.add_metric([name, endpoint, outcome], count)
        seconds.add_metric([name, endpoint, outcome], taken / 1000)
    return [calls, seconds]


def _looks() -> Metric:
    found = CounterMetricFamily("tt_manus_cache", "Looks into the cache of answers", labels=["endpoint", "result"])
    for (endpoint, result), number in looks().items():
        found.add_metric([endpoint, result], number)
    return found


def register() -> None:
    """Have Prometheus see it; called when the app is ready."""
    REGISTRY.register(AccountFigures())
