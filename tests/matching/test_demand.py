"""What a person needs: importance times gap."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.demand import LEAST_GAP, Demand, needs

demands = st.lists(
    st.builds(
        Demand,
        skill=st.integers(1, 20),
        importance=st.floats(1, 5),
        level=st.none() | st.floats(0, 7),
    ),
    unique_by=lambda demand: demand.skill,
)
levels = st.dictionaries(st.integers(1, 20), st.integers(1, 5))


@pytest.mark.parametrize(
    ("importance", "asked", "level", "need"),
    [
        (5, 7, None, 1.0),
        (5, 7, 5, LEAST_GAP),
        (5, 4.2, 2, 0.2),
        (3, 7, 3, 0.2),
        (1, 7, None, 0.0),
        (4, None, None, 0.5625),
        (5, 0, None, LEAST_GAP),
    ],
)
def test_is_importance_times_gap(importance: float, asked: float | None, level: int | None, need: float) -> None:
    known = {} if level is None else {7: level}
    assert needs([Demand(7, importance, asked)], known) == {7: pytest.approx(need)}


@given(demands, levels)
def test_needs_are_shares(asked: list[Demand], known: dict[int, int]) -> None:
    found = needs(asked, known)
    assert set(found) == {demand.skill for demand in asked}
    assert all(0 <= need <= 1 for need in found.values())


@given(demands, levels, st.integers(1, 20))
def test_learning_never_makes_a_need_grow(asked: list[Demand], known: dict[int, int], skill: int) -> None:
    before = needs(asked, known)
    after = needs(asked, {**known, skill: 5})
    assert all(after[key] <= before[key] for key in before)
    assert all(after[key] == before[key] for key in before if key != skill)
