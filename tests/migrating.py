"""Going to a step of the migrations in a test's own database, and back to the newest."""

from typing import Any

from django.db import connection
from django.db.migrations.executor import MigrationExecutor

Step = tuple[str, str]


def migrate(*steps: Step) -> Any:
    """Go there, by way of every step between; the models as they are then."""
    return MigrationExecutor(connection).migrate(list(steps)).apps


def migrate_to_newest() -> None:
    """Leave the database as every other test expects it."""
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())
