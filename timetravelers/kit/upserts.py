"""Bringing rows to a wanted state in bulk, writing only what differs."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from django.db import connection, models

Row = TypeVar("Row", bound=models.Model)
ROWS_AT_ONCE = 10_000
CHANGES_AT_ONCE = 500  # a statement for changes spells out a case for each row and column


@dataclass(frozen=True, slots=True)
class Tally:
    """How many rows were made, changed, removed, and left as they were."""

    created: int = 0
    changed: int = 0
    removed: int = 0
    unchanged: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            self.created + other.created,
            self.changed + other.changed,
            self.removed + other.removed,
            self.unchanged + other.unchanged,
        )

    def __str__(self) -> str:
        if not (self.created or self.changed or self.removed):
            return f"nothing changed ({self.unchanged} rows)"
        return f"{self.created} created, {self.changed} changed, {self.removed} removed, {self.unchanged} unchanged"


def lock_table(model: type[models.Model]) -> None:
    """Let no other transaction write to the table until this one ends; reading goes on."""
    with connection.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {connection.ops.quote_name(model._meta.db_table)} IN SHARE ROW EXCLUSIVE MODE")


def upsert(
    present: "models.QuerySet[Row]",
    wanted: Iterable[Row],
    *,
    key: Sequence[str],
    values: Sequence[str],
    prune: bool = False,
) -> Tally:
    """Make the rows of `present` equal to `wanted` in `values`, matched by `key` (attribute names, `_id` for keys).

    Rows of `present` that nobody wants stay, unless `prune`. Runs in the caller's transaction, under the
    caller's lock. Wanted rows that exist get their primary key set, so they can be referred to afterwards.
    """
    existing = {_read(row, key): row for row in present}
    fresh, altered, kept = _sort_out(existing, list(wanted), key, values)
    removed = 0
    if prune and existing:
        removed = present.filter(pk__in=[row.pk for row in existing.values()]).delete()[0]
    present.model._default_manager.bulk_create(fresh, batch_size=ROWS_AT_ONCE)
    if altered:
        present.model._default_manager.bulk_update(altered, list(values), batch_size=CHANGES_AT_ONCE)
    return Tally(len(fresh), len(altered), removed, kept)


def _sort_out(
    existing: dict[tuple[object, ...], Row], wanted: list[Row], key: Sequence[str], values: Sequence[str]
) -> tuple[list[Row], list[Row], int]:
    """New rows, rows that differ, and how many are equal; what is left in `existing` nobody wants."""
    fresh, altered, kept = [], [], 0
    for row in wanted:
        twin = existing.pop(_read(row, key), None)
        if twin is None:
            fresh.append(row)
            continue
        row.pk = twin.pk
        if _read(row, values) == _read(twin, values):
            kept += 1
        else:
            altered.append(row)
    return fresh, altered, kept


def _read(row: models.Model, names: Sequence[str]) -> tuple[object, ...]:
    return tuple(getattr(row, name) for name in names)
