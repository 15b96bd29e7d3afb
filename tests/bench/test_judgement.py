"""The committed queries speak of rows that exist, and agreement is counted as it should be."""

from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.judgement import JUDGED, Answer, Judged, by_sort, mean_reciprocal_rank, read_judged
from tests.content import library
from timetravelers.kit.content import read_document

# Not in the starting content, and judged on a release of O*NET only.
ONLY_IN_A_RELEASE = {"11-1011.00"}


def entries(name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = read_document(JUDGED, f"{name}.yaml", "queries").data["queries"]
    return found


def test_there_are_enough_queries_of_every_sort() -> None:
    both = [*entries("occupations"), *entries("skills")]
    assert len(both) >= 180
    assert min(Counter(entry["class"] for entry in both).values()) >= 20


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("occupations", {entry["code"] for entry in library.occupations()} | ONLY_IN_A_RELEASE),
        ("skills", {entry["key"] for entry in library.skills()}),
    ],
)
def test_queries_are_there_once_and_name_rows_that_exist(name: str, known: set[str]) -> None:
    queries = entries(name)
    assert max(Counter(entry["typed"] for entry in queries).values()) == 1
    named = {row for entry in queries for row in [*entry["best"], *entry.get("good", [])]}
    assert named <= known
    assert not [entry["typed"] for entry in queries if set(entry["best"]) & set(entry.get("good", []))]


def test_queries_without_an_answer_in_the_catalogue_are_left_out() -> None:
    assert [query.typed for query in read_judged("occupations", {"11-1011.00"})] == ["ceo"]
    assert read_judged("skills", set()) == []


def judged(*best: str, good: str = "", sort: str = "exact") -> Judged:
    return Judged("typed", sort, frozenset(best), frozenset(good.split()))


@pytest.mark.parametrize(
    ("found", "rank"), [("a b", 1.0), ("x a b", 0.5), ("x y z b a", 0.25), ("x y", 0.0), ("", 0.0)]
)
def test_the_rank_is_that_of_the_first_of_the_best(found: str, rank: float) -> None:
    assert Answer(judged("a", "b", good="x"), found.split()).reciprocal_rank == rank


@pytest.mark.parametrize(("found", "well"), [("a", True), ("x a", True), ("y a", False), ("", False)])
def test_an_answer_begins_well_with_what_is_no_mistake(found: str, *, well: bool) -> None:
    assert Answer(judged("a", good="x"), found.split()).begins_well is well


@given(st.lists(st.lists(st.sampled_from("abcd"), max_size=4, unique=True), min_size=1, max_size=6))
def test_the_mean_lies_between_the_worst_and_the_best(found: list[list[str]]) -> None:
    answers = [Answer(judged("a"), rows) for rows in found]
    ranks = [answer.reciprocal_rank for answer in answers]
    assert 0 <= min(ranks) <= mean_reciprocal_rank(answers) + 1e-9
    assert mean_reciprocal_rank(answers) <= max(ranks) + 1e-9 <= 1 + 1e-9


def test_answers_are_parted_by_sort() -> None:
    answers = [Answer(judged("a", sort=sort), []) for sort in ("typo", "exact", "typo")]
    assert {sort: len(some) for sort, some in by_sort(answers).items()} == {"typo": 2, "exact": 1}
