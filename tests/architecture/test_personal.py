"""Every table is known to the registry of personal data: erasure and export miss none."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import FieldError
from django.db import models

from accounts.models import User
from tests.factories.everything import make_everything
from timetravelers.kit.personal import Fate, Rule, exemptions, rules

Table = type[models.Model]
TABLES: list[Table] = [model for model in apps.get_models(include_auto_created=True) if model._meta.managed]


def paths_to_people(table: Table, seen: frozenset[Table] = frozenset()) -> Iterator[str]:
    """Every chain of foreign keys from a table to the table of people, as a lookup."""
    for column in table._meta.concrete_fields:
        other = column.related_model
        if other is None or other in seen or other is table:
            continue
        if other is User:
            yield column.name
        else:
            further = paths_to_people(other, seen | {table})
            yield from (f"{column.name}__{rest}" for rest in further)


def problems(tables: list[Table], known: list[Rule], exempt: dict[Table, str]) -> list[str]:
    """What the registry does not say about tables, or says of none."""
    ruled = {(rule.model, rule.path) for rule in known}
    covered = {rule.model for rule in known}
    found = []
    for table in tables:
        name = table._meta.label
        paths = set(paths_to_people(table))
        if table not in covered and table not in exempt:
            found.append(f"{name}: neither a rule nor an exemption")
        if table in exempt and (paths or table in covered):
            found.append(f"{name}: exempt, and yet about people: {sorted(paths)}")
        direct = {path for path in paths if "__" not in path}
        found += [f"{name}.{path}: no rule" for path in sorted(direct) if (table, path) not in ruled]
        if table in covered and paths and not any((table, path) in ruled for path in paths):
            found.append(f"{name}: its rules follow none of {sorted(paths)}")
    return found


def test_every_table_has_a_rule_or_an_exemption() -> None:
    assert problems(TABLES, rules(), dict(exemptions())) == []


def test_a_table_that_is_not_registered_is_noticed() -> None:
    victim = next(rule for rule in rules() if rule.label == "missions.evidence")
    without = [rule for rule in rules() if rule is not victim]
    assert problems(TABLES, without, dict(exemptions())) == ["missions.Evidence: neither a rule nor an exemption"]
    wrongly = {**exemptions(), victim.model: "a lie"}
    assert "exempt, and yet about people" in problems(TABLES, without, wrongly)[0]
    actor = next(rule for rule in rules() if (rule.label, rule.path) == ("accounts.rolechange", "actor"))
    but_one = [rule for rule in rules() if rule is not actor]
    assert problems(TABLES, but_one, dict(exemptions())) == ["accounts.RoleChange.actor: no rule"]


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: f"{rule.label}-{rule.path}")
def test_a_rule_can_be_followed(rule: Rule) -> None:
    assert len(rule.reason) > 10
    assert bool(rule.blank) == (rule.fate is Fate.ANONYMISE)
    if rule.find is None:
        str(rule.rows(0).values(*rule.export).query)
    with pytest.raises(FieldError):
        rule.model._default_manager.values("no_such_column")


def test_exemptions_have_reasons() -> None:
    assert all(len(reason) > 8 for reason in exemptions().values())


def test_rows_go_before_what_they_refer_to() -> None:
    order = [rule.label for rule in rules() if rule.fate is Fate.DELETE]
    for earlier, later in (
        ("missions.reward", "missions.mission"),
        ("missions.evidence", "missions.mission"),
        ("consciousness.message", "consciousness.turn"),
        ("consciousness.turn", "consciousness.session"),
        ("accounts.profile", "accounts.user"),
    ):
        assert order.index(earlier) < order.index(later)


@pytest.mark.django_db
def test_the_test_person_has_a_row_in_every_table() -> None:
    user = make_everything("canary")
    empty = [rule.label for rule in rules() if not _spared(rule) and not rule.rows(user.pk).exists()]
    assert empty == []


def _spared(rule: Any) -> bool:
    """These come to be when the account is deleted."""
    return rule.label in {"accounts.deletion", "accounts.erasureduty"}
