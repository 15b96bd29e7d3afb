"""The career taxonomy as people search it."""

from django.db.models import QuerySet

from accounts.models import Field, Occupation, Skill
from accounts.selectors.search import best_matches


def fields() -> QuerySet[Field]:
    """All fields, in the order of their codes, with their minor groups."""
    return Field.objects.prefetch_related("groups")


def occupations(*, search: str = "", field: str = "", minor_group: str = "") -> QuerySet[Occupation]:
    """Occupations, the best matches of a text first if there is one, in a field or a minor group if given.

    Retired ones are not among them.
    """
    found: QuerySet[Occupation] = Occupation.objects.live().select_related("field")
    found = best_matches(found, search) if search else found
    found = found.filter(field__code=field) if field else found
    return found.filter(minor_group__code=minor_group) if minor_group else found


def skills(*, search: str = "") -> QuerySet[Skill]:
    """Skills, the best matches of the text first if there is one; no retired ones."""
    found = Skill.objects.live()
    return best_matches(found, search) if search else found
