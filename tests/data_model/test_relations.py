"""Every reference: to nothing it is refused, and when what it names goes, happens what was declared."""

from typing import Any

import pytest
from django.db import IntegrityError, connection, models, transaction
from django.db.models import ProtectedError

from tests.data_model.rows import SAMPLES
from tests.data_model.samples import Table
from timetravelers.datamodel import own_tables

pytestmark = pytest.mark.django_db

LINKS = [
    (table, column)
    for table in own_tables()
    for column in table._meta.concrete_fields
    if isinstance(column, models.ForeignKey)
]


def name_of(part: Any) -> str:
    """A table's or a column's."""
    return str(part.name if isinstance(part, models.Field) else part._meta.label)


links = pytest.mark.parametrize(("table", "link"), LINKS, ids=name_of)
NOBODY = 0  # a turn follows an earlier one
FOREIGN_KEY_VIOLATION = "23503"

# What would go with its owner, were it not held by something of the same owner: erasure goes in the order of the
# data catalogue, and everybody else is refused.
HELD = {("missions.Reward", "user"), ("mentors.TravelerSkill", "traveler"), ("consciousness.Session", "version")}

# Columns that a rule wants to change together with the reference.
ALONG = {
    ("mentors.ProviderCall", "owner"): "flow",
    ("mentors.FairShare", "owner"): "flow",
    ("consciousness.SummaryPart", "last"): "first_id",
}
# References of which a row has one.
EITHER = {
    "accounts.Goal": {"occupation", "field"},
    "consciousness.ContextMark": {"turn", "memory", "file", "summary"},
    "consciousness.Passage": {"turn", "memory"},
}
# What a row has to be for the reference to name something.
THEN: dict[tuple[str, str], dict[str, Any]] = {
    ("accounts.UserSkill", "skill"): {"name": ""},
    ("consciousness.Insight", "skill"): {"kind": "skill"},
}


def make(table: Table, link: models.ForeignKey[Any, Any]) -> Any:
    """A row of the table in which the reference names something."""
    row: Any = SAMPLES[table].make()
    if getattr(row, link.attname) is None:
        target: Any = link.remote_field.model
        setattr(row, link.name, SAMPLES[target].make())
        others = dict.fromkeys(EITHER.get(table._meta.label, set()) - {link.name})
        for name, value in {**others, **THEN.get((table._meta.label, link.name), {})}.items():
            setattr(row, name, value)
        row.save()
    return row


@links
def test_nothing_refers_to_what_is_not_there(table: Table, link: models.ForeignKey[Any, Any]) -> None:
    row = make(table, link)
    change: dict[str, Any] = {link.attname: NOBODY}
    if along := ALONG.get((table._meta.label, link.name)):
        change[along] = NOBODY
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        _write(row, change)
    assert getattr(caught.value.__cause__, "sqlstate", "") == FOREIGN_KEY_VIOLATION


def _write(row: models.Model, change: dict[str, Any]) -> None:
    """Change the row; where triggers let nobody do that, they are told to look away: the reference is the question."""
    connection.check_constraints()
    with connection.cursor() as cursor:
        cursor.execute(f'ALTER TABLE "{row._meta.db_table}" DISABLE TRIGGER USER')
    type(row)._default_manager.filter(pk=row.pk).update(**change)
    connection.check_constraints()


@links
def test_what_is_declared_happens_when_the_other_goes(table: Table, link: models.ForeignKey[Any, Any]) -> None:
    row = make(table, link)
    target = getattr(row, link.name)
    declared = link.remote_field.on_delete
    if declared is models.PROTECT or (table._meta.label, link.name) in HELD:
        with pytest.raises(ProtectedError) as caught, transaction.atomic():
            target.delete()
        assert caught.value.protected_objects
        assert type(row)._default_manager.filter(pk=row.pk).exists()
        return
    target.delete()
    left = type(row)._default_manager.filter(pk=row.pk).first()
    if declared is models.CASCADE:
        assert left is None
    else:
        assert declared is models.SET_NULL
        assert left is not None
        assert getattr(left, link.attname) is None


@links
def test_the_database_itself_lets_nothing_dangle(table: Table, link: models.ForeignKey[Any, Any]) -> None:
    row = make(table, link)
    target = getattr(row, link.name)
    statement = f'DELETE FROM "{target._meta.db_table}" WHERE "{target._meta.pk.column}" = %s'  # noqa: S608 - our names

    def delete() -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement, [target.pk])
        connection.check_constraints()

    with pytest.raises(IntegrityError), transaction.atomic():
        delete()


def test_samples_name_the_tables_that_the_exceptions_name() -> None:
    labels = {(table._meta.label, column.name) for table, column in LINKS}
    assert labels >= {*HELD, *ALONG, *THEN}
    assert labels >= {(table, name) for table, names in EITHER.items() for name in names}
