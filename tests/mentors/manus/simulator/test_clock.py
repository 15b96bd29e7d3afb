"""The simulator's time: jobs run in order and at their own moment, on a clock that stands, runs or races."""

from __future__ import annotations

import time
from functools import partial
from threading import Event

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mentors.manus.simulator.agenda import Agenda
from mentors.manus.simulator.clock import Clock
from tests.mentors.manus.conftest import StartSimulator, eventually
from tests.mentors.manus.simulator.wire import THINK, Wire, still

TENTHS = st.integers(0, 3_000).map(lambda number: number / 10)


def test_a_clock_stands_still_until_it_is_moved() -> None:
    clock = Clock(speed=0, start=1_000_000_000.0)
    assert clock.now() == clock.now() == 1_000_000_000.0
    clock.advance(60)
    assert clock.now_ms() == 1_000_000_060_000
    with pytest.raises(ValueError, match="backwards"):
        clock.advance(-1)


def test_a_clock_may_race() -> None:
    clock = Clock(speed=1_000, start=0.0)
    assert eventually(lambda: clock.now() > 20)


@pytest.mark.parametrize("speed", [-1, 1_001, float("nan"), float("inf")])
def test_a_clock_refuses_a_speed_that_is_none(speed: float) -> None:
    with pytest.raises(ValueError, match="speed"):
        Clock(speed=speed)


@settings(max_examples=20, deadline=None)
@given(st.lists(TENTHS, max_size=12), st.lists(TENTHS, max_size=6))
def test_jobs_run_in_order_each_at_its_own_moment(delays: list[float], steps: list[float]) -> None:
    clock = Clock(speed=0, start=1_700_000_000.0)
    agenda = Agenda(clock)
    ran: list[tuple[float, float]] = []

    def note(delay: float) -> None:
        ran.append((delay, clock.now() - 1_700_000_000.0))

    for delay in delays:
        agenda.after(delay, partial(note, delay))
    agenda.start()
    try:
        for step in steps:
            agenda.advance(step)
        assert [delay for delay, _ in ran] == sorted(delay for delay in delays if delay <= sum(steps) + 0.01)
        assert all(abs(moment - delay) < 1e-3 for delay, moment in ran)
    finally:
        agenda.stop()


def test_a_job_that_fails_stops_no_other_and_a_slow_one_is_waited_for() -> None:
    agenda = Agenda(Clock(speed=0))
    done = Event()

    def fail() -> None:
        raise ZeroDivisionError

    def take_long() -> None:
        time.sleep(0.1)
        done.set()

    agenda.after(1, fail)
    agenda.after(2, take_long)
    agenda.start()
    agenda.advance(2)
    assert done.is_set()
    with pytest.raises(ValueError, match="backwards"):
        agenda.advance(-1)
    agenda.stop()


def test_a_turn_takes_the_time_it_takes(start_simulator: StartSimulator) -> None:
    wire = still(start_simulator)
    task_id = wire.create()
    wire.pass_time(THINK - 0.1)
    assert wire.status(task_id) == "running"
    wire.pass_time(0.1)
    assert wire.status(task_id) == "stopped"
    stamps = [event["timestamp"] for event in wire.events(task_id, verbose=True)]
    assert stamps == sorted(set(stamps))
    assert stamps[-1] - stamps[0] >= THINK * 1_000


def test_limits_live_on_the_same_clock(start_simulator: StartSimulator) -> None:
    wire = still(start_simulator, rate_factor=1.0)
    assert len([wire.create() for _ in range(10)]) == 10
    assert wire.post("task.create", {"message": {"content": "x"}}).status_code == 429
    wire.pass_time(59)
    assert wire.post("task.create", {"message": {"content": "x"}}).status_code == 429
    wire.pass_time(1)
    assert wire.post("task.create", {"message": {"content": "x"}}).status_code == 200


def test_time_is_moved_by_control_endpoint_too(start_simulator: StartSimulator) -> None:
    wire = still(start_simulator)
    task_id = wire.create()
    before = wire.control("clock").json()["now"]
    assert wire.control("clock", {"advance": 600}).json()["now"] == pytest.approx(before + 600)
    assert wire.status(task_id) == "stopped"
    refused: list[object] = [{"advance": -1}, {"advance": 1e12}, {"advance": "x"}, {}, {"advance": 1, "more": 1}, []]
    for wrong in refused:
        assert wire.control("clock", wrong).status_code == 400


def test_a_slow_answer_waits_for_the_simulator_and_not_for_the_wall(start_simulator: StartSimulator) -> None:
    wire = Wire(start_simulator(clock=Clock(speed=1_000), think_seconds=60.0))
    wire.server.arm("task.create", "slow", seconds=100)
    task_id = wire.create()
    assert eventually(lambda: wire.status(task_id) == "stopped")
