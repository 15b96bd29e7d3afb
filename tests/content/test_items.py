"""The questions about learning preferences: balanced, plain, and about likings only."""

import re
from collections import Counter
from typing import Any

import pytest

from tests.content import library
from tests.content.test_content import AXES, doubled
from timetravelers.kit.content import canonical_hash

# A published version is never edited, since answers refer to it; a new version brings its own line here.
PUBLISHED = {1: "34a2952f67c29d59631ff7ab3b8e6b221f4cef342bbb339fca961b0df785126f"}
ABILITY = re.compile(
    r"\b(can|able|ability|good at|better at|best at|bad at|smart|clever|talent\w*|skilled|learn\w*|understand\w*|"
    r"remember\w*|faster|easier|easily|hard for me|well)\b",
    re.IGNORECASE,
)
LIKING = re.compile(r"\b(like|enjoy|happy|gladly|pleases|would take|would choose|hold my interest)\b")

BANKS = [bank for _, bank in library.documents("items")]
each_bank = pytest.mark.parametrize("bank", BANKS, ids=lambda bank: f"version-{bank['version']}")


def test_files_are_named_after_versions_without_a_gap() -> None:
    versions = {path.stem: bank["version"] for path, bank in library.documents("items")}
    assert versions == {str(number): number for number in range(1, len(versions) + 1)}


def test_a_published_version_is_never_edited() -> None:
    assert {bank["version"]: canonical_hash(bank) for _, bank in library.documents("items")} == PUBLISHED


@each_bank
def test_each_axis_has_at_least_six_lines_half_toward_either_pole(bank: dict[str, Any]) -> None:
    counts = Counter((item["axis"], item["toward"]) for item in bank["items"])
    for axis in AXES:
        assert counts[axis, "first"] == counts[axis, "second"] >= 3


@each_bank
def test_axes_take_turns(bank: dict[str, Any]) -> None:
    """Lines of one axis in a row would show what they are after."""
    axes = [item["axis"] for item in bank["items"]]
    assert all(len(set(axes[start : start + 3])) == 3 for start in range(len(axes) - 2))


@each_bank
def test_no_key_or_line_is_given_twice(bank: dict[str, Any]) -> None:
    lines = [*bank["items"], bank["attention"]]
    assert doubled([line["key"] for line in lines]) == []
    assert doubled([line["text"].casefold() for line in lines]) == []


@each_bank
def test_lines_speak_of_likings_and_never_of_abilities(bank: dict[str, Any]) -> None:
    texts = [item["text"] for item in bank["items"]]
    assert [text for text in texts if ABILITY.search(text)] == []
    assert [text for text in texts if not LIKING.search(text)] == []
    assert "nothing about what you can do" in bank["intro"]


@each_bank
def test_lines_are_plain_english(bank: dict[str, Any]) -> None:
    for item in bank["items"]:
        words = re.findall(r"[\w'-]+", item["text"])
        assert len(words) <= 20, item["text"]
        assert max(len(word) for word in words) <= 12, item["text"]
        assert not re.search(r"\b(not|never|no|n't|without)\b", item["text"]), item["text"]


@each_bank
def test_the_attention_check_names_the_answer_it_wants(bank: dict[str, Any]) -> None:
    attention = bank["attention"]
    assert f'"{bank["scale"][attention["expected"] - 1]}"' in attention["text"]


def test_the_words_that_give_an_ability_away_are_found() -> None:
    assert ABILITY.search("I understand things when I hear them.")
    assert ABILITY.search("I am good at maps.")
    assert not ABILITY.search("I like a map of the trade.")
