"""What people read about Travelers."""

from uuid import UUID

from django.db.models import Prefetch

from mentors.errors import TravelerNotFound
from mentors.models import Traveler, TravelerSkill
from mentors.querysets import TravelerQuerySet


def published_travelers(*, field: str = "", search: str = "") -> TravelerQuerySet:
    """The Travelers people may meet, with occupation and field; narrowed by field code and by words."""
    travelers = Traveler.objects.published().select_related("occupation__field")
    if field:
        travelers = travelers.in_field(field)
    return travelers.about(search) if search else travelers


def published_traveler(uid: UUID) -> Traveler:
    """One Traveler with everything people may know of it, in two queries; raises TravelerNotFound."""
    skills = TravelerSkill.objects.select_related("skill").order_by("-level", "skill__name")
    traveler = published_travelers().prefetch_related(Prefetch("skill_links", skills)).filter(uid=uid).first()
    if traveler is None:
        raise TravelerNotFound
    return traveler
