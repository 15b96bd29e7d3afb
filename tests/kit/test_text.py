"""What text may hold: a decision that holds for every input, not only for the ones we thought of."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from accounts.models import User
from tests.actors import Api
from timetravelers.kit.text import has_control_characters, legible, normalise

texts = st.text(alphabet=st.characters() | st.sampled_from("\r\n\t \u0301\u0000\x85\u202e e\u0301"))


@given(texts)
@example(" \u0301a")
@example("\r\n\r")
def test_normalising_twice_is_normalising_once(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


@given(texts)
def test_what_is_normalised_is_composed_trimmed_and_has_one_kind_of_line_end(text: str) -> None:
    result = normalise(text)
    assert unicodedata.is_normalized("NFC", result)
    assert result == result.strip()
    assert "\r" not in result


@given(texts)
def test_meaning_is_untouched(text: str) -> None:
    """Without blanks, the canonical decomposition is the same as before."""

    def essence(value: str) -> str:
        return unicodedata.normalize("NFD", "".join(value.split()))

    assert essence(normalise(text)) == essence(text)


@given(st.text(alphabet=st.characters(exclude_categories=["Cc", "Cs"]) | st.sampled_from("\n\t\r")))
def test_ordinary_text_is_let_in(text: str) -> None:
    assert not has_control_characters(text)


@given(st.text(), st.characters(categories=["Cc", "Cs"]).filter(lambda c: c not in "\t\n\r"), st.text())
def test_one_control_character_anywhere_is_noticed(before: str, control: str, after: str) -> None:
    assert has_control_characters(before + control + after)


@pytest.mark.parametrize("mark", [*"\u061c\u200e\u202e\u2066\u206a\ufff9\U000e0041\U000e0150"])
def test_marks_that_nobody_sees_are_not_read(mark: str) -> None:
    assert legible(f"pl{mark}ain") == "plain"


@pytest.mark.parametrize("text", ["\u2764\ufe0f", "\U0001f469\u200d\U0001f4bb", "\u0645\u06cc\u200c\u062e"])
def test_marks_that_people_write_with_stay(text: str) -> None:
    assert legible(text) == text


@pytest.mark.django_db
@pytest.mark.usefixtures("probing")
@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("e\u0301", "\u00e9"),
        ("  x  ", "x"),
        ("a\r\nb\rc", "a\nb\nc"),
        (" " * 500 + "x" * 20 + "\n" * 500, "x" * 20),
        ("e\u0301" * 20, "\u00e9" * 20),
        ("\u202e", "\u202e"),
    ],
)
def test_length_is_measured_on_what_is_kept(api: Api, alice: User, sent: str, kept: str) -> None:
    response = api(alice).post("/probe/echo/", {"name": sent})
    assert (response.status_code, response.json().get("name")) == (200, kept)
