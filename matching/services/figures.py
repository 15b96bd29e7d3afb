"""What Prometheus sees of matching: whose matches are stale, read from rows whenever it asks."""

from collections.abc import Iterator

import structlog
from django.db import DatabaseError
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from matching.selectors.comparisons import world_now
from matching.selectors.staleness import number_stale
from timetravelers.kit.observability import ask_once

log = structlog.get_logger(__name__)


class MatchingFigures(Collector):
    """How many people's matches wait to be made anew: the progress of the job that refreshes all."""

    def describe(self) -> list[Metric]:
        """Nothing ahead of time, so that registering asks no database."""
        return []

    def collect(self) -> Iterator[Metric]:
        """The figure of all processes; none when the database does not answer."""
        try:
            number = number_stale(world_now())
        except DatabaseError as problem:
            log.warning("matching_figures_missing", reason=type(problem).__name__)
            return
        yield GaugeMetricFamily("tt_matches_stale", "People whose matches wait to be made anew", value=number)


_collector = MatchingFigures()


def connect() -> None:
    """Have Prometheus ask; called when the app is ready."""
    ask_once(_collector)
