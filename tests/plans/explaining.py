"""Asking the database, beside every statement, how it goes about it; and what is wrong with that."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction

from tests.asking.statements import Statement

EXPLAINED = frozenset({"SELECT", "INSERT", "UPDATE", "DELETE", "WITH"})
# A node may look at so many rows of a large table that it does not give on, or sort so many.
BEARABLE = 10_000
Node = dict[str, Any]


@dataclass(frozen=True)
class Plan:
    """How one statement was carried out: its tree, milliseconds, and pages looked at."""

    statement: Statement
    root: Node
    milliseconds: float

    @property
    def pages(self) -> int:
        return int(self.root.get("Shared Hit Blocks", 0) + self.root.get("Shared Read Blocks", 0))

    def nodes(self) -> Iterator[Node]:
        yield from _walk(self.root)


def _walk(node: Node) -> Iterator[Node]:
    yield node
    for child in node.get("Plans", ()):
        yield from _walk(child)


@contextmanager
def explaining() -> Iterator[list[Plan]]:
    """The plans of this thread's statements while it lasts, each carried out twice, the first time undone."""
    plans: list[Plan] = []

    def explain(execute: Any, text: Any, parameters: Any, many: bool, context: Any) -> Any:  # noqa: FBT001 - Django's
        statement = Statement(str(text), parameters)
        if statement.verb.lstrip("(") in EXPLAINED and not many:
            plans.append(_explain(statement))
        return execute(text, parameters, many, context)

    with connection.execute_wrapper(explain):
        yield plans


def _explain(statement: Statement) -> Plan:
    """In a transaction of its own within the present one, so that what it does is undone."""
    raw: Any = connection.connection
    with raw.transaction(force_rollback=True), raw.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {statement.text}", statement.parameters)
        (told,) = cursor.fetchone()[0]
    return Plan(statement, told["Plan"], told["Execution Time"])


@dataclass(frozen=True)
class Judge:
    """Knows which tables are large."""

    rows: dict[str, int] = field(default_factory=dict)

    @property
    def large(self) -> set[str]:
        return {table for table, rows in self.rows.items() if rows > 2 * BEARABLE}

    def faults(self, plan: Plan) -> list[str]:
        """What would hurt: whole tables read, many rows looked at in vain, many rows sorted."""
        return [fault for node in plan.nodes() if (fault := self._fault(node))]

    def _fault(self, node: Node) -> str:
        kind, table, loops = node["Node Type"], node.get("Relation Name", ""), node["Actual Loops"]
        removed = sum(node.get(f"Rows Removed by {what}", 0) for what in ("Filter", "Index Recheck")) * loops
        given = node["Actual Rows"] * loops
        if kind == "Seq Scan" and table in self.large and loops:
            return f"reads all of {table}"
        if table in self.large and removed > BEARABLE:
            return f"looks at {removed:.0f} rows of {table} in vain"
        if kind in {"Sort", "Incremental Sort", "Aggregate", "Hash"} and given > BEARABLE:
            return f"{kind.lower()}s {given:.0f} rows"
        if kind.startswith("Index") and table in self.large and "Index Cond" not in node and given > BEARABLE:
            return f"walks {given:.0f} entries of {node['Index Name']}"
        return ""


def count_rows() -> dict[str, int]:
    """Rows by table, as the last ANALYZE found."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname, reltuples::bigint FROM pg_class WHERE relkind = 'r'")
        return dict(cursor.fetchall())


@contextmanager
def undone() -> Iterator[None]:
    """Whatever is done to the database within is undone."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
