"""What Prometheus sees of the Travelers' projects: read from the rows whenever it asks."""

from collections.abc import Iterator

import structlog
from django.db import DatabaseError
from django.db.models import Count
from prometheus_client import REGISTRY
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from mentors.models import TravelerProject

log = structlog.get_logger(__name__)


class ProjectFigures(Collector):
    """How many projects of each account are in which state; drifted ones stay in the count as a record."""

    def describe(self) -> list[Metric]:
        """Nothing ahead of time, so that registering asks no database."""
        return []

    def collect(self) -> Iterator[Metric]:
        """One figure for each account and state; none when the database does not answer."""
        family = GaugeMetricFamily("tt_traveler_projects", "Projects of Travelers", labels=["account", "state"])
        try:
            rows = TravelerProject.objects.values_list("account__name", "state").annotate(count=Count("pk")).order_by()
            for account, state, count in rows:
                family.add_metric([account, state], count)
        except DatabaseError as problem:
            log.warning("project_figures_missing", reason=type(problem).__name__)
        yield family


def connect() -> None:
    """Have Prometheus see it; called when the app is ready."""
    REGISTRY.register(ProjectFigures())
