"""`/me/occupations/{code}/`: how far one's own skills reach, and what is missing."""

from datetime import UTC, datetime
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from accounts.api.occupation_shapes import OccupationGapOut
from accounts.models import Occupation, OccupationSkill, RelatedOccupation, Skill, User, UserSkill
from accounts.selectors.occupation_gap import MOST_MISSING_BESIDE, occupation_gap
from tests.actors import Api, ApiClient
from tests.factories.accounts import give_skill, make_occupation, make_skill

pytestmark = pytest.mark.django_db

TARGET, NEAR, FAR = "15-2051.00", "15-2041.00", "43-9111.00"
PATH = f"/me/occupations/{TARGET}/"
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def asks(occupation: Occupation, **figures: tuple[float, float | None]) -> None:
    """The occupation asks for these skills: importance and level by key."""
    for key, (importance, level) in figures.items():
        OccupationSkill.objects.create(occupation=occupation, skill=make_skill(key), importance=importance, level=level)


@pytest.fixture
def target(db: None) -> Occupation:
    """An occupation with a neighbour that asks for less, and one that asks for more and is unknown otherwise."""
    target = make_occupation(TARGET, "Data Scientists", job_zone=4)
    asks(target, writing=(4.0, 3.5), speaking=(3.0, 4.0), python=(3.0, None))
    near = make_occupation(NEAR, "Statisticians", job_zone=3)
    asks(near, writing=(4.0, 2.8), mathematics=(4.0, 4.2))
    far = make_occupation(FAR, "Statistical Assistants", job_zone=5)
    for rank, other in enumerate((near, far), start=1):
        RelatedOccupation.objects.create(occupation=target, related=other, tier="primary-short", rank=rank)
    return target


@pytest.fixture
def phone(charlie: User, api: Api) -> ApiClient:
    """The phone of somebody who has only just signed up."""
    return api(charlie)


def test_the_gap_is_the_one_computed_by_hand(target: Occupation, charlie: User, phone: ApiClient) -> None:
    """The figures of tests/accounts/test_gaps.py, whose comments do the sums."""
    give_skill(charlie, "writing", 2, grade="demonstrated")
    give_skill(charlie, "python", 5)
    gap = phone.get(PATH).json()
    assert gap["coverage"] == 0.5793
    assert [(skill["key"], skill["weight"], skill["met"]) for skill in gap["skills"]] == [
        ("writing", 14.0, 0.8),
        ("speaking", 12.0, 0.0),
        ("python", 9.18, 1.0),
    ]
    writing, speaking, python = gap["skills"]
    assert writing["held"] == {"level": 2, "grade": "demonstrated", "on_scale": 2.8}
    assert speaking["held"] is None
    assert (python["level"], python["level_measured"], writing["level_measured"]) == (3.06, False, True)
    assert gap["missing"] == [
        {"key": "speaking", "name": "Speaking", "levels": 4.0, "gain": 0.3411},
        {"key": "writing", "name": "Writing", "levels": 0.7, "gain": 0.0796},
    ]


def test_neighbours_have_gaps_of_their_own(target: Occupation, charlie: User, phone: ApiClient) -> None:
    give_skill(charlie, "writing", 2)
    near, far = phone.get(PATH).json()["neighbours"]
    # Writing 4.0 * 2.8 = 11.2 is met, mathematics 4.0 * 4.2 = 16.8 is not: 11.2 / 28 = 0.4.
    assert (near["code"], near["coverage"], near["stepping_stone"]) == (NEAR, 0.4, True)
    assert [skill["key"] for skill in near["missing"]] == ["mathematics"]
    # Nothing is known of what the other asks, which is neither all nor nothing.
    assert (far["code"], far["coverage"], far["missing"], far["stepping_stone"]) == (FAR, None, [], False)


def test_of_a_neighbour_the_first_missing_skills_are_shown(target: Occupation, phone: ApiClient) -> None:
    near = Occupation.objects.get(code=NEAR)
    asks(near, **{f"s{number}": (3.0, 1 + number / 10) for number in range(10)})
    missing = phone.get(PATH).json()["neighbours"][0]["missing"]
    assert [skill["key"] for skill in missing] == ["mathematics", "writing", "s9", "s8", "s7"]
    assert len(missing) == MOST_MISSING_BESIDE


def test_stepping_stones_are_the_easier_ways_best_covered_first(
    target: Occupation, charlie: User, phone: ApiClient
) -> None:
    other = make_occupation("15-2031.00", "Operations Research Analysts", job_zone=4)
    asks(other, speaking=(4.0, 1.4))
    unknown = make_occupation("15-2021.00", "Mathematicians", job_zone=1)
    for rank, row in ((3, unknown), (4, other)):
        RelatedOccupation.objects.create(occupation=target, related=row, tier="supplemental", rank=rank)
    give_skill(charlie, "speaking", 1)
    gap = phone.get(PATH).json()
    assert [(stone["code"], stone["coverage"]) for stone in gap["stepping_stones"]] == [
        ("15-2031.00", 1.0),
        (NEAR, 0.0),
        ("15-2021.00", None),
    ]
    assert gap["preparation"]["job_zone"] == gap["job_zone"] == 4


def test_somebody_with_nothing_covers_nothing(target: Occupation, phone: ApiClient) -> None:
    gap = phone.get(PATH).json()
    assert gap["coverage"] == 0
    assert [skill["key"] for skill in gap["missing"]] == ["writing", "speaking", "python"]
    assert sum(skill["gain"] for skill in gap["missing"]) == pytest.approx(1, abs=0.001)


def test_words_of_ones_own_are_asked_for_nowhere(target: Occupation, charlie: User, phone: ApiClient) -> None:
    UserSkill.objects.create(user=charlie, name="Speaking", level=5)
    assert phone.get(PATH).json()["coverage"] == 0


def test_others_skills_are_not_mine(target: Occupation, bob: User, phone: ApiClient) -> None:
    for key in ("writing", "speaking", "python"):
        give_skill(bob, key, 5)
    assert phone.get(PATH).json()["coverage"] == 0


@pytest.mark.parametrize("neighbours", [0, 20])
def test_it_takes_four_queries_however_many_neighbours(
    charlie: User, phone: ApiClient, django_assert_num_queries: DjangoAssertNumQueries, neighbours: int
) -> None:
    row = make_occupation(TARGET)
    asks(row, writing=(4.0, 3.5))
    for number in range(neighbours):
        near = make_occupation(f"29-10{number:02}.00", f"Occupation {number}")
        asks(near, writing=(4.0, 3.5), speaking=(3.0, 2.0))
        RelatedOccupation.objects.create(occupation=row, related=near, tier="supplemental", rank=number + 1)
    give_skill(charlie, "writing", 5)
    phone.get("/me/")
    with django_assert_num_queries(4):
        gap = phone.get(PATH).json()
    assert gap["coverage"] == 1
    assert len(gap["neighbours"]) == neighbours


def test_retired_neighbours_and_skills_do_not_count(target: Occupation, phone: ApiClient) -> None:
    Occupation.objects.filter(code=NEAR).update(retired_at=LONG_AGO)
    Skill.objects.filter(key="speaking").update(retired_at=LONG_AGO)
    gap = phone.get(PATH).json()
    assert [near["code"] for near in gap["neighbours"]] == [FAR]
    assert [skill["key"] for skill in gap["skills"]] == ["writing", "python"]


def test_a_retired_target_is_shown_with_the_living_one_near_to_it(target: Occupation, phone: ApiClient) -> None:
    Occupation.objects.filter(code=TARGET).update(retired_at=LONG_AGO)
    gap = phone.get(PATH).json()
    assert (gap["retired"], gap["nearest"]) == (True, {"code": NEAR, "title": "Statisticians"})


def test_estimates_are_called_so(target: Occupation, phone: ApiClient) -> None:
    Occupation.objects.filter(code=TARGET).update(figures_estimated=True)
    gap = phone.get(PATH).json()
    assert gap["figures_estimated"]
    assert all(skill["estimated"] for skill in gap["skills"])


def test_the_shape_is_the_documented_one(target: Occupation, charlie: User, phone: ApiClient) -> None:
    give_skill(charlie, "writing", 2)
    assert OccupationGapOut(occupation_gap(charlie.pk, TARGET)).data == phone.get(PATH).json()


def test_the_real_thing_over_the_starting_content(content: None, charlie: User, phone: ApiClient) -> None:
    give_skill(charlie, "python", 4)
    give_skill(charlie, "sql", 5)
    gap = phone.get(PATH).json()
    assert 0 < gap["coverage"] < 1
    assert gap["neighbours"]
    assert all(0 <= near["coverage"] <= 1 for near in gap["neighbours"])
    weights = [skill["weight"] for skill in gap["skills"]]
    assert weights == sorted(weights, reverse=True)


@pytest.mark.parametrize(("path", "status"), [("/me/occupations/15-9999.00/", 404), ("/me/occupations/x/", 404)])
def test_an_unknown_occupation_is_404(phone: ApiClient, path: str, status: int) -> None:
    answer: Any = phone.get(path)
    assert (answer.status_code, answer.json()["code"]) == (status, "not_found")
