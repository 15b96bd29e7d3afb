"""Events that questions name."""

from datetime import timedelta

import pytest

from consciousness.recall.happenings import Event, Side, events_in


@pytest.mark.parametrize(
    ("question", "event"),
    [
        ("what did I earn before I changed jobs?", Event("I changed jobs", Side.BEFORE)),
        ("Where was I the week before my interview", Event("my interview", Side.BEFORE, timedelta(days=7))),
        ("what went wrong in the month after the launch?", Event("the launch", Side.AFTER, timedelta(days=31))),
        ("who helped when dad fell ill, and how?", Event("dad fell ill", Side.AROUND)),
        ("since I moved to Leeds how have I slept", Event("I moved to Leeds", Side.AFTER)),
        ("How long after my start at Medira did she fall?", Event("my start at Medira", Side.AFTER)),
        ("what did Jon buy three months after the wedding?", Event("the wedding", Side.AFTER, timedelta(days=93))),
        ("what did she earn before the move in May 2023", Event("the move in May 2023", Side.BEFORE)),
    ],
)
def test_events_that_say_when(question: str, event: Event) -> None:
    assert events_in(question) == [event]


@pytest.mark.parametrize(
    "question",
    [
        "",
        "what did I say about Python",
        "when?",
        "When did I move to Leeds?",
        "before",
        "after after after",
        "what happened the week before 9 June 2023?",
        "what did he do during the first weekend of August 2023",
    ],
)
def test_most_questions_name_none(question: str) -> None:
    assert events_in(question) == []
