"""What Prometheus sees of the queue and the credits: read from rows and windows whenever it asks.

The worker that admits is not the process that is asked, so these are facts looked up and not counters kept.
"""

from collections.abc import Iterator
from datetime import timedelta

import redis
import structlog
from django.db import DatabaseError
from django.db.models import Count, DurationField, ExpressionWrapper, F, Min, Sum
from prometheus_client.core import GaugeHistogramMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from mentors.manus import accounts, windows
from mentors.models import CreditBudget, Lane, ManusAccount, ProviderCall
from mentors.services.scheduling.queueing import CREATES
from mentors.services.scheduling.standings import windows_of
from timetravelers.kit.clock import now
from timetravelers.kit.observability import ask_once

log = structlog.get_logger(__name__)

WAITS_OF = timedelta(hours=1)
MOST_WAITS = 10_000
BUCKETS = (1.0, 5.0, 15.0, 30.0, 60.0, 120.0, 300.0, 900.0)


class QueueCollector(Collector):
    """Looks at the queue when asked; when the database or Valkey does not answer, there are no figures."""

    def describe(self) -> list[Metric]:
        """Nothing ahead of time, so that registering asks no database."""
        return []

    def collect(self) -> Iterator[Metric]:
        """Queue length and age, waits, free slots, and credits."""
        try:
            yield from [*_queue(), _waits(), _credits()]
            yield _slots()
        except (DatabaseError, redis.RedisError) as problem:
            log.warning("queue_figures_missing", reason=type(problem).__name__)


def _queue() -> list[Metric]:
    length = GaugeMetricFamily("tt_manus_queue_length", "Calls that wait, by lane", labels=["lane"])
    oldest = GaugeMetricFamily("tt_manus_queue_oldest_seconds", "How long the oldest has waited", labels=["lane"])
    waiting = ProviderCall.objects.filter(state=ProviderCall.State.QUEUED).order_by()
    found = {row["lane"]: row for row in waiting.values("lane").annotate(n=Count("pk"), since=Min("enqueued_at"))}
    moment = now()
    for lane in Lane.values:
        row = found.get(lane)
        length.add_metric([lane], row["n"] if row else 0)
        oldest.add_metric([lane], (moment - row["since"]).total_seconds() if row else 0.0)
    return [length, oldest]


def _waits() -> Metric:
    waits = GaugeHistogramMetricFamily(
        "tt_manus_wait_seconds", "Waits of the calls admitted in the last hour", labels=["lane"]
    )
    waited = ExpressionWrapper(F("admitted_at") - F("enqueued_at"), output_field=DurationField())
    recent = ProviderCall.objects.filter(admitted_at__gte=now() - WAITS_OF).order_by("-admitted_at")
    found: dict[str, list[float]] = {lane: [] for lane in Lane.values}
    for lane, wait in recent.annotate(waited=waited).values_list("lane", "waited")[:MOST_WAITS]:
        found[lane].append(wait.total_seconds())
    for lane, seconds in found.items():
        buckets = [(str(edge), sum(one <= edge for one in seconds)) for edge in BUCKETS]
        waits.add_metric([lane], [*buckets, ("+Inf", len(seconds))], gsum_value=sum(seconds))
    return waits


def _credits() -> Metric:
    family = GaugeMetricFamily("tt_manus_credits", "Credits of the UTC day so far", labels=["state"])
    today = CreditBudget.objects.filter(scope=CreditBudget.Scope.DAY, day=now().date())
    sums = today.aggregate(held=Sum("held"), spent=Sum("spent"))
    for state in ("held", "spent"):
        family.add_metric([state], sums[state] or 0)
    return family


def _slots() -> Metric:
    family = GaugeMetricFamily("tt_manus_slots_free", "Calls that may be made now", labels=["account", "endpoint"])
    usable = accounts.usable()
    names = {account.pk: account.name for account in usable}
    frees = windows.shared().free_in(windows_of(usable, _pools(usable)))
    for (account, endpoint), waits in frees.items():
        family.add_metric([names[account], endpoint], waits.count(0.0))
    return family


def _pools(usable: list[ManusAccount]) -> list[str]:
    return [CREATES, *(f"send:{account.pk}" for account in usable)]


_collector = QueueCollector()


def connect() -> None:
    """Have Prometheus ask; called when the app is ready."""
    ask_once(_collector)
