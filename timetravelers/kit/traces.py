"""How an exception is written to the log: where it came from, without what a database quotes of people's data."""

import traceback
from collections.abc import Iterator
from types import TracebackType

import psycopg
from django.db.utils import DataError, Error, InterfaceError, OperationalError

ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None]
# These tell of connections and locks, never of values.
HARMLESS = (OperationalError, InterfaceError, psycopg.OperationalError, psycopg.InterfaceError)


def format_trace(exc_info: ExcInfo) -> str:
    """The exception and what led to it, oldest first; PostgreSQL's DETAIL, which quotes rows, is left out."""
    return "\n".join(_format(error) for error in reversed(list(_chain(exc_info[1]))))


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _format(error: BaseException) -> str:
    if not isinstance(error, Error | psycopg.Error) or isinstance(error, HARMLESS):
        return "".join(traceback.format_exception(error, chain=False))
    frames = "".join(traceback.format_tb(error.__traceback__))
    return f"{frames}{type(error).__module__}.{type(error).__qualname__}: {_gist(error)}"


def _gist(error: BaseException) -> str:
    source = error if isinstance(error, psycopg.Error) else error.__cause__
    if not isinstance(source, psycopg.Error):
        return "(no more is told)"
    if isinstance(source, psycopg.DataError) or isinstance(error, DataError):
        return f"SQLSTATE {source.sqlstate}"  # here even the first line quotes values
    return source.diag.message_primary or f"SQLSTATE {source.sqlstate}"
