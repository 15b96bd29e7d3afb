"""How search compares text: what is dropped, what is kept, and that nothing a person can type breaks it."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.search_words import (
    LITTLE_WORDS,
    MOST_WORDS,
    initials,
    plain_words,
    singular,
    spellings,
    swapped,
    telling,
    words_of,
)

anything = st.text(max_size=100)
some_words = st.lists(st.text("abcdeinorst", min_size=1, max_size=8), min_size=1, max_size=6)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("  Registered   Nurses ", ["registered", "nurse"]),
        ("ÉLECTRICIEN", ["electricien"]),
        ("Straße", ["strasse"]),
        ("C++ / C#", ["c++", "c#"]),
        (".NET", ["net"]),
        ("Node.js", ["node", "js"]),
        ("R.N.", ["rn"]),
        ("Front-End Developer", ["front", "end", "developer"]),
        ("GD&T", ["gd", "and", "t"]),
        ("Children's Librarian", ["children", "librarian"]),
        ("snake_case 50%", ["snake", "case", "50"]),
        ("\uff35\uff38", ["ux"]),
        ("🦦 otters", ["otter"]),
        ("%_\\'\"", []),
        ("", []),
    ],
)
def test_words(text: str, words: list[str]) -> None:
    assert words_of(text) == words


@pytest.mark.parametrize(
    ("word", "one"),
    [
        ("nurses", "nurse"),
        ("secretaries", "secretary"),
        ("coaches", "coach"),
        ("boxes", "box"),
        ("waitresses", "waitress"),
        ("sales", "sales"),
        ("business", "business"),
        ("analysis", "analysis"),
        ("bus", "bus"),
        ("aws", "aws"),
        ("nurse", "nurse"),
        ("s", "s"),
    ],
)
def test_singular(word: str, one: str) -> None:
    assert singular(word) == one


@given(anything)
def test_words_hold_nothing_that_a_pattern_could_mistake_and_not_too_many(text: str) -> None:
    words = words_of(text)
    assert len(words) <= MOST_WORDS
    assert all(re.fullmatch(r"[^\W_]+[+#]*", word) for word in words)
    assert not any(word != word.casefold() for word in words)


@given(anything)
def test_case_marks_and_blanks_do_not_matter(text: str) -> None:
    assert words_of(text) == words_of(text.casefold()) == words_of(f"  {text}\t")


@given(anything)
def test_words_are_words_again(text: str) -> None:
    plain = plain_words(text)
    assert plain_words(" ".join(plain)) == plain
    assert words_of(" ".join(plain)) == words_of(text)


@given(some_words)
def test_the_telling_words_are_some_of_the_words_the_last_among_them(words: list[str]) -> None:
    kept = telling(words)
    assert words[-1] in kept
    assert set(words) - set(kept) <= LITTLE_WORDS
    assert len(set(kept)) == len(kept)


def test_a_little_word_counts_where_nothing_else_is_typed_yet() -> None:
    assert telling(["vp", "of"]) == ["vp", "of"]
    assert telling(["vp", "of", "sales"]) == ["vp", "sales"]
    assert telling(["the"]) == ["the"]


@given(st.text("abc", max_size=8))
def test_swapping_keeps_the_letters_and_changes_the_word(word: str) -> None:
    found = list(swapped(word))
    assert all(sorted(other) == sorted(word) and other != word for other in found)
    assert len(found) == len(set(found)) <= max(0, len(word) - 1)
    assert all(word in swapped(other) for other in found)


@pytest.mark.parametrize(
    ("title", "found"),
    [
        ("Registered Nurses", ["Registered Nurses"]),
        ("Dancers, Except Ballet", ["Dancers"]),
        ("Electronics Engineers, except Computer", ["Electronics Engineers"]),
        ("Exceptional Student Teacher", ["Exceptional Student Teacher"]),
        ("Database Administrator (DBA)", ["Database Administrator (DBA)", "Database Administrator", "DBA"]),
        ("CDL Driver (Truck)", ["CDL Driver (Truck)", "CDL Driver", "Truck"]),
        ("Networking (computers)", ["Networking (computers)"]),
    ],
)
def test_spellings(title: str, found: list[str]) -> None:
    assert list(spellings(title)) == found


@given(anything)
def test_every_title_has_a_spelling(title: str) -> None:
    assert 1 <= len(list(spellings(title))) <= 3


@pytest.mark.parametrize(
    ("words", "short"),
    [
        (["registered", "nurse"], "rn"),
        (["vice", "president", "of", "sales"], "vps"),
        (["nurse"], ""),
        (["of", "the"], ""),
        ([], ""),
    ],
)
def test_initials(words: list[str], short: str) -> None:
    assert initials(words) == short
