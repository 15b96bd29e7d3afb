"""Language tags after BCP 47."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.language_tags import MAX_LENGTH, canonical_tag

subtags = st.text("abcdefghijklmnopqrstuvwxyzABXZ0123456789", min_size=1, max_size=8)


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("en", "en"),
        ("DE", "de"),
        ("pt-br", "pt-BR"),
        ("zh-hant-tw", "zh-Hant-TW"),
        ("ZH-HANT", "zh-Hant"),
        ("es-419", "es-419"),
        ("sl-rozaj-biske", "sl-rozaj-biske"),
        ("de-CH-1996", "de-CH-1996"),
        ("zh-cmn-Hans-CN", "zh-cmn-Hans-CN"),
        ("de-DE-u-co-phonebk", "de-DE-u-co-phonebk"),
        ("en-x-private", "en-x-private"),
        ("yue", "yue"),
    ],
)
def test_tags_get_their_canonical_case(text: str, canonical: str) -> None:
    assert canonical_tag(text) == canonical


@pytest.mark.parametrize(
    "text",
    [
        "", "e", "english", "en_US", "en-", "-en", "en--US", "en US", "en-US ", "12", "x-private", "i-klingon",
        "de-1996-1996", "en-a-bb-a-cc", "en-u", "en-x", "e\u0301n", "\uff45\uff4e", "en-\u0661\u0662\u0663", "a" * 36,
        "en" + "-abcde1" * 6, "en\n",
    ],
)  # fmt: skip
def test_other_text_is_refused(text: str) -> None:
    assert canonical_tag(text) is None


@given(parts=st.lists(subtags, min_size=1, max_size=5))
def test_what_is_canonical_stays_so_and_case_does_not_matter(parts: list[str]) -> None:
    tag = canonical_tag("-".join(parts))
    if tag is not None:
        assert canonical_tag(tag) == canonical_tag(tag.swapcase()) == tag
        assert tag.lower() == "-".join(parts).lower()


@given(text=st.text(max_size=MAX_LENGTH + 5))
def test_any_text_gets_an_answer(text: str) -> None:
    tag = canonical_tag(text)
    assert tag is None or (tag.isascii() and len(tag) == len(text) <= MAX_LENGTH)
