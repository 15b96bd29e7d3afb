"""The data catalogue as a person reads it: what we keep about them, why, for how long, and who else may know."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from timetravelers.kit.catalogue import Fate, Table, tables
from timetravelers.kit.tags import Category, Tag

WHEN_YOU_LEAVE = {
    Fate.DELETE: "It is deleted with your account.",
    Fate.ANONYMISE: "What is left no longer says that it was about you.",
    Fate.KEEP: "It stays as the record of your deletion, and names nobody.",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """Some columns of one table for which the same holds; `consent` is empty where nothing may go to the AI."""

    about: str
    what: tuple[str, ...]
    purpose: str
    why: str
    kept: tuple[str, ...]
    when_you_leave: str
    may_go_to_ai: bool
    consent: str
    only_as: str
    in_your_copy: bool
    never_judged_by: bool


@dataclass(frozen=True, slots=True)
class Chapter:
    """All entries of one category."""

    category: str
    title: str
    text: str
    entries: tuple[Entry, ...]


def data_catalogue() -> list[Chapter]:
    """What the house keeps about people, a chapter a category; the same for everybody."""
    return [Chapter(category.key, category.title, category.says, tuple(_entries(category))) for category in Category]


def _entries(category: Category) -> Iterator[Entry]:
    for table in tables():
        alike: dict[Entry, list[str]] = {}
        for column in table.columns:
            if column.category is category:
                alike.setdefault(_entry(table, column), []).append(column.name.replace("_", " "))
        for entry, names in alike.items():
            yield replace(entry, what=tuple(names))


def _entry(table: Table, column: Tag) -> Entry:
    """What holds for the column, without its name."""
    own = (column.retention,) if column.retention else ()
    return Entry(
        about=table.title,
        what=(),
        purpose=column.purpose.key,
        why=column.purpose.says,
        kept=tuple(retention.words for retention in (*own, *table.retention)),
        when_you_leave=WHEN_YOU_LEAVE[table.links[0].fate],
        may_go_to_ai=bool(column.leaves),
        consent=column.leaves,
        only_as=column.leaves_as,
        in_your_copy=column.copied,
        never_judged_by=column.special,
    )
