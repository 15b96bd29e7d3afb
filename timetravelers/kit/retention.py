"""How long things are kept, as values: each can say itself in words, and which rows' time is up."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """A period; `words` goes on with "We keep it ..."."""

    words: str

    def over(self, moment: datetime) -> Q | None:
        """The rows whose time is up at this moment; None where no clock of ours decides."""
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class WithAccount(Retention):
    """Until the person deletes it or leaves; erasure sees to it."""

    words: str = "for as long as you have your account, unless you delete it earlier"


@dataclass(frozen=True, slots=True, kw_only=True)
class After(Retention):
    """For a time after a moment in the row, whichever of `columns` is over first; rows that have none stay.

    `only` narrows it to rows in a certain state.
    """

    age: timedelta
    columns: tuple[str, ...]
    only: Q

    def over(self, moment: datetime) -> Q | None:
        passed = Q(pk__in=[])
        for column in self.columns:
            passed |= Q(**{f"{column}__lt": moment - self.age})
        return passed & self.only


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled(Retention):
    """For as long as something is under way: rows that `done` finds need it no more."""

    done: Q

    def over(self, moment: datetime) -> Q | None:
        return self.done


@dataclass(frozen=True, slots=True, kw_only=True)
class GoesWith(Retention):
    """For as long as the row it belongs to, by the reference `column`, which deletes along."""

    column: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Lasting(Retention):
    """Without an end: only for rows that are not about the person once the reference to them is emptied."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Own(Retention):
    """By a service with rules of its own: `work` does a piece, and returns how many rows it was."""

    name: str
    work: Callable[[], int]


DAY = timedelta(days=1)
TWO_DAYS = 2 * DAY
YEAR = 365 * DAY
WITH_ACCOUNT = WithAccount()


def after(age: timedelta, *columns: str, since: str, only: Q | None = None) -> After:
    """For `age` after the moments in `columns`; `since` says in words what they are."""
    return After(words=f"for {spoken(age)} after {since}", age=age, columns=columns, only=only or Q())


def past(column: str, words: str) -> After:
    """Until the moment that stands in the column."""
    return After(words=words, age=timedelta(), columns=(column,), only=Q())


def goes_with(column: str, words: str) -> GoesWith:
    """As long as the row that `column` refers to."""
    return GoesWith(words=words, column=column)


def spoken(age: timedelta) -> str:
    """A time in whole years if it is that, otherwise in days, or in hours below two days."""
    if age < TWO_DAYS:
        number, unit = round(age.total_seconds() / 3600), "hour"
    elif age % YEAR:
        number, unit = round(age / DAY), "day"
    else:
        number, unit = age // YEAR, "year"
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"
