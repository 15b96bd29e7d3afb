"""A populated database goes from the first step to the last, and back to the first; nothing is lost on the way."""

from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from pytest_django import DjangoDbBlocker

from tests.data_model.first_rows import fill
from timetravelers.datamodel import ROOMS, own_tables

Key = tuple[str, str]
Rows = dict[Any, dict[str, Any]]
Snapshot = dict[str, Rows]

# Columns that keep their name and not what is in them; what became of it is looked at below.
REFORMED = {("mentors_traveler", "boundaries"), ("mentors_traveler", "updated_at")}


@pytest.fixture
def _own_database(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """An empty database for this test alone, on the tests' engine."""
    with django_db_blocker.unblock():
        connection.close()
        usual = connection.settings_dict["NAME"]
        walked = f"{usual}_walked"
        _administer(f'DROP DATABASE IF EXISTS "{walked}"', f'CREATE DATABASE "{walked}"')
        connection.settings_dict["NAME"] = walked
        try:
            yield
        finally:
            connection.close()
            connection.settings_dict["NAME"] = usual
            _administer(f'DROP DATABASE "{walked}"')


def _administer(*statements: str) -> None:
    with connection._nodb_cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def first_steps() -> list[Key]:
    """The first step of each room that had tables when the house was new."""
    loader = MigrationExecutor(connection).loader
    rooms = {room for room, _ in loader.disk_migrations} & set(ROOMS)
    first = {min(key for key in loader.disk_migrations if key[0] == room) for room in rooms}
    return sorted(key for key in first if not _ours(loader.graph.forwards_plan(key)) - first)


def _ours(steps: Iterable[Key]) -> set[Key]:
    return {step for step in steps if step[0] in ROOMS}


def migrate(targets: list[Key]) -> None:
    """Go there, by way of every step between."""
    MigrationExecutor(connection).migrate(targets)


def models_at(targets: list[Key]) -> Any:
    """The models as they are at these steps."""
    return MigrationExecutor(connection).loader.project_state(targets).apps


def snapshot() -> Snapshot:
    """Every row of every table of the house, by table and key."""
    tables = [name for name in connection.introspection.table_names() if name.split("_")[0] in ROOMS]
    return {table: _rows(table) for table in sorted(tables)}


def _rows(table: str) -> Rows:
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 - the database's own names
        names = [column.name for column in cursor.description or ()]
        found = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    key = "id" if "id" in names else "user_id"
    return {row[key]: row for row in found}


def differences(before: Snapshot, after: Snapshot) -> list[str]:
    """What rows that were there before hold otherwise now, in columns that are there still."""
    found = []
    for table, rows in before.items():
        for key, row in rows.items():
            now = after.get(table, {}).get(key)
            if now is None:
                found.append(f"{table} {key} is gone")
                continue
            changed = [name for name in row if name in now and row[name] != now[name]]
            found += [f"{table} {key} {name}" for name in changed if (table, name) not in REFORMED]
    return found


@pytest.mark.timeout(600)  # some sixty steps of ours and of packages, there and back
@pytest.mark.usefixtures("_own_database")
def test_a_populated_database_goes_to_the_last_step_and_back() -> None:
    first = first_steps()
    migrate(first)
    fill(models_at(first))
    before = snapshot()
    assert all(before.values()), f"without a row: {[table for table, rows in before.items() if not rows]}"

    migrate(MigrationExecutor(connection).loader.graph.leaf_nodes())
    connection.check_constraints()
    after = snapshot()
    assert set(after) == {table._meta.db_table for table in own_tables()}
    assert differences(before, after) == []
    _what_moved(after)

    migrate(first)
    back = snapshot()
    assert set(back) == set(before)
    assert differences(before, back) == []
    boundaries = [[row["boundaries"] for row in there["mentors_traveler"].values()] for there in (before, back)]
    assert boundaries[0] == boundaries[1]
    assert {table: set(rows) for table, rows in back.items()} == {table: set(rows) for table, rows in before.items()}


def _what_moved(after: Snapshot) -> None:
    """What was in columns that are no more is where it went."""
    assert sorted(row["title"] for row in after["accounts_alternatetitle"].values()) == ["Ant", "Ant", "Bee", "Bee"]
    (version,) = after["mentors_travelerversion"].values()
    (session,) = after["consciousness_session"].values()
    (traveler,) = after["mentors_traveler"].values()
    assert (version["number"], session["version_id"]) == (3, version["id"])
    assert traveler["state"] == "published"
    assert {row["minor_group_id"] is None for row in after["accounts_occupation"].values()} == {False}
