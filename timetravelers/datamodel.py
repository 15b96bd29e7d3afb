"""The data model as a page: diagrams, tables, constraints and indexes, drawn from the models themselves."""

from collections.abc import Iterable, Iterator
from typing import Any, TypeAlias

from django.apps import apps
from django.db import connection, models

from timetravelers.kit.constraints import meaning_of, reason_for

ROOMS = ("accounts", "mentors", "matching", "missions", "consciousness", "kit")

HEAD = """\
# The data model

Drawn from the models by `make data-model`; a test fails when this page and the models disagree. Tables that
belong to packages (sign-in, schedules, the admin's log) are left out. `*` marks a column that must have a value.
"""

_DELETE = {
    "CASCADE": "goes with it",
    "PROTECT": "holds it",
    "RESTRICT": "holds it",
    "SET_NULL": "forgets it",
    "DO_NOTHING": "database decides",
}

Table = type[models.Model]
Column: TypeAlias = "models.Field[Any, Any]"


def data_model_page() -> str:
    """The whole page, the same bytes for the same models."""
    parts = [HEAD, "## How the rooms hang together\n\n" + _mermaid(_overview(own_tables()))]
    for room in ROOMS:
        tables = [table for table in own_tables() if table._meta.app_label == room]
        if tables:
            parts.append(f"## {room}\n\n" + _mermaid(_relations(tables)))
            parts += [_section(table) for table in tables]
    return "\n".join(parts)


def own_tables() -> list[Table]:
    """Every table of the house's own rooms, by room and name; those made for many-to-many links included."""
    found = [
        table
        for table in apps.get_models(include_auto_created=True)
        if table._meta.app_label in ROOMS and not table._meta.proxy
    ]
    return sorted(found, key=lambda table: (ROOMS.index(table._meta.app_label), table.__name__))


# Diagrams ----------------------------------------------------------------------------------------------


def _mermaid(lines: Iterable[str]) -> str:
    return "```mermaid\nerDiagram\n" + "".join(f"    {line}\n" for line in lines) + "```\n"


def _overview(tables: list[Table]) -> Iterator[str]:
    """Only what crosses from one room into another."""
    for table in tables:
        for column in _links(table):
            if _target(column)._meta.app_label != table._meta.app_label:
                yield _arrow(table, column)


def _relations(tables: list[Table]) -> Iterator[str]:
    for table in tables:
        yield table.__name__
        for column in _links(table):
            yield _arrow(table, column)


def _links(table: Table) -> list[Column]:
    return [column for column in table._meta.concrete_fields if column.related_model is not None]


def _target(column: Column) -> Table:
    target = column.related_model
    if not isinstance(target, type):
        raise TypeError(f"{column} refers to a model that is not there.")
    return target


def _arrow(table: Table, column: Column) -> str:
    one = "|o" if column.null else "||"
    many = "o|" if column.unique else "o{"
    return f'{_target(column).__name__} {one}--{many} {table.__name__} : "{column.name}"'


# Tables ------------------------------------------------------------------------------------------------


def _section(table: Table) -> str:
    opening = (table.__doc__ or "").strip().splitlines()[0]
    said = "" if opening.startswith(f"{table.__name__}(") else f"{opening}\n\n"
    rows = "".join(_column_row(column) for column in table._meta.concrete_fields)
    columns = f"| column | type | refers to |\n|---|---|---|\n{rows}"
    return f"### {table.__name__}\n\n{said}`{table._meta.db_table}`\n\n{columns}\n{_rules(table)}{_indexes(table)}"


def _column_row(column: Column) -> str:
    mark = "" if column.null else " *"
    unique = " (unique)" if column.unique and not column.primary_key else ""
    kind = column.db_type(connection) or ""
    return f"| `{column.column}`{mark} | {kind}{unique} | {_reference(column)} |\n"


def _reference(column: Column) -> str:
    if column.related_model is None:
        return ""
    on_delete = getattr(column.remote_field, "on_delete", None)
    effect = _DELETE.get(getattr(on_delete, "__name__", ""), "")
    return f"{_target(column).__name__}: {effect}" if effect else _target(column).__name__


def _rules(table: Table) -> str:
    rules = sorted(table._meta.constraints, key=lambda rule: rule.name)
    if not rules:
        return ""
    rows = "".join(f"| `{rule.name}` | {_statement(table, rule)} | {_meaning(rule.name)} |\n" for rule in rules)
    return f"| rule | says | to the caller |\n|---|---|---|\n{rows}\n"


def _statement(table: Table, rule: models.BaseConstraint) -> str:
    with connection.schema_editor(collect_sql=True) as editor:
        statement = str(rule.create_sql(table, editor) or "")
    said = _short(table, rule.name, statement)
    # A condition makes it an index to the database; to the reader it stays a rule.
    is_partial = isinstance(rule, models.UniqueConstraint) and "UNIQUE (" not in said
    return said.replace("`", "`UNIQUE ", 1) if is_partial else said


def _short(table: Table, name: str, statement: str) -> str:
    """What the database is told, less what the page says beside it; a raw `|` would end the cell."""
    _, _, told = statement.rstrip(";").partition(f'"{name}" ')
    told = told.removeprefix(f'ON "{table._meta.db_table}" ')
    return f"`{told.replace('|', chr(0xFF5C))}`"


def _meaning(name: str) -> str:
    meant = meaning_of(name)
    if meant is not None:
        return f"`{meant.code}`"
    return reason_for(name) or ""


def _indexes(table: Table) -> str:
    own = [f"- `{index.name}`: {_index(table, index)}" for index in table._meta.indexes]
    single = [f"- `{column.column}`" for column in table._meta.concrete_fields if is_indexed(column)]
    lines = sorted(own) + sorted(single)
    return "Indexes:\n\n" + "\n".join(lines) + "\n" if lines else ""


def is_indexed(column: Column) -> bool:
    """Whether the column has an index of its own that no rule made."""
    return bool(getattr(column, "db_index", False)) and not column.unique


def _index(table: Table, index: models.Index) -> str:
    with connection.schema_editor(collect_sql=True) as editor:
        return _short(table, index.name, str(index.create_sql(table, editor)))
