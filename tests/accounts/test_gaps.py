"""The gap rule: one example by hand, and what holds whatever the figures are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.gaps import Need, gap_of, held_level, needed_level

figure = st.decimals(min_value=1, max_value=5, places=2).map(float)
level = st.none() | st.decimals(min_value=0, max_value=7, places=2).map(float)
keys = st.integers(min_value=0, max_value=30)
needs = st.lists(st.builds(Need, keys, figure, level), unique_by=lambda need: need.skill, max_size=20)
inventories = st.dictionaries(keys, st.integers(min_value=1, max_value=5), max_size=20)


def test_an_example_by_hand() -> None:
    """Three skills are asked for: writing, speaking, and a language nobody has measured the level of."""
    asked = [
        Need("writing", 4.0, 3.5),  # weight 4.0 * 3.5 = 14
        Need("speaking", 3.0, 4.0),  # weight 3.0 * 4.0 = 12
        Need("python", 3.0, None),  # level 1.53 * (3.0 - 1) = 3.06, weight 3.0 * 3.06 = 9.18
        Need("welding", 1.0, 0.0),  # weight 0: asked for in name only
    ]
    # All weights: 14 + 12 + 9.18 + 0 = 35.18
    has = {"writing": 2, "python": 5, "juggling": 4}
    # writing 2 of 5 is 7 * 2 / 5 = 2.8, which is 2.8 / 3.5 = 0.8 of what is asked: 14 * 0.8 = 11.2
    # speaking is not there: 0
    # python 5 of 5 is 7, more than 3.06, which counts as all of it: 9.18
    # juggling is not asked for.
    # Coverage: (11.2 + 0 + 9.18) / 35.18 = 20.38 / 35.18 = 0.579306...
    gap = gap_of(asked, has)
    assert gap.coverage == pytest.approx(0.579306, abs=1e-6)
    assert [skill.need.skill for skill in gap.skills] == ["writing", "speaking", "python", "welding"]
    assert [skill.met for skill in gap.skills] == pytest.approx([0.8, 0, 1, 1])
    assert [skill.weight for skill in gap.skills] == pytest.approx([14, 12, 9.18, 0])
    # Speaking would add 12 / 35.18 = 0.341103, the rest of writing 2.8 / 35.18 = 0.079591.
    missing = {skill.need.skill: skill.gain for skill in gap.missing}
    assert list(missing) == ["speaking", "writing"]
    assert list(missing.values()) == pytest.approx([0.341103, 0.079591], abs=1e-6)


@pytest.mark.parametrize(("own", "theirs"), [(1, 1.4), (2, 2.8), (3, 4.2), (4, 5.6), (5, 7)])
def test_the_scales_meet_in_equal_shares(own: int, theirs: float) -> None:
    assert held_level(own) == pytest.approx(theirs)


def test_a_level_nobody_measured_is_not_nothing() -> None:
    unknown, none = Need("a", 4.0, None), Need("b", 4.0, 0.0)
    assert needed_level(unknown) == pytest.approx(4.59)
    assert needed_level(none) == 0
    assert gap_of([unknown], {}).coverage == 0
    assert gap_of([unknown, none], {}).missing[0].need is unknown


@given(asked=needs)
def test_a_level_that_stands_in_is_on_the_scale(asked: list[Need[int]]) -> None:
    assert all(0 <= needed_level(need) <= 7 for need in asked)


@pytest.mark.parametrize("asked", [[], [Need("a", 1.0, 0.0)]])
def test_of_what_nobody_knows_there_is_no_coverage(asked: list[Need[str]]) -> None:
    gap = gap_of(asked, {"a": 5})
    assert gap.coverage is None
    assert gap.missing == ()


@given(asked=needs, has=inventories)
def test_coverage_is_a_share_and_the_gains_fill_it_up(asked: list[Need[int]], has: dict[int, int]) -> None:
    gap = gap_of(asked, has)
    if gap.coverage is None:
        return
    assert 0 <= gap.coverage <= 1
    assert gap.coverage + sum(skill.gain for skill in gap.missing) == pytest.approx(1)
    gains = [skill.gain for skill in gap.missing]
    assert gains == sorted(gains, reverse=True)
    assert all(gain > 0 for gain in gains)


@given(asked=needs, has=inventories, skill=keys, grown=st.integers(min_value=1, max_value=5))
def test_more_never_covers_less(asked: list[Need[int]], has: dict[int, int], skill: int, grown: int) -> None:
    """A skill more, or a level higher."""
    more = {**has, skill: max(grown, has.get(skill, 0))}
    before, after = gap_of(asked, has).coverage, gap_of(asked, more).coverage
    assert (before is None) == (after is None)
    if before is not None and after is not None:
        assert after >= before


@given(asked=needs)
def test_nothing_covers_nothing_and_everything_covers_all(asked: list[Need[int]]) -> None:
    if gap_of(asked, {}).coverage is None:
        return
    assert gap_of(asked, {}).coverage == 0
    full = gap_of(asked, {need.skill: 5 for need in asked})
    assert full.coverage == 1
    assert full.missing == ()


@given(asked=needs, has=inventories)
def test_the_order_of_the_needs_says_nothing(asked: list[Need[int]], has: dict[int, int]) -> None:
    assert gap_of(asked, has).coverage == gap_of(asked[::-1], has).coverage
