"""The lists a person keeps, each in the person's order."""

from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Case, OuterRef, QuerySet, Subquery, When
from django.db.models.functions import JSONObject

from accounts.models import Education, Experience, Goal, Record, RelatedOccupation, UserSkill
from timetravelers.kit.errors import NotFound

R = TypeVar("R", bound=Record)

_BESIDE: dict[type[Record], tuple[str, ...]] = {
    Goal: ("occupation", "field"),
    Experience: ("occupation",),
    Education: (),
    UserSkill: ("skill",),
}


def records_of(kind: type[R], user_id: int) -> QuerySet[R]:
    """The person's records of a kind, in order, with what they refer to.

    Where that is an occupation which is retired, `nearest` holds code and title of the living one nearest to it.
    """
    rows: QuerySet[Any] = kind._default_manager.filter(user_id=user_id).order_by("position", "id")
    if "occupation" in _BESIDE[kind]:
        rows = rows.annotate(nearest=Case(When(occupation__retired_at__isnull=False, then=_nearest())))
    return rows.select_related(*_BESIDE[kind]) if _BESIDE[kind] else rows


def _nearest() -> Subquery:
    links = RelatedOccupation.objects.filter(occupation=OuterRef("occupation"), related__retired_at=None)
    named = JSONObject(code="related__code", title="related__title")
    return Subquery(links.order_by("rank", "related__code").values(named=named)[:1])


def record_of(kind: type[R], user_id: int, uid: UUID) -> R:
    """One of them; raises NotFound, also for somebody else's."""
    record = records_of(kind, user_id).filter(uid=uid).first()
    if record is None:
        raise NotFound
    return record
