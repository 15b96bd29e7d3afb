"""What the database enforces has a name that we gave it, so that a breach can be told to a person."""

import re
from typing import Any

import pytest
from django.apps import apps
from django.db import models

from tests.architecture.sources import ROOMS

OURS = [model for model in apps.get_models() if model.__module__.split(".")[0] in {*ROOMS, "timetravelers"}]
tables = pytest.mark.parametrize("table", OURS, ids=lambda table: table._meta.label)


def names_of(table: type[models.Model]) -> list[str]:
    return [made.name for made in (*table._meta.constraints, *table._meta.indexes)]


@tables
def test_constraints_and_indexes_have_names_of_ours(table: type[models.Model]) -> None:
    for name in names_of(table):
        assert re.fullmatch(r"[a-z]+(_[a-z0-9]+)+", name), f"{name}: a name in snake_case."
        assert not re.search(r"_[0-9a-f]{6,8}(_idx|_uniq|_check)?$", name), f"{name}: Django made this up; name it."


@tables
def test_uniqueness_over_columns_is_a_named_constraint(table: type[models.Model]) -> None:
    assert not table._meta.unique_together, f"{table._meta.label}: use UniqueConstraint with a name."


def test_no_name_is_used_twice() -> None:
    names = [name for table in OURS for name in names_of(table)]
    assert len(set(names)) == len(names)


@tables
def test_every_reference_says_what_becomes_of_it(table: type[models.Model]) -> None:
    for field in table._meta.local_fields:
        if isinstance(field, models.ForeignKey):
            reference: Any = field
            assert reference.remote_field.on_delete is not models.DO_NOTHING, f"{field}: decide what becomes of it."
            assert reference.db_constraint, f"{field}: the database must know of it."


@tables
def test_the_key_inside_is_a_big_number(table: type[models.Model]) -> None:
    key = table._meta.pk
    assert isinstance(key, models.BigAutoField | models.OneToOneField), (
        f"{table._meta.label}: BigAuto inside, uid outside."
    )
