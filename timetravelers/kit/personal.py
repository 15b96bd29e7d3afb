"""Which rows are about a person and what becomes of them: the registry behind erasure and export.

Each room registers its own tables, in a module `personal.py` that its app imports when it is ready. Every table
of the house has a rule, or is exempt with a reason; a test sees to it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.db import models

Rows = Callable[[int], "models.QuerySet[Any]"]
Files = Callable[[int], "Iterable[StoredFile]"]


class Fate(StrEnum):
    """What becomes of a row when the person leaves."""

    DELETE = "delete"
    ANONYMISE = "anonymise"
    KEEP = "keep"


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file in one of the storages of the settings; `label` is what an export calls it."""

    storage: str
    name: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """How one table is about people.

    `path` is the lookup from a row to the person (`session__user`), or empty for the table of people itself;
    `find` takes its place where no lookup leads there. `export` names the columns (lookups are allowed) that
    the person gets a copy of, in this order. `files` finds the stored files of the rows; those without a
    label are not exported. `blank` says what columns become when a row is anonymised; a function is called for
    its value.
    """

    model: type[models.Model]
    path: str
    fate: Fate
    reason: str
    export: tuple[str, ...] = ()
    files: Files | None = None
    blank: Mapping[str, Any] = field(default_factory=dict)
    find: Rows | None = None

    @property
    def label(self) -> str:
        return self.model._meta.label_lower

    def rows(self, person: int) -> "models.QuerySet[Any]":
        """The rows about the person with this primary key."""
        if self.find is not None:
            return self.find(person)
        return self.model._default_manager.filter(**{self.path or "pk": person})


_rules: dict[tuple[type[models.Model], str], Rule] = {}
_exempt: dict[type[models.Model], str] = {}


def register(*rules: Rule) -> None:
    """Add rules; one for the same table and path again replaces it."""
    for rule in rules:
        _rules[rule.model, rule.path] = rule


def exempt(reason: str, *tables: type[models.Model]) -> None:
    """Say why tables are about nobody."""
    _exempt.update(dict.fromkeys(tables, reason))


def exemptions() -> Mapping[type[models.Model], str]:
    """The tables that are about nobody, with reasons."""
    return _exempt


def rules() -> list[Rule]:
    """All rules in the order of erasure: what is kept or anonymised first, then rows before what they refer to."""
    spared = [rule for rule in _rules.values() if rule.fate is not Fate.DELETE]
    doomed = [rule for rule in _rules.values() if rule.fate is Fate.DELETE]
    order = {model: place for place, model in enumerate(_children_first({rule.model for rule in doomed}))}
    return spared + sorted(doomed, key=lambda rule: order[rule.model])


def _children_first(tables: Iterable[type[models.Model]]) -> Iterator[type[models.Model]]:
    """Tables, each before those it refers to; circles are broken where they are met."""
    waiting = sorted(tables, key=lambda table: table._meta.label_lower)
    reached: list[type[models.Model]] = []
    seen: set[type[models.Model]] = set()

    def visit(table: type[models.Model]) -> None:
        if table in seen:
            return
        seen.add(table)
        for other in waiting:
            if other is not table and table in targets(other):
                visit(other)
        reached.append(table)

    for table in waiting:
        visit(table)
    return iter(reached)


def targets(table: type[models.Model]) -> set[type[models.Model]]:
    """The tables that a row of this one refers to by a foreign key."""
    related = (column.related_model for column in table._meta.concrete_fields)
    return {model for model in related if model is not None}


@dataclass(frozen=True, slots=True)
class Erased:
    """What an erasure did: rows by fate and table, and the files that nothing refers to any more."""

    counts: dict[str, dict[str, int]]
    files: list[StoredFile]


def erase(person: int) -> Erased:
    """Delete and anonymise every row about the person, by the rules.

    Runs in the caller's transaction, under the caller's lock on the person; memory does not grow with the
    rows of tables that nothing refers to. The files are left to the caller, for after the commit.
    """
    counts: dict[str, dict[str, int]] = {fate.value: {} for fate in Fate}
    files = list(stored_files(person))
    for rule in rules():
        for label, number in _apply(rule, person).items():
            tally = counts[rule.fate.value]
            tally[label] = tally.get(label, 0) + number
    return Erased({fate: dict(sorted(tally.items())) for fate, tally in counts.items()}, files)


def _apply(rule: Rule, person: int) -> dict[str, int]:
    rows = rule.rows(person)
    if rule.fate is Fate.KEEP:
        return {rule.label: rows.count()}
    if rule.fate is Fate.ANONYMISE:
        blank = {name: value() if callable(value) else value for name, value in rule.blank.items()}
        return {rule.label: rows.update(**blank)}
    deleted = rows.delete()[1]
    # What went along without a rule of its own is counted under its own name, never silently.
    return {rule.label: 0, **{label.lower(): number for label, number in deleted.items()}}


def stored_files(person: int) -> Iterator[StoredFile]:
    """Every file that is stored for the person."""
    for rule in rules():
        if rule.files is not None:
            yield from rule.files(person)
