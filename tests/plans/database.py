"""A database of the plans' own beside the test database, with the same tables."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management import call_command
from django.db import OperationalError, connection

NAME = f"timetravelers_plans_{os.getpid()}"


@contextmanager
def own_database() -> Iterator[None]:
    """Django's connection leads to it while this lasts; afterwards it is gone."""
    before = connection.settings_dict["NAME"]
    connection.close()
    _create(before)
    connection.settings_dict["NAME"] = NAME
    try:
        # A copy of the test database has all tables already.
        call_command("migrate", verbosity=0)
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before
        _run(f'DROP DATABASE IF EXISTS "{NAME}" WITH (FORCE)')


def _create(template: str) -> None:
    _run(f'DROP DATABASE IF EXISTS "{NAME}" WITH (FORCE)')
    try:
        _run(f'CREATE DATABASE "{NAME}" TEMPLATE "{template}"')
    except OperationalError:  # somebody is connected to it
        _run(f'CREATE DATABASE "{NAME}"')


def _run(statement: str) -> None:
    with connection._nodb_cursor() as cursor:
        cursor.execute(statement)
