"""Letting go of what was kept long enough: the jobs that carry out the retentions of the catalogue.

There is no list of what is done: whether a row's time is up stands in the row. So a job that is killed has done
whole pieces and lost nothing, the next run goes on where it ended, and one too many finds nothing to do.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import structlog
from django.db import transaction
from django.db.models import Model, QuerySet

from timetravelers.kit.catalogue import Table, tables
from timetravelers.kit.clock import now
from timetravelers.kit.retention import Own, Retention
from timetravelers.kit.tags import Tag

log = structlog.get_logger(__name__)

PIECE = 1000
# Of one run; what is left then is the next run's.
MOST_PIECES = 500


@dataclass(frozen=True, slots=True)
class Job:
    """What carries out one retention: `do_piece` lets go of some rows, in a transaction, and returns how many."""

    name: str
    retention: Retention
    do_piece: Callable[[], int]


def jobs() -> dict[str, Job]:
    """Every job that the catalogue asks for, by name."""
    return {job.name: job for table in tables() for job in _jobs_of(table)}


def run_job(name: str) -> int:
    """Do a job piece by piece until nothing is left or the run has done enough; returns how many rows.

    Rows that somebody else holds locked are left for the next run. Does nothing for a name that is unknown,
    which a message from an older version may carry.
    """
    job = jobs().get(name)
    if job is None:
        log.warning("retention_unknown", job=name)
        return 0
    total = 0
    for _ in range(MOST_PIECES):
        number = job.do_piece()
        total += number
        if not number:
            break
    log.info("retention_applied", job=name, rows=total)
    return total


def _jobs_of(table: Table) -> Iterator[Job]:
    for retention in table.retention:
        if isinstance(retention, Own):
            yield Job(f"{table.label}:{retention.name}", retention, retention.work)
        elif retention.over(now()) is not None:
            yield Job(table.label, retention, partial(_delete, table.model, retention))
    for column in table.columns:
        if column.retention is not None and column.retention.over(now()) is not None:
            yield Job(
                f"{table.label}.{column.name}", column.retention, partial(_empty, table.model, column, column.retention)
            )


@transaction.atomic
def _delete(model: type[Model], retention: Retention) -> int:
    keys = _hold(model._default_manager.filter(retention.over(now())))
    model._default_manager.filter(pk__in=keys).delete()
    return len(keys)


@transaction.atomic
def _empty(model: type[Model], column: Tag, retention: Retention) -> int:
    empty = column.empty() if callable(column.empty) else column.empty
    full = model._default_manager.exclude(**{column.name: empty})
    keys = _hold(full.filter(retention.over(now())))
    model._default_manager.filter(pk__in=keys).update(**{column.name: empty})
    return len(keys)


def _hold(rows: "QuerySet[Any]") -> list[Any]:
    """Lock the first of the rows that nobody else has locked."""
    free = rows.select_for_update(skip_locked=True, of=("self",))
    return [row.pk for row in free.order_by("pk").only("pk")[:PIECE]]
