"""Profiles: what a schema cannot see is found, and differences are exactly what differs."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mentors.profiles import Difference, Profile, differences, is_same, leaves, problems_of, tidy
from tests.content.library import travelers

values = st.recursive(
    st.text(max_size=5) | st.integers(-(2**63), 2**63 - 1) | st.booleans(),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text("abc", min_size=1, max_size=2), inner, max_size=3)
    ),
    max_leaves=8,
)
documents = st.dictionaries(st.text("abc", min_size=1, max_size=2), values, max_size=4)


@pytest.fixture
def profile() -> Profile:
    return copy.deepcopy(travelers()[0])


def places(profile: Profile) -> list[str]:
    known = {link["skill"] for link in travelers()[0]["skills"]}
    return [problem.place for problem in problems_of(profile, occupations={travelers()[0]["occupation"]}, skills=known)]


def test_a_shipped_profile_has_no_problems(profile: Profile) -> None:
    assert places(profile) == []


@pytest.mark.parametrize(
    ("spoil", "place"),
    [
        (lambda p: p.update(occupation="99-9999.00"), "/occupation"),
        (lambda p: p["skills"][1].update(skill="alchemy"), "/skills/1/skill"),
        (lambda p: p["skills"].append(p["skills"][0]), "/skills/7/skill"),
        (lambda p: p["pace_hours_per_week"].update(min=11), "/pace_hours_per_week"),
        (lambda p: p["suits_years_experience"].update(min=16), "/suits_years_experience"),
        (lambda p: p["career_stages"].update(min="disengagement"), "/career_stages"),
        (lambda p: p.update(voice="a\x00b"), "/voice"),
        (lambda p: p["boundaries"][0].update(refuses="bell \x07"), "/boundaries/0/refuses"),
        (lambda p: p["languages"].append("\ud800"), "/languages/3"),
    ],
)
def test_what_a_schema_cannot_see_is_found(profile: Profile, spoil: Callable[[Any], object], place: str) -> None:
    spoil(profile)
    assert places(profile) == [place]


def test_differences_name_each_place(profile: Profile) -> None:
    other = copy.deepcopy(profile)
    other["name"] = "Somebody"
    other["skills"] = [*reversed(profile["skills"][1:]), {"skill": "sql", "level": 1}]
    other["languages"] = ["en"]
    dropped = profile["skills"][0]
    assert differences(profile, other) == [
        Difference("/name", profile["name"], "Somebody"),
        Difference(f"/skills/{dropped['skill']}", dropped["level"], None),
        Difference("/languages/1", "fi", None),
        Difference("/languages/2", "sv", None),
        Difference("/skills/sql", None, 1),
    ]


@given(documents, documents)
def test_differences_are_what_differs_and_nothing_else(one: Profile, other: Profile) -> None:
    one, other = {**one, "skills": []}, {**other, "skills": []}
    found = {difference.place: (difference.before, difference.after) for difference in differences(one, other)}
    before, after = dict(leaves(one)), dict(leaves(other))
    for place in before.keys() | after.keys():
        pair = (before.get(place), after.get(place))
        assert found.get(place, pair) == pair
        assert (place in found) == (pair[0] != pair[1])


@given(documents)
def test_the_order_of_keys_is_no_difference(document: Profile) -> None:
    assert is_same(document, dict(reversed(document.items())))


@given(documents)
def test_tidying_twice_is_tidying_once(document: Profile) -> None:
    assert tidy(tidy(document)) == tidy(document)


def test_tidying_joins_lines_and_leaves_figures_alone() -> None:
    assert tidy({"a": "  e\u0301\r\n  so ", "b": [1, True, 0.5]}) == {"a": "\u00e9 so", "b": [1, True, 0.5]}
