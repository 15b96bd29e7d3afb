"""The judge sees whatever can be lost, doubled, or put in another order."""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from typing import Any

import pytest

from chaos import judging
from chaos.phone import Broken
from chaos.records import Records

WANTED = {"s-0": "One.", "s-1": "Two."}
ACKNOWLEDGED = {"s-0": {"seq": 1, "message": "m-0", "turn": "t-0"}, "s-1": {"seq": 4, "message": "m-1", "turn": "t-1"}}


def created(seq: int, message: str, turn: str, author: str = "user") -> dict[str, Any]:
    return {
        "seq": seq,
        "type": "message.created",
        "data": {"message": {"uid": message, "turn": turn, "author": author}},
    }


EVENTS = [
    created(1, "m-0", "t-0"),
    created(2, "r-0", "t-0", "traveler"),
    {"seq": 3, "type": "turn.completed", "data": {"turn": "t-0", "final": True}},
    created(4, "m-1", "t-1"),
    {"seq": 5, "type": "turn.cancelled", "data": {"turn": "t-1"}},
]
RECORDS = Records(
    last_seq=5,
    events=EVENTS,
    sayings=[("s-0", "One.", "m-0", "t-0"), ("s-1", "Two.", "m-1", "t-1")],
    replies=[("r-0", "t-0")],
    turns={"t-0": "completed", "t-1": "cancelled"},
)


def judge(records: Records, heard: list[dict[str, Any]] | None = None) -> None:
    told = heard or EVENTS
    judging.judge_log(records)
    judging.judge_heard(told, records, "the phone")
    judging.judge_sayings(WANTED, ACKNOWLEDGED, records)
    judging.judge_order(list(WANTED), ACKNOWLEDGED)
    judging.judge_turns(records)
    judging.judge_picture(told, records)


def changed(change: Callable[[list[dict[str, Any]]], object]) -> list[dict[str, Any]]:
    events = deepcopy(EVENTS)
    change(events)
    return events


def test_what_is_whole_passes() -> None:
    judge(RECORDS)


def test_what_comes_after_the_look_is_not_held_against_anybody() -> None:
    judge(RECORDS, [*EVENTS, {"seq": 6, "type": "mission.offered", "data": {}}])


@pytest.mark.parametrize(
    ("records", "why"),
    [
        (replace(RECORDS, last_seq=6), "gaps"),
        (replace(RECORDS, events=[*EVENTS[:2], *EVENTS[3:]]), "gaps"),
        (replace(RECORDS, sayings=RECORDS.sayings[:1]), "stored"),
        (replace(RECORDS, sayings=[*RECORDS.sayings, RECORDS.sayings[0]]), "more than once"),
        (replace(RECORDS, sayings=[("s-0", "1.", "m-0", "t-0"), RECORDS.sayings[1]]), "acknowledged"),
        (replace(RECORDS, sayings=[("s-0", "One.", "m-9", "t-0"), RECORDS.sayings[1]]), "acknowledged"),
        (replace(RECORDS, turns={**RECORDS.turns, "t-1": "running"}), "did not end"),
        (replace(RECORDS, replies=[]), "replies"),
        (replace(RECORDS, replies=[*RECORDS.replies, ("r-1", "t-0")]), "replies"),
        (replace(RECORDS, replies=[*RECORDS.replies, ("r-1", "t-1")]), "replies"),
        (replace(RECORDS, replies=[("r-9", "t-0")]), "add up"),
    ],
)
def test_what_is_stored_wrongly_is_seen(records: Records, why: str) -> None:
    with pytest.raises(Broken, match=why):
        judge(records)


@pytest.mark.parametrize(
    "heard",
    [
        changed(lambda events: events.pop()),
        changed(lambda events: events.pop(1)),
        changed(lambda events: events.insert(1, events[0])),
        changed(lambda events: events.reverse()),
        changed(lambda events: events[2]["data"].update(final=False)),
    ],
    ids=["the end is missing", "a gap", "twice", "another order", "other content"],
)
def test_what_is_heard_wrongly_is_seen(heard: list[dict[str, Any]]) -> None:
    with pytest.raises(Broken, match="differs from the log"):
        judge(RECORDS, heard)


def test_another_order_than_that_of_saying_is_seen() -> None:
    with pytest.raises(Broken, match="stand as events"):
        judging.judge_order(["s-1", "s-0"], ACKNOWLEDGED)
