"""Every table: a row is made, read, changed and deleted; a new table without a sample fails."""

from typing import Any

import pytest
from django.db import IntegrityError, models, transaction
from django.db.models import ProtectedError

from mentors.models import Traveler, TravelerVersion
from missions.models import MissionTemplate
from tests.data_model.rows import SAMPLES, columns_of
from tests.data_model.samples import Table
from timetravelers.datamodel import own_tables

tables = pytest.mark.parametrize("table", list(SAMPLES), ids=lambda table: table._meta.label)
pytestmark = pytest.mark.django_db

# Rows that stay: what was said under them would lose its ground.
KEPT: dict[Table, type[Exception]] = {TravelerVersion: IntegrityError, Traveler: ProtectedError}


def stored(row: models.Model) -> dict[str, Any]:
    """What the database holds of a row."""
    return columns_of(type(row)._default_manager.get(pk=row.pk))


def test_every_table_has_a_sample() -> None:
    assert set(SAMPLES) == set(own_tables())


@tables
def test_a_row_is_made_and_read(table: Table) -> None:
    row = SAMPLES[table].make()
    assert type(row) is table
    row.refresh_from_db()
    row.validate_constraints()
    assert stored(row) == columns_of(row)
    assert str(row)


@tables
def test_a_row_is_changed_and_nothing_else_with_it(table: Table) -> None:
    sample = SAMPLES[table]
    row: Any = sample.make()
    before = stored(row)
    if sample.change:
        table._default_manager.filter(pk=row.pk).update(**sample.change)
    after = stored(row)
    changed = {name for name in before if before[name] != after[name]}
    assert changed == set(sample.change)
    assert {name: after[name] for name in sample.change} == sample.change


@tables
def test_a_row_is_deleted_unless_it_is_kept(table: Table) -> None:
    row = SAMPLES[table].make()
    refusal = KEPT.get(table)
    if refusal is None:
        row.delete()
        assert not table._default_manager.filter(pk=row.pk).exists() if row.pk else True
        return
    with pytest.raises(refusal), transaction.atomic():
        row.delete()
    assert table._default_manager.filter(pk=row.pk).exists()


def test_a_link_of_many_to_many_goes_with_either_side() -> None:
    through: Any = MissionTemplate.skills.through
    row: Any = SAMPLES[through].make()
    row.missiontemplate.delete()
    assert not through.objects.exists()
