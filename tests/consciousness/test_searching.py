"""Searches as they are typed, and texts with marks in them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consciousness.searching import BEGINS, ENDS, Snippet, Typed, read_marked, read_typed, stemmer_of


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("statis", Typed("statis", "", "statis")),
        ("learn statis", Typed("learn statis", "learn", "statis")),
        ("learn s", Typed("learn s")),  # one letter begins too many words
        ('"learn statis', Typed('"learn statis')),
        ('"learn it" sta', Typed('"learn it" sta', '"learn it"', "sta")),
        ("learn -statis", Typed("learn -statis")),
        ("c++", Typed("c++")),
        ("  über ", Typed("über", "", "über")),
        ("", Typed("")),
    ],
)
def test_the_last_word_may_be_unfinished(text: str, typed: Typed) -> None:
    assert read_typed(text) == typed


@given(st.text())
def test_whatever_is_typed_is_read(text: str) -> None:
    typed = read_typed(text)
    assert typed.whole == text.strip()
    assert typed.whole.endswith(typed.beginning)


@pytest.mark.parametrize(
    ("languages", "stemmer"),
    [(["de-AT", "en"], "german"), (["EN"], "english"), (["tlh"], "english"), ([], "english"), (["nb-NO"], "norwegian")],
)
def test_words_change_as_in_the_dearest_language(languages: list[str], stemmer: str) -> None:
    assert stemmer_of(languages) == stemmer


@given(st.lists(st.tuples(st.text(st.characters(exclude_characters=BEGINS + ENDS)), st.booleans())))
def test_marks_become_offsets(parts: list[tuple[str, bool]]) -> None:
    marked = "".join(f"{BEGINS}{text}{ENDS}" if found else text for text, found in parts)
    snippet = read_marked(marked)
    assert snippet.text == "".join(text for text, _ in parts)
    assert [snippet.text[begin:end] for begin, end in snippet.ranges] == [text for text, found in parts if found]


@pytest.mark.parametrize("marked", [ENDS, BEGINS, f"{ENDS}a{BEGINS}b", f"{BEGINS}a{BEGINS}b{ENDS}{ENDS}"])
def test_marks_without_partners_do_no_harm(marked: str) -> None:
    assert BEGINS not in read_marked(marked).text
    assert read_marked(f"{BEGINS}a{BEGINS}b{ENDS}") == Snippet("ab", ((1, 2),))
