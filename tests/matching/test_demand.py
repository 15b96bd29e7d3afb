"""What a person needs: importance x level x gap, and how far that can be doubted."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import EvidenceGrade
from matching.demand import needs_of
from matching.features import Want
from matching.weights import Parameters
from tests.factories.tell import dice, law, wants_of

FIGURES = Parameters()
GRADES = EvidenceGrade.values


@pytest.mark.parametrize(
    ("want", "need", "least", "most"),
    [
        (Want(1, 5.0, 7.0), 35.0, 3.5, 35.0),
        (Want(1, 5.0, 7.0, 5, "attested"), 3.5, 3.5, 3.5),
        (Want(1, 5.0, 5.6, 2, "attested"), 14.0, 14.0, 14.0),
        (Want(1, 5.0, 5.6, 2, "demonstrated"), 28 * (1 - 0.9 / 2), 14.0, 28 * (1 - 0.75 / 2)),
        (Want(1, 5.0, 5.6, 2, "claimed"), 28 * (1 - 0.8 / 2), 14.0, 28 * (1 - 0.5 / 2)),
        (Want(1, 2.0, 1.0, 5, "claimed"), 0.2, 0.2, 0.2),
    ],
)
def test_is_importance_times_level_times_gap(want: Want, need: float, least: float, most: float) -> None:
    found = needs_of([want], FIGURES)
    assert (found.need[0], found.least[0], found.most[0]) == pytest.approx((need, least, most))


def test_what_is_asked_for_at_no_level_is_not_needed() -> None:
    found = needs_of([Want(2, 5.0, 0.0), Want(1, 5.0, 1.0)], FIGURES)
    assert found.skills.tolist() == [1]


@law
@given(dice.map(wants_of))
def test_a_need_lies_between_its_ends(wants: tuple[Want, ...]) -> None:
    found = needs_of(wants, FIGURES)
    assert (found.least > 0).all()
    assert (found.least <= found.need).all()
    assert (found.need <= found.most).all()


@law
@given(dice.map(wants_of), st.integers(1, 5), st.integers(1, 5))
def test_more_and_better_known_skill_never_makes_a_need_grow(wants: tuple[Want, ...], one: int, other: int) -> None:
    ladder = [(level, grade) for level in sorted((one, other)) for grade in GRADES]
    rungs = [needs_of([want._replace(own=own, grade=grade) for want in wants], FIGURES).need for own, grade in ladder]
    by_level = zip(rungs[: len(GRADES)], rungs[len(GRADES) :], strict=True)
    assert all((better <= less + 1e-12).all() for less, better in by_level)
    by_grade = (rungs[: len(GRADES)], rungs[len(GRADES) :])
    assert all((some[at + 1] <= some[at] + 1e-12).all() for some in by_grade for at in range(len(GRADES) - 1))
