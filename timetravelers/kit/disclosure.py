"""What is told to the AI provider: read through the catalogue, so that nothing else can be."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db.models import Model, QuerySet

from timetravelers.kit.catalogue import may_leave, table_of
from timetravelers.kit.tags import Category

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Disclosure:
    """Which columns of one table some message takes up; made by `discloses`."""

    model: type[Model]
    columns: tuple[str, ...]
    worked_out: bool

    def may_leave(self, column: str, consents: Collection[str]) -> bool:
        """Whether this column may go out in this message."""
        return may_leave(self.model, column, consents, worked_out=self.worked_out)

    def category(self, column: str) -> Category:
        """What kind of thing is told by it."""
        table = table_of(self.model)
        said = table.tag(self.model._meta.get_field(column.partition("__")[0]).name) if table else None
        if said is None:
            raise LookupError(f"{self.model._meta.label}.{column} is not in the catalogue.")
        return said.category


_disclosures: list[Disclosure] = []


def discloses(model: type[Model], *columns: str, worked_out: bool = False) -> Disclosure:
    """Say, where a module begins, what its messages take from a table; lookups may lead on into other tables.

    `worked_out` is for columns that are not told themselves, but worked into a figure or a sentence.
    """
    made = Disclosure(model, columns, worked_out)
    _disclosures.append(made)
    return made


def disclosures() -> list[Disclosure]:
    """All that the house ever tells of anybody; a test holds them against the catalogue."""
    return list(_disclosures)


class Withheld(Exception):
    """A message has nothing left to say without what may not leave."""


class Telling:
    """One message about one person: hands out what may leave under the purposes the person consents to.

    What may not is None. `categories` are the kinds of things that were handed out so far.
    """

    def __init__(self, consents: Collection[str]) -> None:
        self.consents = frozenset(consents)
        self.categories: set[Category] = set()

    def read(self, disclosure: Disclosure, rows: "QuerySet[Any]") -> list[dict[str, Any]]:
        """The rows, with the columns of the disclosure. No column that may not leave is even read."""
        allowed = [name for name in disclosure.columns if disclosure.may_leave(name, self.consents)]
        if not allowed:  # values() of no column would be all of them
            return []
        found = [dict.fromkeys(disclosure.columns) | row for row in rows.values(*allowed)]
        for row in found:
            self._note(disclosure, [name for name in allowed if not _is_empty(row[name])])
        return found

    def take(self, work: Callable[[], T], *disclosures: Disclosure) -> T | None:
        """What `work` returns out of the columns of the disclosures, if every one of them may leave.

        Otherwise `work` is not called, and the answer is None.
        """
        columns = [(one, name) for one in disclosures for name in one.columns]
        if not all(one.may_leave(name, self.consents) for one, name in columns):
            return None
        result = work()
        if not _is_empty(result):
            for one, name in columns:
                self._note(one, [name])
        return result

    def _note(self, disclosure: Disclosure, columns: Collection[str]) -> None:
        self.categories.update(disclosure.category(name) for name in columns)


def _is_empty(value: Any) -> bool:
    return value in (None, "", [], {})
