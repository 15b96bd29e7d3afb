"""The lists a person keeps, each in the person's order."""

from typing import Any, TypeVar
from uuid import UUID

from django.db.models import QuerySet

from accounts.models import Education, Experience, Goal, Record, UserSkill
from timetravelers.kit.errors import NotFound

R = TypeVar("R", bound=Record)

_BESIDE: dict[type[Record], tuple[str, ...]] = {
    Goal: ("occupation", "field"),
    Experience: ("occupation",),
    Education: (),
    UserSkill: ("skill",),
}


def records_of(kind: type[R], user_id: int) -> QuerySet[R]:
    """The person's records of a kind, in order, with what they refer to."""
    rows: QuerySet[Any] = kind._default_manager.filter(user_id=user_id).order_by("position", "id")
    return rows.select_related(*_BESIDE[kind]) if _BESIDE[kind] else rows


def record_of(kind: type[R], user_id: int, uid: UUID) -> R:
    """One of them; raises NotFound, also for somebody else's."""
    record = records_of(kind, user_id).filter(uid=uid).first()
    if record is None:
        raise NotFound
    return record
