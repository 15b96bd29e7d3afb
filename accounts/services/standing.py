"""How often an occupation or a skill is what people mean: the points that settle between equally good finds."""

from collections import Counter
from collections.abc import Mapping
from math import log2
from typing import Any

from django.db.models import Count

from accounts.models import AlternateTitle, Occupation, OccupationSkill, OccupationTechnology, Skill, Source
from timetravelers.kit.upserts import CHANGES_AT_ONCE

OURS = 10  # our own content holds what is widely held
MOST_FOR_USE = 8
WHOLE = 3  # not a part of another occupation, and not a rest
HOT = 2


def refresh_standing() -> None:
    """Set the standing of every occupation and skill; in the caller's transaction, under the caller's lock."""
    _set_standing(Occupation, _occupations())
    _set_standing(Skill, _skills())


def _occupations() -> dict[int, int]:
    """By being in our own content, by being whole, and by how many names there are for it."""
    titles = AlternateTitle.objects.order_by().values_list("occupation")
    names = dict(titles.annotate(n=Count("pk")))
    named = set(titles.filter(source=Source.STARTER).values_list("occupation", flat=True).distinct())
    return {
        pk: OURS * (pk in named or source == Source.STARTER)
        + WHOLE * _is_whole(code, title)
        + _for_use(names.get(pk, 0))
        for pk, code, title, source in Occupation.objects.values_list("pk", "code", "title", "source")
    }


def _is_whole(code: str, title: str) -> bool:
    return code.endswith(".00") and not title.endswith("All Other")


def _skills() -> dict[int, int]:
    """By being ours, by how many occupations ask for it, and by being hot."""
    used = Counter(_times_named(OccupationSkill)) + Counter(_times_named(OccupationTechnology))
    return {
        pk: OURS * (source == Source.STARTER) + HOT * hot + _for_use(used[pk])
        for pk, source, hot in Skill.objects.values_list("pk", "source", "hot")
    }


def _times_named(links: type[OccupationSkill] | type[OccupationTechnology]) -> dict[int, int]:
    """By skill, out of the links alone: a join would go through them once a skill while nobody has counted them."""
    return dict(links._default_manager.order_by().values_list("skill").annotate(n=Count("pk")))


def _for_use(times: int) -> int:
    return min(MOST_FOR_USE, int(log2(1 + times)))


def _set_standing(model: type[Any], wanted: Mapping[int, int]) -> None:
    present = dict(model.objects.values_list("pk", "standing"))
    changed = [model(pk=pk, standing=standing) for pk, standing in wanted.items() if present[pk] != standing]
    model.objects.bulk_update(changed, ["standing"], batch_size=CHANGES_AT_ONCE)
