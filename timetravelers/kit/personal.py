"""Erasure by the catalogue: which rows are about a person, and what becomes of them when the person leaves."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, QuerySet

from timetravelers.kit.catalogue import Fate, Link, StoredFile, Table, tables


@dataclass(frozen=True, slots=True)
class Rule:
    """One table of the catalogue by one of its links; `rules()` makes them."""

    table: Table
    link: Link

    @property
    def model(self) -> type[Model]:
        return self.table.model

    @property
    def label(self) -> str:
        return self.table.label

    @property
    def path(self) -> str:
        return self.link.path

    @property
    def fate(self) -> Fate:
        return self.link.fate

    @property
    def copy(self) -> tuple[tuple[str, str], ...]:
        """What the person's copy holds of these rows: labels, each with its lookup."""
        return self.table.copy if self.link.copied else ()

    def rows(self, person: int) -> "QuerySet[Any]":
        """The rows about the person with this primary key."""
        if self.link.find is not None:
            return self.link.find(person)
        return self.model._default_manager.filter(**{self.path or "pk": person})


def rules() -> list[Rule]:
    """All rules in the order of erasure.

    What is kept or anonymised comes first, and of that what is found by way of other tables, while those still
    say whose they are; then rows before what they refer to.
    """
    known = [Rule(table, link) for table in tables() for link in table.links]
    spared = [rule for rule in known if rule.fate is not Fate.DELETE]
    spared.sort(key=lambda rule: rule.link.find is None)
    doomed = [rule for rule in known if rule.fate is Fate.DELETE]
    order = {model: place for place, model in enumerate(_children_first({rule.model for rule in doomed}))}
    return spared + sorted(doomed, key=lambda rule: order[rule.model])


def _children_first(models: Iterable[type[Model]]) -> Iterator[type[Model]]:
    """Tables, each before those it refers to; circles are broken where they are met."""
    waiting = sorted(models, key=lambda table: table._meta.label_lower)
    reached: list[type[Model]] = []
    seen: set[type[Model]] = set()

    def visit(table: type[Model]) -> None:
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


def targets(table: type[Model]) -> set[type[Model]]:
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
        blank = {name: value() if callable(value) else value for name, value in rule.link.blank.items()}
        return {rule.label: rows.update(**blank)}
    deleted = rows.delete()[1]
    # What went along without a rule of its own is counted under its own name, never silently.
    return {rule.label: 0, **{label.lower(): number for label, number in deleted.items()}}


def stored_files(person: int) -> Iterator[StoredFile]:
    """Every file that is stored for the person."""
    for table in tables():
        if table.files is not None:
            yield from table.files(person)
