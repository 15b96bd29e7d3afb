"""Keys: read from the environment, sealed in rows, and told nowhere."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mentors.manus.keys import UnreadableKeys, mark, open_key, put_key, read_keys
from mentors.models import ManusAccount
from timetravelers.kit.sealing import BrokenSeal

keys = st.text(st.characters(min_codepoint=33, max_codepoint=126, exclude_characters=",="), min_size=1, max_size=60)
names = st.from_regex(r"[a-z0-9][a-z0-9-]{0,39}", fullmatch=True)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("sk-abc", {"default": "sk-abc"}),
        (" sk-abc ", {"default": "sk-abc"}),
        ("sk-abc==", {"default": "sk-abc=="}),
        ("Sk_aBc=x", {"default": "Sk_aBc=x"}),
        ("main=sk-abc", {"main": "sk-abc"}),
        ("main=sk-abc==", {"main": "sk-abc=="}),
        ("a=1, b=2,", {"a": "1", "b": "2"}),
        ("", {}),
    ],
)
def test_one_key_or_several_with_names(text: str, expected: dict[str, str]) -> None:
    assert read_keys(text) == expected


@pytest.mark.parametrize(
    "text", ["a,b", "a=1,b", "a=1,a=2", "a=1,b=two words", "A=1,b=2", "two words", "käse", "a=1,=2"]
)
def test_what_is_no_list_of_keys_is_refused_without_being_told(text: str) -> None:
    with pytest.raises(UnreadableKeys) as refused:
        read_keys(text)
    assert text not in str(refused.value)


@given(st.dictionaries(names, keys, min_size=1, max_size=5))
def test_whatever_the_names_and_keys_they_are_read_back(wanted: dict[str, str]) -> None:
    assert read_keys(",".join(f"{name}={key}" for name, key in wanted.items())) == wanted


@given(keys)
def test_a_key_is_sealed_and_opened(key: str) -> None:
    account = ManusAccount(name="a")
    put_key(account, key)
    assert key not in account.sealed_key or len(key) < 4
    assert open_key(account) == key
    assert account.key_mark == mark(key) == hashlib.sha256(key.encode()).hexdigest()[:12]


def test_a_key_of_another_house_is_not_opened(settings: object) -> None:
    account = ManusAccount(name="a")
    put_key(account, "sk-abc")
    settings.SECRET_KEY = "another secret"  # type: ignore[attr-defined]  # the fixture is a bare object to mypy
    with pytest.raises(BrokenSeal):
        open_key(account)


@pytest.mark.parametrize("key", ["", "two words", "with\nnewline", "schlüssel"])
def test_what_cannot_be_a_key_is_refused_without_being_told(key: str) -> None:
    account = ManusAccount(name="a")
    with pytest.raises(ValueError, match="API key") as refused:
        put_key(account, key)
    assert not key or key not in str(refused.value)
    assert account.sealed_key == ""
