"""Merging what sort of people an occupation suits: Holland's interests, and work styles."""

from collections.abc import Iterator, Mapping

from accounts.models import OccupationInterest, OccupationWorkStyle, WorkStyle
from accounts.services.onet.occupations import Ids
from accounts.services.onet.release import INTERESTS, WORK_STYLES, Ratings, Release, Scale
from accounts.services.onet.report import Diff
from timetravelers.kit.upserts import upsert

Area = OccupationInterest.Area
AREAS = {
    "1.B.1.a": Area.REALISTIC,
    "1.B.1.b": Area.INVESTIGATIVE,
    "1.B.1.c": Area.ARTISTIC,
    "1.B.1.d": Area.SOCIAL,
    "1.B.1.e": Area.ENTERPRISING,
    "1.B.1.f": Area.CONVENTIONAL,
}
# The elements that say which interest comes first, second and third; their figure counts the areas from 1.
HIGH_POINTS = {1: "1.B.1.g", 2: "1.B.1.h", 3: "1.B.1.i"}


def merge_interests(release: Release, ids: Ids) -> Diff:
    """Make the interests of the release's occupations exactly those of the release."""
    scales = {"OI": Scale(1, 7), "IH": Scale(0, 6)}
    ratings = release.ratings(INTERESTS, (*AREAS, *HIGH_POINTS.values()), scales)
    wanted = (row for code, figures in ratings.figures.items() for row in _interests(ids[code], figures))
    present = OccupationInterest.objects.filter(occupation__in=ids.values())
    key, values = ["occupation_id", "area"], ["score", "high_point"]
    return Diff.of(upsert(present, wanted, key=key, values=values, prune=True))


def _interests(occupation: int, figures: Mapping[tuple[str, str], float]) -> Iterator[OccupationInterest]:
    places = {figures.get((element, "IH")): place for place, element in reversed(HIGH_POINTS.items())}
    for number, (element, area) in enumerate(AREAS.items(), start=1):
        if (score := figures.get((element, "OI"))) is not None:
            yield OccupationInterest(
                occupation_id=occupation, area=area, score=score, high_point=places.get(float(number))
            )


def read_work_styles(release: Release) -> Ratings:
    """How important work styles are; no figures if the release measures them on another scale."""
    return release.ratings(WORK_STYLES, ("1.",), {"IM": Scale(1, 5)})


def merge_work_styles(release: Release, ratings: Ratings) -> Diff:
    """Make the work styles exactly those of the release."""
    said, known = release.descriptions(), dict(WorkStyle.objects.values_list("onet_id", "description"))
    wanted = [
        WorkStyle(onet_id=element, name=name, description=said.get(element, known.get(element, ""))[:500])
        for element, name in sorted(ratings.names.items())
    ]
    values = ["name", "description"]
    return Diff.of(upsert(WorkStyle.objects.all(), wanted, key=["onet_id"], values=values, prune=True))


def link_work_styles(ratings: Ratings, ids: Ids) -> Diff:
    """Make the work styles of the release's occupations exactly those of the release."""
    styles = dict(WorkStyle.objects.values_list("onet_id", "pk"))
    wanted = (
        OccupationWorkStyle(occupation_id=ids[code], style_id=styles[element], importance=figure)
        for code, figures in ratings.figures.items()
        for (element, _), figure in figures.items()
    )
    present = OccupationWorkStyle.objects.filter(occupation__in=ids.values())
    return Diff.of(upsert(present, wanted, key=["occupation_id", "style_id"], values=["importance"], prune=True))
