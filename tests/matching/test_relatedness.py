"""How near occupations are: the listed first, then the alike, over more than one step, and never by chance."""

import numpy as np
import pytest

from accounts.models import OccupationSkill, RelatedOccupation
from matching.relatedness import BACKWARDS, CLOSEST, LEAST, NEAREST, Described, Link, nearness, relatedness
from matching.taxonomy import near_to, taxonomy
from tests.factories.accounts import make_occupation, make_skill

# A to F; B is listed by A, C by B; D is as A in skills and title, E lists A, and F has nothing to do with anybody.
PLACES = range(6)
DESCRIBED = [
    Described(["data", "scientist"], {1: 5.0, 2: 4.0}, {"investigative": 6.0, "social": 2.0}),
    Described(["statistician"], {1: 4.0}, {"investigative": 6.0, "social": 2.5}),
    Described(["actuary"], {3: 4.0}, {"investigative": 5.0, "social": 3.0}),
    Described(["data", "engineer"], {1: 5.0, 2: 3.5}, {"investigative": 5.5, "social": 2.0}),
    Described(["clerk"], {3: 3.0}, {"investigative": 2.0, "social": 4.0}),
    Described(["nurse"], {4: 5.0}, {"investigative": 3.0, "social": 6.5}),
]
LINKS = [Link(0, 1, 1), Link(1, 2, 1), Link(4, 0, 1)]
A, B, C, D, E, F = PLACES


def row(place: int, links: list[Link] = LINKS) -> list[float]:
    found: list[float] = relatedness(DESCRIBED, links).row(place).tolist()
    return found


def test_the_listed_is_nearest_and_the_stranger_furthest() -> None:
    near = row(A)
    assert max(PLACES, key=lambda place: near[place]) == B
    assert min((place for place in PLACES if place != A), key=lambda place: near[place]) == F


def test_nobody_is_near_to_oneself_and_all_stays_in_range() -> None:
    for place in PLACES:
        near = row(place)
        assert near[place] == 0
        assert all(0 <= each <= NEAREST for each in near)


def test_a_second_step_brings_nearer() -> None:
    without = row(A, [Link(0, 1, 1), Link(4, 0, 1)])
    assert row(A)[C] > without[C]


def test_being_listed_counts_as_listing_does_but_less() -> None:
    links = relatedness(DESCRIBED, LINKS).links
    assert links[E, A] == CLOSEST
    assert links[A, E] == pytest.approx(BACKWARDS * CLOSEST)


def test_without_any_list_the_alike_are_near() -> None:
    near = row(A, [])
    assert max(PLACES, key=lambda place: near[place]) == D


def test_a_lower_rank_is_less_near() -> None:
    closer, further = row(A, [Link(0, 5, 1)]), row(A, [Link(0, 5, 20)])
    assert closer[F] > further[F] > row(A, [])[F]


def test_the_order_of_links_changes_nothing() -> None:
    assert row(A) == row(A, LINKS[::-1])


def test_only_the_near_are_told() -> None:
    assert nearness(np.array([LEAST / 2, 0.5, 0.0]), [7, 8, 9]) == {8: 0.5}


def test_no_occupation_and_one_are_no_trouble() -> None:
    assert relatedness([], []).links.shape == (0, 0)
    assert relatedness([Described(["data"], {})], []).row(0).tolist() == [0]


@pytest.mark.django_db
def test_the_taxonomy_is_read_and_read_again_when_it_changes() -> None:
    data, statistics = make_occupation(), make_occupation("15-2041.00", "Statisticians")
    nurses = make_occupation("29-1141.00", "Registered Nurses")
    RelatedOccupation.objects.create(occupation=data, related=statistics, tier="primary-short")
    assert statistics.pk in near_to(data.pk)
    assert nurses.pk not in near_to(data.pk)
    OccupationSkill.objects.create(occupation=data, skill=make_skill("care"), importance=5)
    OccupationSkill.objects.create(occupation=nurses, skill=make_skill("care"), importance=5)
    RelatedOccupation.objects.create(occupation=data, related=nurses, tier="supplemental", rank=2)
    assert nurses.pk in near_to(data.pk)


@pytest.mark.django_db
def test_an_unknown_occupation_has_no_neighbours() -> None:
    assert near_to(0) == {}
    assert taxonomy.get().ids == ()
