"""Words as recall compares them."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consciousness.recall.words import LONGEST_WORD, MOST_CHARACTERS, stems, terms_of


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("running jobs", "runs a job"),
        ("Café", "cafe"),
        ("the résumés", "resume"),
        ("Nan's bingo", "nan bingo"),
        ("nan\u2019s bingo", "nan bingo"),
        ("STRASSE", "straße"),
    ],
)
def test_forms_of_a_word_are_one_word(one: str, other: str) -> None:
    assert stems(one) == stems(other)


@pytest.mark.parametrize("text", ["", "   ", "What did I say about it?", "🙂🙃 ... !!!", "\ud800"])
def test_what_says_nothing_has_no_words(text: str) -> None:
    assert stems(text) == []


def test_other_languages_are_stemmed_by_their_own_rules() -> None:
    assert stems("Bewerbungen", "german") == stems("Bewerbung", "german")
    assert stems("interviews", "no language") == stems("interview")


def test_scripts_without_spaces_are_compared_by_pairs_of_signs() -> None:
    assert set(stems("面接試験")) & set(stems("来週の面接"))


def test_what_is_no_word_is_left_out() -> None:
    assert stems("x" * (LONGEST_WORD + 1) + " exam") == ["exam"]
    assert len(stems("exam " * 100_000)) <= MOST_CHARACTERS // 5


@given(st.text())
def test_any_text_has_numbers(text: str) -> None:
    assert len(terms_of(text)) == len(stems(text))


def test_threads_do_not_share_a_stemmer() -> None:
    words = [f"{stem}ing" for stem in ("walk", "talk", "jump", "paint", "build")] * 200
    with ThreadPoolExecutor(4) as threads:
        read = list(threads.map(lambda _: stems(" ".join(words)), range(16)))
    assert all(each == read[0] for each in read)
