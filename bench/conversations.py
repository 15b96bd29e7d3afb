"""Long conversations with questions about them, and which turns answer those: the format of `bench/recall`."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from consciousness.recall import Passage
from timetravelers.kit.content import own_yaml

OURS = Path(__file__).parent / "recall"
# Talks of two friends with names, a line each; the questions are a third person's.
DIALOGUES = OURS / "dialogues"


class BadSet(ValueError):
    """A folder that is no set of conversations, and what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, when, of what kind it is, and the keys of the turns that answer it."""

    text: str
    kind: str
    asked_at: datetime
    evidence: frozenset[str]


@dataclass(frozen=True, slots=True)
class Conversation:
    """All sessions of two with each other, and what is asked about them."""

    name: str
    zone: tzinfo
    passages: Sequence[Passage]
    questions: Sequence[Question]


def read_set(folder: Path) -> list[Conversation]:
    """The conversations of a folder, by name; raises BadSet with the file and what is wrong in it."""
    paths = sorted((folder / "conversations").glob("*.y*ml"))
    if not paths:
        raise BadSet(f"{folder}: there is no conversations/*.yaml")
    return [_conversation(path, folder / "questions" / path.name) for path in paths]


def _conversation(path: Path, questions: Path) -> Conversation:
    try:
        told, asked = (own_yaml(each.read_bytes()) for each in (path, questions))
        zone = ZoneInfo(told.get("zone", "UTC"))
        passages = list(_passages(told["sessions"], zone))
        return Conversation(path.stem, zone, passages, list(_questions(asked, {each.key for each in passages}, zone)))
    except (yaml.YAMLError, OSError, LookupError, TypeError, AttributeError, ValueError) as problem:
        raise BadSet(f"{path}: {problem}") from problem


def _passages(sessions: list[dict[str, Any]], zone: tzinfo) -> Iterator[Passage]:
    for session, told in enumerate(sessions, start=1):
        at = _moment(told["at"], zone)
        for number, turn in enumerate(told["turns"], start=1):
            key = f"{session}.{number}"
            if isinstance(turn, dict):
                yield Passage(key, at, str(turn["text"]), speaker=str(turn.get("speaker", "")), group=session)
            else:
                said, *answered = [str(each) for each in turn]
                yield Passage(key, at, said, "\n".join(answered), group=session)


def _questions(asked: list[dict[str, Any]], keys: set[Any], zone: tzinfo) -> Iterator[Question]:
    for one in asked:
        evidence = frozenset(map(str, one.get("evidence") or ()))
        if unknown := evidence - keys:
            raise ValueError(f"question {one.get('id', one['question'])!r}: no such turn: {', '.join(sorted(unknown))}")
        yield Question(str(one["question"]), str(one["kind"]), _moment(one["asked_at"], zone), evidence)


def _moment(told: object, zone: tzinfo) -> datetime:
    """A moment, or the beginning of a day, in the zone unless it says in which."""
    moment = told if isinstance(told, datetime) else datetime.fromisoformat(str(told))
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)
