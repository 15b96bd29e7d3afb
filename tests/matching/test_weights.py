"""Weights: read with a pointer to every mistake, normalised, and the same by the same hash."""

from dataclasses import asdict
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.errors import WeightsInvalid
from matching.weights import BOUNDS, DEFAULT, LETTERS, MOST_POINTS, PARTS, Parameters, Weights, parse_weights
from tests.factories.tell import law, letters, weightings

USUAL = {"time": 20, "expertise": 45, "learning_style": 10, "longitude": 25}


def mistakes(raw: Any) -> dict[str, str]:
    with pytest.raises(WeightsInvalid) as refused:
        parse_weights(raw)
    return {error.pointer: error.code for error in refused.value.errors}


def with_letters(**changed: Any) -> dict[str, Any]:
    return {"letters": {**USUAL, **changed}}


def with_parameters(**changed: Any) -> dict[str, Any]:
    return {"letters": USUAL, "parameters": changed}


def test_the_usual_ones() -> None:
    assert DEFAULT.letters == USUAL
    assert sum(DEFAULT.points) == 100
    assert dict(zip(PARTS, DEFAULT.points, strict=True))["style"] == 10
    assert DEFAULT.parameters == Parameters()


@law
@given(weightings())
def test_points_sum_to_a_hundred_exactly(weights: Weights) -> None:
    assert sum(weights.points) == 100
    assert min(weights.points) >= 0


@law
@given(weightings())
def test_what_is_stored_is_read_again_as_the_same(weights: Weights) -> None:
    again = parse_weights(weights.as_json())
    assert again == weights
    assert (again.hash, again.canonical, hash(again)) == (weights.hash, weights.canonical, hash(weights))


@law
@given(letters, st.integers(2, 9))
def test_only_proportions_count(shares: dict[str, int], times: int) -> None:
    tenths = {letter: share * times / 10 for letter, share in shares.items()}
    assert parse_weights({"letters": tenths}).hash == parse_weights({"letters": shares}).hash


def test_other_weights_have_another_hash() -> None:
    other = {parse_weights(raw).hash for raw in (with_letters(time=21), with_parameters(octave=1.5))}
    assert len({DEFAULT.hash, *other}) == 3


def test_parts_of_one_letter_may_be_given_alone() -> None:
    weights = parse_weights({"letters": USUAL, "parts": {"longitude": {"stage": 1, "years": 1, "distance": 2}}})
    assert weights.parts["longitude"] == {"stage": 0.25, "years": 0.25, "distance": 0.5}
    assert weights.parts["expertise"] == DEFAULT.parts["expertise"]


@pytest.mark.parametrize(
    ("raw", "found"),
    [
        ([], {"": "wrong_type"}),
        ({}, {"/letters": "wrong_type"}),
        ({"letters": USUAL, "more": 1}, {"/more": "unknown"}),
        (with_letters(time="20"), {"/letters/time": "wrong_type"}),
        (with_letters(time=True), {"/letters/time": "wrong_type"}),
        (with_letters(time=-1), {"/letters/time": "out_of_range"}),
        (with_letters(time=float("nan")), {"/letters/time": "out_of_range"}),
        (with_letters(luck=1), {"/letters/luck": "unknown"}),
        ({"letters": {"time": 1}}, dict.fromkeys((f"/letters/{one}" for one in LETTERS[1:]), "required")),
        ({"letters": dict.fromkeys(LETTERS, 0)}, {"/letters": "all_zero"}),
        (with_letters(learning_style=30), {"/letters/learning_style": "out_of_range"}),
        ({"letters": USUAL, "parts": []}, {"/parts": "wrong_type"}),
        (
            {"letters": USUAL, "parts": {"time": {"era": 1}}},
            {"/parts/time/horizon": "required", "/parts/time/pace": "required"},
        ),
        ({"letters": USUAL, "parts": {"luck": {}}}, {"/parts/luck": "unknown"}),
        ({"letters": USUAL, "parameters": 1}, {"/parameters": "wrong_type"}),
        (with_parameters(luck=1), {"/parameters/luck": "unknown"}),
        (with_parameters(octave="1"), {"/parameters/octave": "wrong_type"}),
        (with_parameters(octave=0), {"/parameters/octave": "out_of_range"}),
        (with_parameters(credit_claimed=0.95), {"/parameters/credit_claimed": "out_of_order"}),
        (with_parameters(doubt_demonstrated=0.6), {"/parameters/doubt_demonstrated": "out_of_order"}),
        (with_parameters(doubt_claimed=0.1, doubt_demonstrated=0.1), {"/parameters/doubt_claimed": "out_of_order"}),
    ],
)
def test_every_mistake_is_pointed_at(raw: Any, found: dict[str, str]) -> None:
    assert mistakes(raw) == found


def test_learning_style_stays_small() -> None:
    assert MOST_POINTS["learning_style"] == 10


def test_every_parameter_has_bounds_and_lies_within() -> None:
    usual = asdict(Parameters())
    assert set(usual) == set(BOUNDS)
    assert all(low <= usual[name] <= high for name, (low, high) in BOUNDS.items())
