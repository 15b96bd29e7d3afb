"""Every rule of the database is broken, says its name, and means to people what we said it means."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, models, transaction

from tests.data_model.breaches import BREACHES, FIRST
from tests.data_model.rows import SAMPLES, insert_copy
from tests.data_model.samples import Table
from timetravelers.datamodel import own_tables
from timetravelers.kit.api.problems import as_domain_error
from timetravelers.kit.constraints import broken_constraint, declared, meaning_of, reason_for

RULES = {rule.name: table for table in own_tables() for rule in table._meta.constraints}
# Made by migrations and not by a model.
FIXED = {"traveler_version_fixed", "credit_entry_fixed", "reward_fixed", "role_change_fixed"}
ELSEWHERE = {"traveler_version_exists", *FIXED}


def name_of(part: Any) -> str:
    """A table's or a column's."""
    return str(part.name if isinstance(part, models.Field) else part._meta.label)


CHOOSING = [
    (table, column)
    for table in own_tables()
    for column in table._meta.concrete_fields
    if getattr(column, "choices", None)
]
choosing = pytest.mark.parametrize(("table", "column"), CHOOSING, ids=name_of)


def refused(write: Callable[[], object]) -> IntegrityError:
    """What the database said to a write, at once or at the end of the transaction."""

    def complete() -> None:
        write()
        connection.check_constraints()

    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        complete()
    return caught.value


def test_every_rule_has_a_breach() -> None:
    assert sorted(BREACHES) == sorted(RULES)


def test_of_every_rule_it_is_said_what_its_breach_means() -> None:
    assert sorted(declared()) == sorted({*RULES, *ELSEWHERE})
    for name in declared():
        assert (meaning_of(name) is None) != (reason_for(name) is None), f"{name}: a meaning or a reason, not both."


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(BREACHES))
def test_a_breach_is_refused_by_name(name: str) -> None:
    table = RULES[name]
    row: Any = SAMPLES[table].make()
    if first := FIRST.get(name):
        table._default_manager.filter(pk=row.pk).update(**first)
        row.refresh_from_db()
    change = {column: value(row) if callable(value) else value for column, value in BREACHES[name].items()}
    error = refused(lambda: insert_copy(row, **change))
    assert broken_constraint(error) == name
    meant = meaning_of(name)
    if meant is not None:
        told = as_domain_error(error)
        assert (type(told), told.code, told.errors) == (type(meant), meant.code, meant.errors)


@pytest.mark.django_db
@choosing
def test_no_column_holds_what_is_not_among_its_choices(table: Table, column: Any) -> None:
    row = SAMPLES[table].make()
    wrong = 77 if isinstance(column, models.IntegerField) else "nonsense"
    refused(lambda: insert_copy(row, **{column.attname: wrong}))


@choosing
def test_rules_name_the_choices_that_the_code_has(table: Table, column: Any) -> None:
    choices = {value for value, _ in column.flatchoices}
    for rule in table._meta.constraints:
        condition = getattr(rule, "condition", None)
        named: dict[str, Any] = dict(child for child in getattr(condition, "children", ()) if isinstance(child, tuple))
        if rule.name.endswith("_known") and f"{column.name}__in" in named:
            assert set(named[f"{column.name}__in"]) - {""} == choices


@pytest.mark.django_db
def test_the_database_holds_the_rules_that_the_models_name() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname FROM pg_constraint WHERE convalidated UNION SELECT indexname FROM pg_indexes"
            " UNION SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
        )
        there = {name for (name,) in cursor.fetchall()}
    assert declared() <= there


@pytest.mark.django_db
def test_models_and_migrations_agree() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
