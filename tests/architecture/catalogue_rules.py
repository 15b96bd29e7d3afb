"""What is wrong with the data catalogue, as sentences: pure functions over tables, links, tags and retentions."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from django.db import models

from accounts.models import Consent, User
from timetravelers.kit.catalogue import Fate, Table, table_of
from timetravelers.kit.disclosure import Disclosure
from timetravelers.kit.retention import After, GoesWith, Lasting, Own, Retention, Settled, WithAccount
from timetravelers.kit.tags import AI_PROVIDER, Tag

Model = type[models.Model]
# Names of columns that open something, or stand for something that does.
SEALED = re.compile(r"password|secret|token|sealed|digest|hash|fingerprint|receipt|session_key|session_data")
KINDS = (WithAccount, After, Settled, GoesWith, Lasting, Own)


def columns_of(model: Model) -> dict[str, Any]:
    return {column.name: column for column in model._meta.concrete_fields}


def paths_to_people(model: Model, seen: frozenset[Model] = frozenset()) -> Iterator[str]:
    """Every chain of foreign keys from a table to the table of people, as a lookup."""
    for column in model._meta.concrete_fields:
        other = column.related_model
        if other is None or other in seen or other is model:
            continue
        if other is User:
            yield column.name
        else:
            further = paths_to_people(other, seen | {model})
            yield from (f"{column.name}__{rest}" for rest in further)


def table_problems(model: Model, table: Table | None, exempt: Mapping[Model, str]) -> Iterator[str]:
    """Whether a table of the house is described or exempt, and every way that leads to a person followed."""
    name, paths = model._meta.label, set(paths_to_people(model))
    if table is None:
        if model not in exempt:
            yield f"{name}: neither in the catalogue nor exempt; describe it as a Table in its room's personal.py"
        elif paths:
            yield f"{name}: exempt, and yet about people: {sorted(paths)}"
        return
    if model in exempt:
        yield f"{name}: exempt, and yet in the catalogue"
    followed = {link.path for link in table.links}
    yield from (f"{name}.{path}: no link" for path in sorted(paths) if "__" not in path and path not in followed)
    if paths and not paths & followed:
        yield f"{name}: its links follow none of {sorted(paths)}"


def column_problems(table: Table) -> Iterator[str]:
    """Whether every column has one tag, and no tag says what cannot be."""
    there, said = set(columns_of(table.model)), [column.name for column in table.columns]
    yield from (f"{table.label}.{name}: untagged" for name in sorted(there - set(said)))
    yield from (f"{table.label}.{name}: a tag for a column that is gone" for name in sorted(set(said) - there))
    yield from (f"{table.label}.{name}: tagged twice" for name in sorted({one for one in said if said.count(one) > 1}))
    labels = [label for label, _ in table.copy]
    yield from (f"{table.label}: two labels {one}" for one in sorted({one for one in labels if labels.count(one) > 1}))
    for column in table.columns:
        if column.name in there:
            yield from (f"{table.label}.{column.name}: {problem}" for problem in _tag_problems(table, column))


def _tag_problems(table: Table, column: Tag) -> Iterator[str]:
    if column.copied and (column.secret or SEALED.search(column.name)):
        yield "sealed or secret, and yet in the copy"
    if column.leaves and (column.secret or column.special or SEALED.search(column.name)):
        yield "secret or protected, and yet it may leave"
    if column.leaves and column.leaves not in Consent.Purpose.values:
        yield f"may leave by a consent that nobody gives: {column.leaves}"
    if column.leaves_as and not column.leaves:
        yield "says as what it leaves, but not that it does"
    for _, lookup in column.copy:
        if lookup.partition("__")[0] != column.name:
            yield f"its copy reads {lookup}, which is another column"
        yield from _lookup_problems(table.model, lookup)


def _lookup_problems(model: Model, lookup: str) -> Iterator[str]:
    """A copy must not reach what the copy of the other table would not hold."""
    here: Any = model
    for step in lookup.split("__"):
        table = table_of(here)
        column = table.tag(here._meta.get_field(step).name) if table else None
        if column is not None and column.secret:
            yield f"its copy reads the secret {here._meta.label_lower}.{step}"
        here = here._meta.get_field(step).related_model


def retention_problems(table: Table, jobs: Mapping[str, Any]) -> Iterator[str]:
    """Whether everything that is kept has an end, and somebody who sees to it."""
    if not table.retention:
        yield f"{table.label}: no retention"
    fates = {link.fate for link in table.links}
    for retention in table.retention:
        yield from (f"{table.label}: {problem}" for problem in _end_problems(table, retention, fates))
    if not any(isinstance(one, WithAccount) for one in table.retention) and table.files is not None:
        yield f"{table.label}: rows go before their files do"
    for column in table.columns:
        if column.retention is not None:
            yield from (f"{table.label}.{column.name}: {one}" for one in _emptying_problems(table, column))
    asked = {id(one) for one in (*table.retention, *(column.retention for column in table.columns)) if _needs_job(one)}
    done = {id(job.retention) for job in jobs.values()}
    if asked - done:
        yield f"{table.label}: a retention without a job"


def _needs_job(retention: Retention | None) -> bool:
    return retention is not None and not isinstance(retention, WithAccount | GoesWith | Lasting)


def _end_problems(table: Table, retention: Retention, fates: set[Fate]) -> Iterator[str]:
    there = columns_of(table.model)
    match retention:
        case WithAccount() if Fate.DELETE not in fates:
            yield "kept with the account, but rows outlive it"
        case After():
            moments = (there.get(name) for name in retention.columns)
            if not retention.columns or not all(isinstance(moment, models.DateField) for moment in moments):
                yield f"{retention.columns} are no moments"
        case GoesWith():
            parent = there.get(retention.column)
            above = getattr(parent, "related_model", None)
            if above is None or not _deletes_along(parent) or table_of(above) is None:
                yield f"does not go with {retention.column}"
        case Lasting() if fates != {Fate.ANONYMISE}:
            yield "kept for ever, and yet it names somebody"
    if not isinstance(retention, KINDS):
        yield f"{retention}: nobody carries this out"


def _deletes_along(column: Any) -> bool:
    return isinstance(column, models.ForeignKey) and column.remote_field.on_delete is models.CASCADE


def _emptying_problems(table: Table, tag: Tag) -> Iterator[str]:
    column = columns_of(table.model).get(tag.name)
    if not isinstance(tag.retention, After | Settled):
        yield "a column can only be emptied after a time, or when something is settled"
    if column is not None and tag.empty is None and not column.null:
        yield "cannot be emptied: it says no empty value, and takes no NULL"
    if column is not None and column.unique:
        yield "cannot be emptied twice: it is unique"


def link_problems(table: Table) -> Iterator[str]:
    """Whether the links can be followed, and an anonymised row no longer leads to the person."""
    there = columns_of(table.model)
    for link in table.links:
        where = f"{table.label} by {link.path or 'itself'}"
        if len(link.reason) <= 10:
            yield f"{where}: no reason"
        if bool(link.blank) != (link.fate is Fate.ANONYMISE):
            yield f"{where}: blank goes with anonymising"
        if set(link.blank) - set(there):
            yield f"{where}: blanks {sorted(set(link.blank) - set(there))}, which are no columns"
        if link.fate is Fate.ANONYMISE and link.find is None and link.path.partition("__")[0] not in link.blank:
            yield f"{where}: still leads to the person"


def disclosure_problems(disclosures: list[Disclosure]) -> list[str]:
    """Columns that a message takes up though the catalogue says they may never leave."""
    return [
        f"{one.model._meta.label_lower}.{name}: told, but tagged as never leaving"
        for one in disclosures
        for name in one.columns
        if not one.may_leave(name, {AI_PROVIDER})
    ]
