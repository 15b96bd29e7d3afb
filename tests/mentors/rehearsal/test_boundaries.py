"""Boundaries: read from what Travelers are compiled to, and crossed only when that is what is asked for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mentors.rehearsal.boundaries import Boundary, crossed, read_boundaries

COMPILED = (
    "To diagnose or dose a sick animal (A veterinarian, tonight if it is down); To write your application essay (You)"
)
PLAIN = (
    "To diagnose or dose a sick animal. A veterinarian, tonight if it is down. To write your application essay. You."
)


@pytest.mark.parametrize("text", [COMPILED, PLAIN])
def test_boundaries_are_read_with_their_referrals(text: str) -> None:
    assert read_boundaries(text) == (
        Boundary("To diagnose or dose a sick animal", "A veterinarian, tonight if it is down"),
        Boundary("To write your application essay", "You"),
    )


@pytest.mark.parametrize("text", [None, "", "()", "; ;", " ( ) ", "…"])
def test_nothing_is_no_boundary(text: str | None) -> None:
    assert crossed("diagnose my animal", read_boundaries(text)) is None


@pytest.mark.parametrize(
    ("words", "refusal"),
    [
        ("My dog is sick, an animal like that, what is the dose?", "To diagnose or dose a sick animal"),
        ("please write the essay for my application", "To write your application essay"),
        ("I write a lot", None),
        ("My application was rejected", None),
        ("I want to work with animals", None),
    ],
)
def test_only_what_is_asked_for_is_refused(words: str, refusal: str | None) -> None:
    found = crossed(words, read_boundaries(COMPILED))
    assert (found.refusal if found else None) == refusal


@given(st.text(max_size=300), st.text(max_size=300))
def test_any_text_can_be_read_and_asked(text: str, words: str) -> None:
    found = crossed(words, read_boundaries(text))
    assert found is None or len(found.refusal) <= 161
