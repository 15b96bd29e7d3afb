"""Choosing out of the taxonomy: what is there, and was not retired, unless it was chosen before."""

from collections.abc import Callable, Collection, Sequence
from typing import Any, TypeVar

from django.db.models import QuerySet

from accounts.errors import RetiredTaxonomyEntry, UnknownTaxonomyEntry
from accounts.models import Field, Occupation, Skill
from timetravelers.kit.errors import FieldError

T = TypeVar("T", bound=Occupation | Field | Skill)

_KNOWN_AS: dict[type[Any], str] = {Occupation: "code", Field: "code", Skill: "key"}


def choose(table: type[T], code: str, pointer: str, *, present: int | None = None) -> T:
    """The row of an occupation, a field or a skill, by code or key; `present` is the one that is chosen already.

    `pointer` is what the errors blame. Raises UnknownTaxonomyEntry, and RetiredTaxonomyEntry unless it is present.
    """
    rows: QuerySet[Any] = table._default_manager.filter(**{_KNOWN_AS[table]: code})
    row: T | None = rows.first()
    if row is None:
        raise UnknownTaxonomyEntry(errors=(_unknown(pointer, table._meta.model_name),))
    # Fields are never retired, and have no such column.
    if getattr(row, "retired_at", None) is not None and row.pk != present:
        raise RetiredTaxonomyEntry(errors=(_retired(pointer, table._meta.model_name),))
    return row


def choose_skills(keys: Sequence[str], *, present: Collection[int | None]) -> dict[str, int]:
    """The ids of skills by key; `present` are those that are chosen already.

    Raises UnknownTaxonomyEntry and RetiredTaxonomyEntry, naming all the places of the list at fault.
    """
    rows = {key: (pk, at) for key, pk, at in Skill.objects.filter(key__in=keys).values_list("key", "id", "retired_at")}
    if unknown := _blame(keys, lambda key: key not in rows, _unknown):
        raise UnknownTaxonomyEntry(errors=unknown)
    if retired := _blame(keys, lambda key: rows[key][1] is not None and rows[key][0] not in present, _retired):
        raise RetiredTaxonomyEntry(errors=retired)
    return {key: pk for key, (pk, _) in rows.items()}


def _blame(
    keys: Sequence[str], is_wrong: Callable[[str], bool], error: Callable[[str, str], FieldError]
) -> tuple[FieldError, ...]:
    return tuple(error(f"/skills/{index}/key", "skill") for index, key in enumerate(keys) if is_wrong(key))


def _unknown(pointer: str, kind: str | None) -> FieldError:
    return FieldError(pointer, f"unknown_{kind}", f"There is no such {kind}.")


def _retired(pointer: str, kind: str | None) -> FieldError:
    return FieldError(pointer, f"retired_{kind}", f"This {kind} is retired, and cannot be chosen any more.")
