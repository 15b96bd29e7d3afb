"""What a call to an engine would tell: gathered from our own rows, in a number of queries that no history changes."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F, Q, QuerySet

from consciousness.context import Candidate, Kind, Origin, blocks
from consciousness.disclosure import (
    FILE_NAMES,
    FILE_TEXTS,
    MATCH,
    MEMORIES,
    SUMMARIES,
    WORDS,
    goal_told,
    missions_told,
    person_told,
)
from consciousness.models import ContextMark, Memory, Message, Session, SummaryLine, Turn
from consciousness.selectors.files import file_texts_of
from consciousness.selectors.recall import recalled_memories, recalled_turns
from mentors.briefing import told_goal, told_mission, told_person
from timetravelers.kit.disclosure import Telling

FEWEST_TURNS, MOST_TURNS = 40, 400
TOKENS_A_TURN = 40
MOST_RECALLED = 12
MOST_MEMORIES, MOST_LASTING_MEMORIES, MOST_NEW_MEMORIES = 12, 12, 12
# Without a question these come first: whoever forgets them is no mentor.
LASTING = (Memory.Kind.GOAL, Memory.Kind.CONSTRAINT, Memory.Kind.PREFERENCE)
MOST_FILE_TURNS = 10
FILE_TOKENS = 1_500
# Four signs a token at most, and one more to see that there is more.
FILE_CHARACTERS = 4 * FILE_TOKENS + 1
ENDED = (Turn.State.COMPLETED, Turn.State.WAITING)
_TARGETS = {"turn": "turn", "memory": "memory", "file": "file__uid", "summary": "summary"}


@dataclass(frozen=True, slots=True)
class Hints:
    """What recall finds for the words of a call: turns and memories, each with how well it fits."""

    turns: dict[UUID, float] = field(default_factory=dict)
    memories: dict[int, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a call would be for: a turn, or what follows the last one; `task` has heard its part of the session."""

    session: Session
    turn: int | None = None
    task: str = ""
    in_project: bool = False
    tokens: int = 0
    hints: Hints = field(default_factory=Hints)


@dataclass(slots=True)
class _Marks:
    """What was pinned or excluded, by what it is of: keys, but the public ids of files."""

    pinned: dict[str, set[Any]]
    excluded: dict[str, set[Any]]
    turns_of_files: set[int] = field(default_factory=set)


@dataclass(slots=True)
class _Told:
    """A turn as it was said."""

    key: int
    uid: UUID
    at: datetime
    sides: dict[str, list[str]]
    messages: list[UUID]

    @property
    def said(self) -> str:
        return "\n\n".join(self.sides["user"])

    @property
    def answered(self) -> str:
        return "\n\n".join(self.sides["traveler"])


def hints_for(session: Session, words: str, asked_at: datetime) -> Hints:
    """What of all that the person ever said fits these words; nothing for no words. Reads, and computes a little."""
    if not words.strip():
        return Hints()
    asked: dict[str, Any] = {"user": session.user_id, "question": words, "asked_at": asked_at}
    turns = recalled_turns(**asked, limit=MOST_RECALLED)
    memories = recalled_memories(**asked, limit=MOST_MEMORIES)
    return Hints({one.turn: one.score for one in turns}, dict(memories))


def candidates_for(wanted: Wanted, telling: Telling) -> list[Candidate]:
    """All that may be told in this call, as far as the telling goes."""
    marks = _marks_of(wanted.session)
    frame = [] if wanted.task else list(_frame(wanted, telling))
    summary = [] if wanted.task else list(_summary(wanted, marks, telling))
    return [
        *frame,
        *_memories(wanted, marks, telling),
        *_files(wanted, marks, telling),
        *summary,
        *_turns(wanted, marks, telling),
    ]


def _marks_of(session: Session) -> _Marks:
    marks = _Marks({name: set() for name in _TARGETS}, {name: set() for name in _TARGETS})
    rows = ContextMark.objects.filter(session=session).values_list("mark", "file__message__turn", *_TARGETS.values())
    for mark, turn_of_file, *keys in rows:
        is_pin = mark == ContextMark.Mark.PINNED
        for name, key in zip(_TARGETS, keys, strict=True):
            if key is not None:
                (marks.pinned if is_pin else marks.excluded)[name].add(key)
        if is_pin and turn_of_file is not None:
            marks.turns_of_files.add(turn_of_file)
    return marks


# Who and what for ------------------------------------------------------------------------------------


def _frame(wanted: Wanted, telling: Telling) -> Iterator[Candidate]:
    session = wanted.session
    version, here = Origin("traveler_version", str(session.version.uid)), Origin("session", str(session.uid))
    if not wanted.in_project:
        yield Candidate(Kind.PERSONA, session.version.instructions, (version,))
    person = person_told(session.user_id, telling)
    yield Candidate(Kind.PERSON, told_person(person), (Origin("profile", str(session.user.uid)),))
    yield Candidate(Kind.GOAL, told_goal(goal_told(session, telling)), (here,))
    yield from _match(session, here, telling)
    missions = missions_told(session.user_id, telling)
    if missions:
        text = blocks.missions_text([title for _, title in missions], told_mission(missions[0][1]))
        yield Candidate(Kind.MISSION, text, tuple(Origin("mission", str(uid)) for uid, _ in missions))


def _match(session: Session, here: Origin, telling: Telling) -> Iterator[Candidate]:
    match = telling.take(lambda: session.match, MATCH)
    reasons = (match or {}).get("reasons", {})
    known = {letter: one["text"] for letter, one in reasons.items() if not one["unknown"]}
    if known:
        yield Candidate(Kind.MATCH, blocks.match_text(known), (here,))


# What is remembered ----------------------------------------------------------------------------------


def _memories(wanted: Wanted, marks: _Marks, telling: Telling) -> Iterator[Candidate]:
    found = telling.take(lambda: list(_memory_rows(wanted, marks)), MEMORIES) or []
    for place, (key, uid, kind, text) in enumerate(found):
        score = wanted.hints.memories.get(key, 0.0) + 0.5 * (kind in LASTING)
        yield Candidate(
            Kind.MEMORY,
            blocks.memory_text(kind, text),
            (Origin("memory", str(uid)),),
            worth=score,
            place=place,
            pinned=key in marks.pinned["memory"],
        )


def _memory_rows(wanted: Wanted, marks: _Marks) -> "QuerySet[Memory, tuple[int, UUID, str, str]]":
    kept = Memory.objects.filter(user=wanted.session.user_id, state=Memory.State.KEPT)
    asked = Q(pk__in=[*wanted.hints.memories, *marks.pinned["memory"]])
    if not wanted.task:
        newest = kept.order_by("-pk").values("pk")
        lasting = newest.filter(kind__in=LASTING)
        asked |= Q(pk__in=lasting[:MOST_LASTING_MEMORIES]) | Q(pk__in=newest[:MOST_NEW_MEMORIES])
    rows = kept.filter(asked).exclude(pk__in=marks.excluded["memory"]).order_by("pk")
    return rows.values_list("pk", "uid", "kind", "text")


def _summary(wanted: Wanted, marks: _Marks, telling: Telling) -> Iterator[Candidate]:
    for key, part, turn, message, author, place, weight, text in (
        telling.take(lambda: list(_summary_rows(wanted, marks)), SUMMARIES) or []
    ):
        yield Candidate(
            Kind.SUMMARY,
            blocks.summary_text(author, text),
            (Origin("summary", str(part)), Origin("message", str(message))),
            worth=weight,
            place=place,
            turn=turn,
            pinned=key in marks.pinned["summary"],
        )


def _summary_rows(wanted: Wanted, marks: _Marks) -> "QuerySet[SummaryLine, Any]":
    lines = SummaryLine.objects.filter(part__session=wanted.session).exclude(part__in=marks.excluded["summary"])
    standing = lines.filter(
        message__turn__on_branch=True, message__turn__withheld=False, message__superseded_at__isnull=True
    ).exclude(message__turn__in=marks.excluded["turn"])
    if wanted.turn is not None:
        standing = standing.filter(message__turn__lt=wanted.turn)
    rows = standing.order_by("message", "place")
    return rows.annotate(row=F("pk")).values_list(
        "part", "part__uid", "message__turn", "message__uid", "message__author", "row", "weight", "text"
    )


def _files(wanted: Wanted, marks: _Marks, telling: Telling) -> Iterator[Candidate]:
    recent = _recent(wanted).values_list("pk", flat=True)[:MOST_FILE_TURNS]
    turns = {*recent, *marks.turns_of_files, *([wanted.turn] if wanted.turn else [])}
    texts = telling.take(lambda: file_texts_of(turns, FILE_CHARACTERS), FILE_NAMES, FILE_TEXTS) or []
    for place, one in enumerate(texts):
        if one.file not in marks.excluded["file"]:
            yield Candidate(
                Kind.FILE,
                blocks.file_text(one.name, one.text, FILE_TOKENS),
                (Origin("file", str(one.file)), Origin("message", str(one.message))),
                worth=place,
                place=place,
                pinned=one.file in marks.pinned["file"],
                trusted=False,
            )


# What was said ---------------------------------------------------------------------------------------


def _turns(wanted: Wanted, marks: _Marks, telling: Telling) -> Iterator[Candidate]:
    limit = min(MOST_TURNS, max(FEWEST_TURNS, wanted.tokens // TOKENS_A_TURN))
    recent = set(_recent(wanted).values_list("pk", flat=True)[:limit])
    told = telling.take(lambda: _read(wanted, recent, marks.pinned["turn"]), WORDS) or []
    for one in told:
        if one.key in marks.excluded["turn"]:
            continue
        pinned = one.key in marks.pinned["turn"]
        if one.key in recent:
            yield _said_before(one, pinned=pinned)
        else:
            yield _long_ago(one, wanted.hints.turns.get(one.uid, 0.0), pinned=pinned)


def _said_before(one: _Told, *, pinned: bool) -> Candidate:
    exchange = blocks.clipped(one.said, one.answered)
    text, place = blocks.exchange_text(exchange), one.key
    origins = _origins(one)
    return Candidate(Kind.TURN, text, origins, worth=place, place=place, turn=one.key, pinned=pinned, exchange=exchange)


def _long_ago(one: _Told, score: float, *, pinned: bool) -> Candidate:
    text, place = blocks.recalled_text(one.at, one.said, one.answered), one.key
    return Candidate(Kind.RECALLED, text, _origins(one), worth=score, place=place, turn=one.key, pinned=pinned)


def _origins(one: _Told) -> tuple[Origin, ...]:
    return (Origin("turn", str(one.uid)), *(Origin("message", str(uid)) for uid in one.messages))


def _recent(wanted: Wanted) -> "QuerySet[Turn]":
    """The turns that were answered on the branch in view, newest first; of those a task has heard, none."""
    turns = Turn.objects.filter(session=wanted.session, on_branch=True, withheld=False, state__in=ENDED)
    if wanted.turn is not None:
        turns = turns.filter(pk__lt=wanted.turn)
    if wanted.task:
        heard = turns.filter(heard_in=wanted.task).order_by("-pk").values_list("pk", flat=True).first()
        turns = turns.filter(pk__gt=heard or 0)
    return turns.order_by("-pk")


def _read(wanted: Wanted, recent: Collection[int], pinned: Collection[int]) -> Sequence[_Told]:
    """The recent turns, and of those that are pinned or that recall has found what is not known yet, as they stand."""
    older = (Q(turn__in=pinned) | Q(turn__uid__in=list(wanted.hints.turns))) & ~_in_hand(wanted)
    messages = Message.objects.filter(Q(turn__in=recent) | older, session__user=wanted.session.user_id)
    standing = messages.filter(turn__on_branch=True, turn__withheld=False, superseded_at__isnull=True).order_by("pk")
    standing = standing.exclude(turn__in=ContextMark.objects.turns_kept_out_everywhere(wanted.session.user_id))
    told: dict[int, _Told] = {}
    for key, uid, at, message, author, text in standing.values_list(
        "turn", "turn__uid", "turn__created_at", "uid", "author", "text"
    ):
        one = told.setdefault(key, _Told(key, uid, at, {"user": [], "traveler": []}, []))
        one.sides[author].append(text)
        one.messages.append(message)
    return list(told.values())


def _in_hand(wanted: Wanted) -> Q:
    """What may be found and the engine knows all the same: this turn and later ones, and what its task has heard."""
    known = Q(pk__in=[])
    if wanted.turn is not None:
        known |= Q(turn__session=wanted.session, turn__gte=wanted.turn)
    if wanted.task:
        known |= Q(turn__session=wanted.session, turn__heard_in=wanted.task)
    return known
