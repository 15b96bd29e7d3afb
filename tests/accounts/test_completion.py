"""How complete a profile is: the pure function."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.completion import PARTS, SECTIONS, completion

WHOLE = {part.key: part.wanted for part in PARTS}
KEYS = sorted(WHOLE)
some = st.dictionaries(st.sampled_from(KEYS), st.integers(0, 8))
edits = st.lists(st.sampled_from(KEYS), max_size=30)


def counted(keys: list[str]) -> dict[str, int]:
    """What is there after adding one of each key, one after the other."""
    return {key: keys.count(key) for key in keys}


def test_weights_make_a_hundred_and_keys_are_once() -> None:
    assert sum(part.weight for part in PARTS) == 100
    assert len(WHOLE) == len(PARTS)
    assert all(part.weight >= part.wanted >= 1 for part in PARTS)


def test_nothing_is_0_and_everything_is_100() -> None:
    assert completion({}).percent == 0
    assert completion(WHOLE).percent == 100
    assert completion(WHOLE).next_part is None
    assert [section.percent for section in completion(WHOLE).sections] == [100] * len(SECTIONS)


@pytest.mark.parametrize("key", KEYS)
def test_whoever_lacks_one_thing_is_not_at_100_and_is_asked_for_it(key: str) -> None:
    found = completion({**WHOLE, key: WHOLE[key] - 1})
    assert found.percent < 100
    assert found.next_part is not None
    assert found.next_part.part.key == key


@given(some, st.sampled_from(KEYS))
def test_adding_never_lowers_and_counts_until_there_is_enough(there: dict[str, int], key: str) -> None:
    more = {**there, key: there.get(key, 0) + 1}
    before, after = completion(there).percent, completion(more).percent
    assert after > before if there.get(key, 0) < WHOLE[key] else after == before


@given(some, some)
def test_more_of_everything_is_never_less_in_any_section(one: dict[str, int], other: dict[str, int]) -> None:
    both = {key: max(one.get(key, 0), other.get(key, 0)) for key in one | other}
    for less, more in zip(completion(one).sections, completion(both).sections, strict=True):
        assert less.percent <= more.percent


@given(edits.flatmap(lambda keys: st.tuples(st.just(keys), st.permutations(keys))))
def test_the_order_of_edits_changes_nothing(orders: tuple[list[str], list[str]]) -> None:
    one, other = orders
    assert completion(counted(one)) == completion(counted(other))


@given(some)
def test_following_the_advice_ends_at_100(there: dict[str, int]) -> None:
    steps, present = 0, dict(there)
    while (advice := completion(present).next_part) is not None:
        present[advice.part.key] = advice.there + 1
        steps += 1
        assert steps <= sum(WHOLE.values())
    assert completion(present).percent == 100


@given(some)
def test_the_advice_is_the_part_that_would_add_most(there: dict[str, int]) -> None:
    found = completion(there)
    missing = [state.part.weight - state.points for section in found.sections for state in section.parts]
    if found.next_part is not None:
        assert found.next_part.part.weight - found.next_part.points == max(missing)
    else:
        assert max(missing) == 0


@given(some)
def test_the_whole_is_the_sum_of_its_sections(there: dict[str, int]) -> None:
    found = completion(there)
    points = sum((state.points for section in found.sections for state in section.parts), Fraction(0))
    assert found.percent == int(points)
    assert [section.key for section in found.sections] == list(SECTIONS)


@given(st.dictionaries(st.text(max_size=5), st.integers(-5, -1)))
def test_what_is_not_a_part_or_not_there_counts_nothing(there: dict[str, int]) -> None:
    assert completion({**there, **dict.fromkeys(KEYS, -1)}).percent == 0


def test_the_first_advice_says_what_it_improves() -> None:
    advice = completion({}).next_part
    assert advice is not None
    assert advice.part.key == "target_occupation"
    assert advice.part.improves == "expertise"
