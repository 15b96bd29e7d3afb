"""The migrations as a list: linear, reversible or listed, and building indexes beside the writing."""

from collections.abc import Iterator

import pytest
from django.contrib.postgres.operations import NotInTransactionMixin
from django.db import migrations
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation

from timetravelers.datamodel import ROOMS

Key = tuple[str, str]

# Steps from before tables had rows anywhere: nothing is released that they could hold up.
BUILT_AT_ONCE = {
    ("accounts", "0002_identity_and_profile", "user_skill_of_user"),
    ("accounts", "0002_identity_and_profile", "user_skill_name_once"),
}
# Operations that cannot be undone, each with why.
IRREVERSIBLE: dict[Key, str] = {}

loader = MigrationLoader(None)
STEPS = {key: step for key, step in sorted(loader.disk_migrations.items()) if key[0] in ROOMS}
steps = pytest.mark.parametrize("key", list(STEPS), ids=".".join)


def operations(key: Key) -> Iterator[Operation]:
    """What a step does, what it only tells the database or only the models included."""
    for operation in STEPS[key].operations:
        yield operation
        if isinstance(operation, migrations.SeparateDatabaseAndState):
            yield from operation.database_operations


def made_in(key: Key) -> set[str]:
    return {op.name_lower for op in operations(key) if isinstance(op, migrations.CreateModel)}


@pytest.mark.parametrize("room", sorted({room for room, _ in STEPS}))
def test_steps_follow_each_other_in_one_line(room: str) -> None:
    names = [name for app, name in STEPS if app == room]
    assert loader.graph.leaf_nodes(room) == [(room, names[-1])]
    for number, name in enumerate(names):
        assert name.startswith(f"{number + 1:04d}_")
        before = [parent for parent in STEPS[room, name].dependencies if parent[0] == room]
        assert before == ([(room, names[number - 1])] if number else [])


@steps
def test_a_step_says_in_its_name_what_it_does(key: Key) -> None:
    _, name = key
    assert "draft" not in name
    assert "_auto_" not in name
    assert not STEPS[key].replaces


@steps
def test_every_step_goes_back_or_says_why_not(key: Key) -> None:
    if key not in IRREVERSIBLE:
        assert all(operation.reversible for operation in operations(key))


@steps
def test_indexes_of_tables_that_are_there_are_built_beside_the_writing(key: Key) -> None:
    fresh = made_in(key)
    for operation in STEPS[key].operations:
        made = _index_of(operation)
        if made and (*key, made) not in BUILT_AT_ONCE:
            assert getattr(operation, "model_name", "").lower() in fresh, f"{made}: build it concurrently."


def _index_of(operation: Operation) -> str:
    """The name of what the operation has the database sort a table for, with writers shut out."""
    if isinstance(operation, migrations.AddIndex) and not isinstance(operation, NotInTransactionMixin):
        return str(operation.index.name)
    if isinstance(operation, migrations.AddConstraint) and hasattr(operation.constraint, "fields"):
        return str(operation.constraint.name)
    return ""


@steps
def test_a_step_that_builds_beside_the_writing_is_no_transaction(key: Key) -> None:
    concurrent = any(isinstance(op, NotInTransactionMixin) or "CONCURRENTLY" in _sql(op) for op in operations(key))
    assert STEPS[key].atomic is not concurrent


def _sql(operation: Operation) -> str:
    return str(operation.sql) if isinstance(operation, migrations.RunSQL) else ""
