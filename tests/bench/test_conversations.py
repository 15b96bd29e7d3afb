"""Reading sets of conversations, ours and those that others bring."""

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bench.conversations import DIALOGUES, OURS, BadSet, read_set

DIALOGUE = """
zone: America/Lima
sessions:
  - at: 2023-05-08T13:56:00
    turns:
      - {speaker: Caroline, text: I went to the lake.}
      - {speaker: Melanie, text: Which one?}
  - at: 2023-05-25T10:00:00Z
    turns:
      - ["It was cold.", "Was it?"]
      - ["Yes."]
"""
QUESTIONS = """
- {question: Where did Caroline go?, kind: single, asked_at: 2023-06-01, evidence: ["1.1"]}
- {question: What was never said?, kind: unanswerable, asked_at: 2023-06-01T10:00:00, evidence: []}
"""


def lay(folder: Path, dialogue: str = DIALOGUE, questions: str | None = QUESTIONS) -> Path:
    for name, text in (("conversations", dialogue), ("questions", questions)):
        (folder / name).mkdir()
        if text is not None:
            (folder / name / "lake.yaml").write_text(text)
    return folder


def test_our_own_set_is_as_it_says() -> None:
    told = read_set(OURS)
    assert len(told) >= 8
    assert min(len(each.passages) for each in told) >= 400
    kinds = {question.kind for each in told for question in each.questions}
    assert kinds == {"single", "several", "time", "open", "unanswerable"}
    questions = [question for each in told for question in each.questions]
    assert len(questions) >= 300
    assert all(bool(each.evidence) is (each.kind != "unanswerable") for each in questions)


def test_our_dialogues_are_of_two_with_names() -> None:
    told = read_set(DIALOGUES)
    assert [len({passage.speaker for passage in each.passages}) for each in told] == [2, 2, 2]
    assert sum(len(each.questions) for each in told) >= 150


def test_a_dialogue_of_two_with_names_is_a_set_too(tmp_path: Path) -> None:
    (told,) = read_set(lay(tmp_path))
    assert [(each.key, each.speaker, each.said) for each in told.passages[:2]] == [
        ("1.1", "Caroline", "I went to the lake."),
        ("1.2", "Melanie", "Which one?"),
    ]
    assert [(each.said, each.answered, each.group) for each in told.passages[2:]] == [
        ("It was cold.", "Was it?", 2),
        ("Yes.", "", 2),
    ]
    assert told.passages[0].at.tzinfo == ZoneInfo("America/Lima")
    assert told.questions[0].evidence == {"1.1"}
    assert told.questions[1].evidence == frozenset()


@pytest.mark.parametrize(
    ("dialogue", "questions"),
    [
        ("sessions: [", QUESTIONS),
        ("sessions: 3", QUESTIONS),
        ("sessions: [{turns: []}]", QUESTIONS),
        ("zone: Nowhere/Else\nsessions: []", "[]"),
        (DIALOGUE, None),
        (DIALOGUE, "- {kind: single}"),
        (DIALOGUE, QUESTIONS.replace("1.1", "7.1")),
    ],
)
def test_a_bad_set_is_refused_by_the_name_of_its_file(tmp_path: Path, dialogue: str, questions: str | None) -> None:
    with pytest.raises(BadSet, match=r"lake\.yaml"):
        read_set(lay(tmp_path, dialogue, questions))


def test_an_empty_folder_is_no_set(tmp_path: Path) -> None:
    with pytest.raises(BadSet, match="no conversations"):
        read_set(tmp_path)
