"""Replies of Manus that go wrong: what the phone sees, that nothing is lost, and that nothing is paid for twice."""

import pytest

from consciousness.models import Turn
from tests.consciousness.driving import last_event, replies_in
from tests.consciousness.faults import World

FIRST, SECOND = "How do I find a first data role?", "And which book should I read?"
AT_ONCE = ["queued", "started", "says manus", "completed"]
ENDED_BY_A_STAND_IN = ["queued", "started", "says rehearsal", "completed"]


@pytest.mark.parametrize("script", ["attachment", "background", "expensive", "progress"])
def test_what_is_unusual_is_a_reply_all_the_same(world: World, script: str) -> None:
    world.manus.load(script)
    assert world.seen(world.ask(FIRST)) == AT_ONCE
    assert world.seen(world.ask(SECOND)) == AT_ONCE
    assert (world.heard(FIRST), world.heard(SECOND)) == (1, 1)


UNFINISHED = ("error-event", "out-of-credits-midway", "waiting-confirmation", "high-credit-notice")


@pytest.mark.parametrize("script", UNFINISHED)
def test_an_agent_that_cannot_finish_is_replaced_by_a_stand_in_and_not_paid_again(world: World, script: str) -> None:
    world.manus.load(script)
    turn = world.ask(FIRST)
    assert world.seen(turn) == ENDED_BY_A_STAND_IN
    assert world.heard(FIRST) == 1
    assert world.manus.calls.summary()["task.create"]["executed"] == 1
    assert "task.confirmAction" not in world.manus.calls.summary()
    assert len(world.session.former_tasks) == 1


def test_a_task_that_vanishes_midway(world: World) -> None:
    world.manus.load("task-lost-midway")
    turn = world.ask(FIRST)
    assert world.seen(turn) == ENDED_BY_A_STAND_IN
    assert world.manus.calls.summary()["task.create"]["executed"] == 1
    assert world.seen(world.ask(SECOND)) == AT_ONCE


def test_a_question_is_answered_by_the_next_message(world: World) -> None:
    world.manus.load("waiting-question")
    first = world.ask(FIRST)
    assert first.state == Turn.State.WAITING
    assert world.seen(first) == ["queued", "started", "says manus", "waiting"]
    assert last_event(world.session)["data"]["question"].endswith("?")
    assert world.seen(world.ask("I would be calmer.")) == AT_ONCE
    assert world.manus.calls.summary()["task.create"]["executed"] == 1


def test_ten_minutes_of_silence(world: World) -> None:
    world.manus.load("silence")
    turn = world.ask(FIRST)
    assert world.seen(turn) == [
        "queued", "started", "says rehearsal", "completed for now", "message.superseded", "says manus", "completed"
    ]  # fmt: skip
    assert world.heard(FIRST) == 1
    assert world.seen(world.ask(SECOND)) == AT_ONCE


def test_silence_without_an_end(world: World) -> None:
    world.manus.arm("task.reply", "silence", seconds=80_000)
    turn = world.ask(FIRST)
    assert world.seen(turn) == ["queued", "started", "says rehearsal", "completed for now", "completed"]
    assert replies_in(world.session) == [("rehearsal", True, True)]
    assert len(world.session.former_tasks) == 1
    assert world.seen(world.ask(SECOND)) == AT_ONCE
