"""The career taxonomy as people search it."""

from django.db.models import Prefetch, QuerySet

from accounts.models import Field, Occupation, OccupationSkill, RelatedOccupation, Skill
from timetravelers.kit.errors import NotFound


def fields() -> QuerySet[Field]:
    """All fields, in the order of their codes."""
    return Field.objects.all()


def occupations(*, search: str = "", field: str = "") -> QuerySet[Occupation]:
    """Occupations whose title or an alternate title holds the text, in a field if given; no retired ones."""
    found = Occupation.objects.live().select_related("field").matching(search)
    return found.filter(field__code=field) if field else found


def occupation(code: str) -> Occupation:
    """One occupation, also a retired one, with skills (the most important first) and neighbours; raises NotFound."""
    links = OccupationSkill.objects.select_related("skill").order_by("-importance", "skill__key")
    neighbours = RelatedOccupation.objects.select_related("related").order_by("rank", "related__code")
    found = (
        Occupation.objects.select_related("field")
        .prefetch_related("title_rows", Prefetch("skill_links", links), Prefetch("neighbour_links", neighbours))
        .filter(code=code)
        .first()
    )
    if found is None:
        raise NotFound("There is no such occupation.")
    return found


def skills(*, search: str = "") -> QuerySet[Skill]:
    """Skills whose name, or another name of which, holds the text; no retired ones."""
    return Skill.objects.live().matching(search)
