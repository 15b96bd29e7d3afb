"""The rules that tables of every room have alike, as named constraints."""

from collections.abc import Iterable
from typing import Any

from django.db.models import CharField, CheckConstraint, F, Func, Q, Value
from django.db.models.lookups import Exact

SHA256 = "^[0-9a-f]{64}$"


def one_of(field: str, values: Iterable[Any], name: str) -> CheckConstraint:
    """The column holds one of the values, or nothing where it may hold nothing.

    A test holds the values to the choices of the field: a nested `TextChoices` is out of sight in `Meta`.
    """
    return CheckConstraint(condition=Q(**{f"{field}__in": list(values)}), name=name)


def given(*fields: str, name: str) -> CheckConstraint:
    """None of these texts is empty."""
    condition = Q()
    for field in fields:
        condition &= ~Q(**{field: ""})
    return CheckConstraint(condition=condition, name=name)


def at_least(field: str, low: int, name: str) -> CheckConstraint:
    """The number is not smaller, if there is one."""
    return CheckConstraint(condition=Q(**{f"{field}__gte": low}), name=name)


def matches(field: str, pattern: str, name: str) -> CheckConstraint:
    """The text has the form of a regular expression."""
    return CheckConstraint(condition=Q(**{f"{field}__regex": pattern}), name=name)


def not_before(later: str, earlier: str, name: str) -> CheckConstraint:
    """One moment is not before another, if there are both.

    Only for moments that one process takes, or people state: the clocks of two machines differ.
    """
    condition = Q(**{f"{later}__isnull": True}) | Q(**{f"{earlier}__isnull": True})
    return CheckConstraint(condition=condition | Q(**{f"{later}__gte": F(earlier)}), name=name)


def json_is(field: str, kind: str, name: str) -> CheckConstraint:
    """The document is of one of the kinds of JSON: `array` or `object`."""
    found = Func(F(field), function="jsonb_typeof", output_field=CharField())
    return CheckConstraint(condition=Exact(found, Value(kind)), name=name)
