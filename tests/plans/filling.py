"""Filling a table by one INSERT ... SELECT: each column by its own expression, or by what its field allows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models, transaction
from psycopg.sql import SQL, Composable, Identifier, Literal

# Later rows are younger, over most of a year up to now.
MOMENT = "now() - (1 - i::float8 / {rows}) * interval '300 days'"
_PLAIN: tuple[tuple[type[Any], str], ...] = (
    (models.UUIDField, "gen_random_uuid()"),
    (models.DateTimeField, MOMENT),
    (models.DateField, f"({MOMENT})::date"),
    (ArrayField, "'{{}}'"),
    (models.JSONField, "'{{}}'::jsonb"),
    (models.BinaryField, "''::bytea"),
    (models.BooleanField, "false"),
    (models.CharField, "''"),
    (models.TextField, "''"),
    (models.FloatField, "0"),
    (models.IntegerField, "0"),
)


@dataclass(frozen=True)
class Filling:
    """`rows` rows of a model. Expressions are by column, in SQL over `i`, the number of the row from 1."""

    model: type[models.Model]
    rows: int
    columns: dict[str, str] = field(default_factory=dict)

    @property
    def table(self) -> str:
        return self.model._meta.db_table


def fill(filling: Filling) -> None:
    """Put the rows in, with the table's indexes away for as long as it takes."""
    columns = {name: expression for name, expression in _columns(filling).items() if expression is not None}
    statement = SQL("INSERT INTO {} ({}) SELECT {} FROM generate_series(1, {}) AS i").format(
        Identifier(filling.table),
        SQL(", ").join(map(Identifier, columns)),
        SQL(", ").join(columns.values()),
        Literal(filling.rows),
    )
    with transaction.atomic(), connection.cursor() as cursor:
        _hurry(cursor)
        with _without_indexes(cursor, filling.table):
            cursor.execute(statement)


def _columns(filling: Filling) -> dict[str, Composable | None]:
    fields = [one for one in filling.model._meta.concrete_fields if not isinstance(one, models.AutoField)]
    unknown = filling.columns.keys() - {str(one.column) for one in fields}
    assert not unknown, f"{filling.table} has no {sorted(unknown)}."
    return {str(one.column): _expression(one, filling) for one in fields}


def _expression(column: Any, filling: Filling) -> Composable | None:
    own = filling.columns.get(column.column)
    if own is not None:
        return SQL(own.replace("{rows}", str(filling.rows)))
    if column.null:
        return None
    if column.has_default() and not isinstance(column, models.UUIDField):
        return Literal(column.get_db_prep_save(column.get_default(), connection))
    plain = next((text for kind, text in _PLAIN if isinstance(column, kind)), None)
    assert plain is not None, f"Say what to put into {filling.table}.{column.column}."
    return SQL(plain.format(rows=filling.rows))


def _hurry(cursor: Any) -> None:
    """Foreign keys lead to rows that are there by construction; looking each up would cost most of the time."""
    cursor.execute("SELECT current_setting('is_superuser')")
    if cursor.fetchone() == ("on",):
        cursor.execute("SET LOCAL session_replication_role = replica")
    cursor.execute("SET LOCAL maintenance_work_mem = '256MB'")
    cursor.execute("SET LOCAL synchronous_commit = off")
    cursor.execute("SET LOCAL statement_timeout = 0")


@contextmanager
def _without_indexes(cursor: Any, table: str) -> Iterator[None]:
    """All but the primary key's: building an index once costs a third of keeping it up row by row."""
    cursor.execute(_INDEXES, [table, table])
    indexes = cursor.fetchall()
    for away, _ in indexes:
        cursor.execute(away)
    yield
    for _, back in indexes:
        cursor.execute(back)


_INDEXES = """
    SELECT format('DROP INDEX %%s', indexrelid::regclass), pg_get_indexdef(indexrelid)
      FROM pg_index
     WHERE indrelid = %s::regclass AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)
     UNION ALL
    SELECT format('ALTER TABLE %%s DROP CONSTRAINT %%I', conrelid::regclass, conname),
           format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s', conrelid::regclass, conname, pg_get_constraintdef(oid))
      FROM pg_constraint
     WHERE conrelid = %s::regclass AND contype = 'u'
"""
