"""What came out of one's sessions."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from accounts.models import User
from consciousness.errors import InsightNotFound
from consciousness.models import Confidence, Insight, Reflection, Session


@dataclass(frozen=True, slots=True, kw_only=True)
class InsightFilter:
    """Which insights; what is not given does not matter."""

    kind: str = ""
    state: str = ""
    session: UUID | None = None


def insights_of(actor: User, which: InsightFilter) -> QuerySet[Insight]:
    """One's own, with their sessions, skills and sources."""
    found = Insight.objects.filter(user=actor.pk).select_related("session", "skill")
    if which.kind:
        found = found.filter(kind=which.kind)
    if which.state:
        found = found.filter(state=which.state)
    if which.session is not None:
        found = found.filter(session__uid=which.session)
    return found.prefetch_related("sources__message")


def insight_for(actor: User, uid: UUID) -> Insight:
    """One of them; raises InsightNotFound."""
    found = insights_of(actor, InsightFilter()).filter(uid=uid).first()
    if found is None:
        raise InsightNotFound
    return found


def reflection_of(session: Session) -> Reflection | None:
    """How far looking back at a session has come; None if nobody does."""
    return Reflection.objects.filter(session=session).first()


def confidence_in(session: Session) -> dict[str, int | None]:
    """How sure the person said they felt, before and after; None where they were not asked, or did not say."""
    said = dict(Confidence.objects.filter(session=session).values_list("moment", "value"))
    return {moment: said.get(moment) for moment in Confidence.Moment.values}
