"""The lists a person keeps: adding to them, changing, removing, putting in order."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar
from uuid import UUID

from django.db import models, transaction

from accounts.errors import OrderStale, RecordsFull
from accounts.models import MOST_RECORDS, Field, Occupation, Record, Skill, User
from accounts.selectors.records import record_of
from accounts.services.choosing import choose
from accounts.services.record_rules import settle
from accounts.services.versions import lock_profile, save_next

R = TypeVar("R", bound=Record)

# What a record refers to in the taxonomy, and what people call the field.
_REFERENCES: dict[str, tuple[type[Occupation | Field | Skill], str]] = {
    "occupation": (Occupation, "/occupation"),
    "field": (Field, "/field"),
    "skill": (Skill, "/key"),
}


@transaction.atomic
def add_record(kind: type[R], *, user: User, values: Mapping[str, Any]) -> R:
    """Put a record at the end of the person's list; occupations, fields and skills are named by code or key.

    Locks the person's row. Raises RecordsFull, UnknownTaxonomyEntry, RetiredTaxonomyEntry,
    RecordInconsistent, and the error of a constraint. The profile gets its next version; publishes ProfileChanged.
    """
    profile = lock_profile(user)
    positions = list(kind._default_manager.filter(user_id=user.pk).values_list("position", flat=True))
    if len(positions) >= MOST_RECORDS:
        raise RecordsFull(f"There is room for {MOST_RECORDS}.")
    record = kind(user_id=user.pk, position=max(positions, default=-1) + 1, **_resolved(values, None))
    settle(record, {})
    record.save()
    save_next(profile)
    return record


@transaction.atomic
def change_record(kind: type[R], *, user: User, uid: UUID, values: Mapping[str, Any]) -> R:
    """Change the fields that are named and leave the others; nothing named, nothing done.

    Locks the person's row, so that two phones that edit different fields both get through. Raises NotFound
    for a record that is not the person's, and what `add_record` raises. Publishes ProfileChanged.
    """
    profile = lock_profile(user)
    record = record_of(kind, user.pk, uid)
    wanted = _resolved(values, record)
    before = {name: getattr(record, name) for name in wanted if getattr(record, name) != wanted[name]}
    if not before:
        return record
    for name, value in wanted.items():
        setattr(record, name, value)
    settle(record, before)
    record.save()
    save_next(profile)
    return record


@transaction.atomic
def remove_record(kind: type[Record], *, user: User, uid: UUID) -> None:
    """Take a record off the person's list; the others keep their order.

    Locks the person's row. Raises NotFound. Publishes ProfileChanged.
    """
    profile = lock_profile(user)
    record_of(kind, user.pk, uid).delete()
    save_next(profile)


@transaction.atomic
def order_records(kind: type[Record], *, user: User, uids: Sequence[UUID]) -> None:
    """Give the person's list the order in which its records are named, each once.

    Locks the person's row. Raises OrderStale unless exactly the records are named that are in the list now.
    Publishes ProfileChanged.
    """
    profile = lock_profile(user)
    rows = {row.uid: row for row in kind._default_manager.filter(user_id=user.pk)}
    if len(uids) != len(rows) or set(uids) != set(rows):
        raise OrderStale
    for position, uid in enumerate(uids):
        rows[uid].position = position
    kind._default_manager.bulk_update(rows.values(), ["position"])
    save_next(profile)


def _resolved(values: Mapping[str, Any], record: Record | None) -> dict[str, Any]:
    """The values with rows of the taxonomy in place of their codes; what the record has, it may keep."""
    return {
        name: _row(name, value, record) if name in _REFERENCES and value is not None else value
        for name, value in values.items()
    }


def _row(name: str, code: str, record: Record | None) -> models.Model:
    table, pointer = _REFERENCES[name]
    return choose(table, code, pointer, present=getattr(record, f"{name}_id", None))
