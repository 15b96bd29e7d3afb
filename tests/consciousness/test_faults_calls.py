"""Calls to Manus that go wrong: what the phone sees, that nothing is lost, and that nothing is paid for twice."""

import pytest
from pytest_django.fixtures import Settings

from consciousness.models import Turn
from tests.consciousness.driving import replies_in
from tests.consciousness.faults import World

FIRST, SECOND = "How do I find a first data role?", "And which book should I read?"
AT_ONCE = ["queued", "started", "says manus", "completed"]
# The stand-in speaks first, and the mentor's own reply takes its place when the trouble is over.
FIRST_A_STAND_IN = [
    "queued", "says rehearsal", "completed for now", "message.superseded", "says manus", "completed"
]  # fmt: skip
ONLY_A_STAND_IN = ["queued", "says rehearsal", "completed for now", "completed"]


# What is seen of a first turn (which needs a create) and of a second one (which needs a send).
CALLS: dict[str, tuple[list[str], list[str]]] = {
    "401": (FIRST_A_STAND_IN, AT_ONCE),
    "403": (FIRST_A_STAND_IN, AT_ONCE),
    "404-after-create": (AT_ONCE, AT_ONCE),
    "412": (AT_ONCE, AT_ONCE),
    "429-storm": (AT_ONCE, AT_ONCE),
    "500": (AT_ONCE, AT_ONCE),
    "500-after": (AT_ONCE, AT_ONCE),
    "502": (AT_ONCE, AT_ONCE),
    "cut-after": (AT_ONCE, AT_ONCE),
    "cut-before": (AT_ONCE, AT_ONCE),
    "garbage": (AT_ONCE, AT_ONCE),
    "hang": (AT_ONCE, AT_ONCE),
    "hang-after": (AT_ONCE, AT_ONCE),
    "loose-numbers": (AT_ONCE, AT_ONCE),
    "not-ok": (AT_ONCE, AT_ONCE),
    "oversize": (AT_ONCE, AT_ONCE),
    "redirect": (AT_ONCE, AT_ONCE),
    "truncated": (AT_ONCE, AT_ONCE),
}


@pytest.mark.parametrize("script", CALLS)
def test_a_call_that_goes_wrong_is_made_good(world: World, script: str) -> None:
    world.manus.load(script)
    first, second = world.ask(FIRST), world.ask(SECOND)
    assert (world.seen(first), world.seen(second)) == CALLS[script]
    assert [turn.state for turn in (first, second)] == [Turn.State.COMPLETED] * 2
    assert (world.heard(FIRST), world.heard(SECOND)) == (1, 1)
    assert [one for one in replies_in(world.session) if one[2]] == [("manus", False, True)] * 2


def test_slow_is_not_broken(world: World, settings: Settings) -> None:
    settings.MANUS_READ_TIMEOUT = 10.0
    world.manus.clock.speed = 20.0
    world.manus.load("slow")
    assert world.seen(world.ask(FIRST)) == AT_ONCE
    assert world.heard(FIRST) == 1


def test_who_is_sent_away_for_a_long_time_hears_a_stand_in_meanwhile(world: World, settings: Settings) -> None:
    settings.ENGINE_ETA_LIMIT_SECONDS = 30.0
    world.manus.load("429-storm")
    assert world.seen(world.ask(FIRST)) == FIRST_A_STAND_IN
    assert world.heard(FIRST) == 1


def test_without_credits_a_stand_in_answers_until_somebody_pays(world: World, settings: Settings) -> None:
    world.manus.load("out-of-credits")
    first = world.ask(FIRST)
    assert world.seen(first) == ONLY_A_STAND_IN
    assert world.heard(FIRST) == 0
    for account in world.manus.world.memory.accounts.values():
        account.credits = 1000
    world.pass_time(1200)
    assert world.seen(world.ask(SECOND)) == AT_ONCE
    assert replies_in(world.session) == [("rehearsal", True, True), ("manus", False, True)]


def test_a_conversation_that_is_gone_begins_anew_and_knows_what_was_said(world: World) -> None:
    world.ask(FIRST)
    world.manus.load("task-lost")
    second = world.ask(SECOND)
    assert world.seen(second) == AT_ONCE
    assert world.manus.calls.summary()["task.create"]["executed"] == 2
    assert world.heard(SECOND) == 1
    (opening,) = world.taken()
    assert "# What was said before" in opening
    assert f"> {FIRST}" in opening


def test_a_message_that_is_never_taken_is_said_to_be(world: World) -> None:
    world.manus.arm("task.create", "400", times=None)
    turn = world.ask(FIRST)
    assert world.seen(turn) == ["queued", "failed message_refused"]
    assert replies_in(world.session) == []


@pytest.mark.parametrize("script", ["401", "500", "out-of-credits", "silence", "error-event"])
def test_without_a_stand_in_the_phone_is_told_and_can_try_again(world: World, settings: Settings, script: str) -> None:
    settings.ENGINE_CHAIN = ["manus"]
    world.manus.load(script)
    turn = world.ask(FIRST)
    ends = {
        "401": ["queued", "failed provider_refused"],
        "500": AT_ONCE,
        "out-of-credits": ["queued", "failed provider_refused"],
        "silence": AT_ONCE,
        "error-event": ["queued", "started", "failed provider_failed"],
    }
    assert world.seen(turn) == ends[script]
    assert world.heard(FIRST) <= 1
