"""Hot reads in SQL of their own: the server prepares each statement once a connection."""

from typing import Any, LiteralString, cast

from django.db import connection

from timetravelers.kit.postgres.base import DatabaseWrapper


def fetch_one(statement: LiteralString, parameters: list[Any]) -> tuple[Any, ...] | None:
    """The first row, or None. Raises Django's DatabaseError; is counted among Django's queries.

    The text has to be constant, and its columns named: a statement prepared with `*` would break when a
    deploy adds a column under a running process.
    """
    wrapper = cast("DatabaseWrapper", connection)
    with wrapper.prepared_cursor() as cursor:
        cursor.execute(statement, parameters)
        row: tuple[Any, ...] | None = cursor.fetchone()
        return row
