"""The data catalogue: every table about people, how it leads to them, and a tag on each of its columns.

Each room describes its own tables, in a module `personal.py` that its app imports when it is ready. A table of
the house is described, or exempt with a reason, and each column of a described one has a tag; a test sees to it.
Erasure, the person's copy, retention and what the AI may be told all follow what is said here.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.db.models import Model, QuerySet

from timetravelers.kit.retention import Retention
from timetravelers.kit.tags import NEVER, Tag

Rows = Callable[[int], "QuerySet[Any]"]
Files = Callable[[int], "Iterable[StoredFile]"]


class Fate(StrEnum):
    """What becomes of a row when the person leaves."""

    DELETE = "delete"
    ANONYMISE = "anonymise"
    KEEP = "keep"


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file in one of the storages of the settings; `label` is what the person's copy calls it."""

    storage: str
    name: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """One way in which rows are about a person, and what becomes of those rows when the person leaves.

    `path` is the lookup from a row to the person (`session__user`), or empty for the table of people itself;
    `find` takes its place where no lookup leads there. `blank` says what columns become when a row is
    anonymised; a function is called for its value. Rows of a link that is not `copied` are somebody else's in
    the first place, so the person's copy leaves them out.
    """

    path: str
    fate: Fate
    reason: str
    blank: Mapping[str, Any] = field(default_factory=dict)
    find: Rows | None = None
    copied: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """All that is said of one table; `title` is what people know it as.

    Of several retentions the one that ends first counts. `files` finds the stored files of a person's rows;
    those without a label are not in the copy.
    """

    model: type[Model]
    title: str
    links: Sequence[Link]
    retention: Sequence[Retention]
    columns: Sequence[Tag]
    files: Files | None = None

    @property
    def label(self) -> str:
        return self.model._meta.label_lower

    @property
    def copy(self) -> tuple[tuple[str, str], ...]:
        """What the person's copy holds of a row: labels, each with its lookup, in the order of the tags."""
        return tuple(pair for column in self.columns for pair in column.copy)

    def tag(self, name: str) -> Tag | None:
        """What is said of a column; None if nothing is."""
        return next((column for column in self.columns if column.name == name), None)


_tables: dict[type[Model], Table] = {}
_exempt: dict[type[Model], str] = {}


def register(*tables: Table) -> None:
    """Describe tables; raises TypeError for anything else, and ValueError for a table that has been described."""
    for table in tables:
        if not isinstance(table, Table):
            raise TypeError(f"{table!r}: describe a table to the catalogue as a Table, with a tag on each column.")
        if table.model in _tables:
            raise ValueError(f"{table.label} is described twice.")
        _tables[table.model] = table


def exempt(reason: str, *models: type[Model]) -> None:
    """Say why tables are about nobody."""
    _exempt.update(dict.fromkeys(models, reason))


def exemptions() -> Mapping[type[Model], str]:
    """The tables that are about nobody, with reasons."""
    return _exempt


def tables() -> list[Table]:
    """Every table about people, by label."""
    return sorted(_tables.values(), key=lambda table: table.label)


def table_of(model: type[Model]) -> Table | None:
    """What is said of a table; None if it is about nobody."""
    return _tables.get(model)


def may_leave(model: type[Model], lookup: str, consents: Collection[str], *, worked_out: bool = False) -> bool:
    """Whether what the lookup reads may go to the AI provider, given the purposes a person has consented to.

    A lookup through several tables may only if each personal column on its way may. What is exempt is about
    nobody and may; a column that nobody has tagged may not. `worked_out` asks for a figure that is worked out
    from the column, not for what stands in it. Raises FieldDoesNotExist for a wrong lookup.
    """
    here: Any = model
    for step in lookup.split("__"):
        column = here._meta.get_field(step)
        if not _column_may_leave(here, column.name, consents, worked_out=worked_out):
            return False
        here = column.related_model
    return True


def _column_may_leave(model: type[Model], name: str, consents: Collection[str], *, worked_out: bool) -> bool:
    if model in _exempt:
        return True
    table = _tables.get(model)
    said = table.tag(name) if table else None
    if said is None or said.special or said.secret:
        return False
    return said.leaves != NEVER and said.leaves in consents and (worked_out or not said.leaves_as)
