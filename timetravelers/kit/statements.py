"""Hot reads in SQL of their own: the server prepares each statement once a connection."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, LiteralString, cast

from django.db import connection

from timetravelers.kit.postgres.base import DatabaseWrapper


def fetch_one(statement: LiteralString, parameters: list[Any]) -> tuple[Any, ...] | None:
    """The first row, or None. Raises Django's DatabaseError; is counted among Django's queries.

    The text has to be constant, and its columns named: a statement prepared with `*` would break when a
    deploy adds a column under a running process.
    """
    rows = fetch_all(statement, parameters)
    return rows[0] if rows else None


def fetch_all(statement: LiteralString, parameters: list[Any]) -> list[tuple[Any, ...]]:
    """Every row, under the same conditions."""
    wrapper = cast("DatabaseWrapper", connection)
    with wrapper.prepared_cursor() as cursor:
        cursor.execute(statement, parameters)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows


@contextmanager
def together() -> Iterator[None]:
    """Within, what is asked goes to the server in one journey: the first answer that is read brings all of them home.

    A statement still sees what those before it did. What fails is raised where an answer is read, at the latest here.
    """
    # Now, for within it the connection could not be replaced.
    connection.close_if_health_check_failed()
    connection.ensure_connection()
    with connection.connection.pipeline():
        yield


def ask(statement: LiteralString, parameters: list[Any]) -> Callable[[], list[tuple[Any, ...]]]:
    """`fetch_all` in two steps, for use `together`: the statement is on its way, and the rows are there when called."""
    wrapper = cast("DatabaseWrapper", connection)
    cursor = wrapper.prepared_cursor()
    cursor.execute(statement, parameters)

    def rows() -> list[tuple[Any, ...]]:
        with cursor:
            found: list[tuple[Any, ...]] = cursor.fetchall()
            return found

    return rows
