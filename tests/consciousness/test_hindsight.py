"""What of an answer about a session can be believed: what fits to the letter, and can be traced."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from consciousness.hindsight import LONGEST_TEXT, MOST_OF_A_KIND, SCHEMA, findings_in

TOLD, OWN = {1, 2, 3, 4}, {1, 3}


def item(text: str = "Learn SQL.", *messages: int) -> dict[str, Any]:
    return {"text": text, "messages": list(messages or (1,))}


def answer(**parts: Any) -> dict[str, Any]:
    lists = ("topics", "decisions", "action_items", "skills", "open_questions", "memories")
    return {"title": "SQL", "summary": item("It was about SQL.", 1, 2), **{name: [] for name in lists}, **parts}


def found_in(value: Any) -> list[tuple[str, str, tuple[int, ...]]]:
    findings = findings_in(value, told=TOLD, own=OWN)
    assert findings is not None
    return [(one.kind, one.text, one.numbers) for one in findings.insights]


def remembered(*messages: int, **facts: Any) -> dict[str, Any]:
    return {"kind": "fact", "text": "Has two kids.", "confidence": 0.8, "messages": list(messages), **facts}


def test_schema_and_structs_agree() -> None:
    whole = answer(memories=[remembered(1)], skills=[item("SQL")])
    assert Draft202012Validator(SCHEMA).is_valid(whole)
    assert findings_in(whole, told=TOLD, own=OWN) is not None


def test_what_can_be_traced_is_taken() -> None:
    found = found_in(answer(decisions=[item("Stay.", 3, 3, 4)], skills=[item("SQL", 2)]))
    assert found == [
        ("summary", "It was about SQL.", (1, 2)),
        ("decision", "Stay.", (3, 4)),
        ("skill", "SQL", (2,)),
    ]


@pytest.mark.parametrize("numbers", [(), (9,), (1, 9), (-1,)])
def test_what_rests_on_nothing_or_on_numbers_made_up_is_dropped(numbers: tuple[int, ...]) -> None:
    made_up = {"text": "You won a prize.", "messages": list(numbers)}
    assert [kind for kind, *_ in found_in(answer(decisions=[made_up]))] == ["summary"]


def test_only_the_persons_own_words_are_remembered() -> None:
    findings = findings_in(
        answer(memories=[remembered(1, 3), remembered(2), remembered(1, 2), remembered(1, confidence=3.0)]),
        told=TOLD,
        own=OWN,
    )
    assert findings is not None
    assert [one.numbers for one in findings.memories] == [(1, 3)]


@pytest.mark.parametrize(
    "value",
    [
        None,
        "text",
        {},
        answer(extra=1),
        answer(title=3),
        answer(topics=[{"text": "SQL", "messages": ["1"]}]),
        answer(topics=[{"text": "SQL"}]),
        answer(memories=[remembered(1, kind="order")]),
        answer(memories=[remembered(1, confidence="0.8")]),
    ],
)
def test_what_does_not_fit_to_the_letter_is_no_answer(value: Any) -> None:
    assert findings_in(value, told=TOLD, own=OWN) is None


def test_texts_are_short_and_on_one_line() -> None:
    (_, text, _), *_ = found_in(answer(summary=item("a\n# b\x00 c")))
    assert text == "a # b c"
    found = found_in(answer(topics=[item("x" * 9_000)] * 50))
    assert len(found) == 1 + MOST_OF_A_KIND
    assert max(len(text) for kind, text, _ in found if kind == "topic") == LONGEST_TEXT


PLAIN = st.none() | st.integers() | st.text()


@given(st.recursive(PLAIN, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)))
def test_any_value_is_read_without_harm(value: Any) -> None:
    assert findings_in(value, told=TOLD, own=OWN) is None
