"""The starting content as tests get it."""

import pytest
from django.db import connection
from django.db.models import Model

from tests.factories.content import MODELS, Rows, restore_content


@pytest.mark.django_db
def test_what_is_added_beside_the_content_has_ids_of_its_own(content_rows: Rows) -> None:
    """A test of migrations leaves tables that count from one again."""
    models: list[type[Model]] = list(MODELS)
    tables = [model._meta.db_table for model in models]
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f'ALTER TABLE "{table}" ALTER COLUMN id RESTART')
        restore_content(content_rows)
        for model, table in zip(models, tables, strict=True):
            cursor.execute(f"SELECT nextval(pg_get_serial_sequence('{table}', 'id'))")
            (following,) = cursor.fetchone()
            assert not model._default_manager.filter(pk__gte=following).exists(), table
