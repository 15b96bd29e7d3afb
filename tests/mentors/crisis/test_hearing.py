"""Who may be in danger is heard, however it is written; work, books and figures of speech are not taken for it."""

from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from mentors.crisis import card_languages, crisis_language, hears_crisis
from mentors.crisis.hearing import signs
from mentors.crisis.plain import readings, unmarked

LEAST_LINES = 150
LONG = 12_000


def lines_of(name: str) -> list[tuple[str, str]]:
    by_language = yaml.safe_load(Path(__file__).with_name(name).read_text(encoding="utf-8"))
    return [(language, line) for language, lines in by_language.items() for line in lines]


DANGER, CALM = lines_of("danger.yaml"), lines_of("calm.yaml")


@pytest.mark.parametrize(("language", "words"), DANGER)
def test_danger_is_heard(language: str, words: str) -> None:
    found = crisis_language(words)
    assert found is not None
    assert found == language or language in ("dressed", "pt", "es", "de")


@pytest.mark.parametrize(("language", "words"), CALM)
def test_what_is_no_danger_is_left_alone(language: str, words: str) -> None:
    assert not hears_crisis(words), language


@pytest.mark.parametrize(("language", "words"), [one for one in DANGER if one[0] != "dressed"])
def test_it_is_heard_in_the_middle_of_other_things(language: str, words: str) -> None:
    assert hears_crisis(f"My interview at the company went well.\n{words}\nWhat do I wear on Monday?"), language


def test_the_set_is_large_and_has_every_language() -> None:
    assert len(DANGER) >= LEAST_LINES
    assert {language for language, _ in DANGER} - {"dressed"} == {one.language for one in signs()}
    assert {language for language, _ in CALM} == {one.language for one in signs()} == card_languages()


def test_what_is_said_at_the_end_of_a_long_message_is_heard() -> None:
    filling = "I would like to learn statistics and move into data. " * (LONG // 53)
    assert not hears_crisis(filling)
    assert hears_crisis(f"{filling}\nI want to die.")


@given(st.text(max_size=400))
@settings(max_examples=60, deadline=None)
def test_any_text_can_be_read(text: str) -> None:
    crisis_language(text)
    assert readings(text) == list(dict.fromkeys(readings(text)))
    assert unmarked(unmarked(text)) == unmarked(text)
