"""Rate limits: never more than N in any 60 seconds, on a clock of our own and over HTTP."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mentors.manus import errors
from mentors.manus.simulator.contract import load_contract
from mentors.manus.simulator.limits import SlidingWindows
from tests.mentors.manus.conftest import KEY, StartSimulator, make_client


class FakeClock:
    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


@given(
    limit=st.integers(1, 12),
    gaps=st.lists(st.floats(0, 30, allow_nan=False), max_size=200),
)
def test_never_more_than_the_limit_in_any_minute(limit: int, gaps: list[float]) -> None:
    clock = FakeClock()
    windows = SlidingWindows({"task.create": limit}, clock=clock)
    admitted: list[float] = []
    for gap in gaps:
        clock.now += gap
        if windows.admit("a", "task.create"):
            admitted.append(clock.now)
        else:
            recent = [moment for moment in admitted if moment > clock.now - 60]
            assert len(recent) == limit
    for start in admitted:
        assert sum(1 for moment in admitted if start <= moment < start + 60) <= limit


def test_refused_calls_do_not_count_and_accounts_and_endpoints_are_apart() -> None:
    clock = FakeClock()
    windows = SlidingWindows({"task.create": 1, "task.list": 1, "webhook.publicKey": None}, clock=clock)
    assert windows.admit("a", "task.create")
    assert not any(windows.admit("a", "task.create") for _ in range(5))
    assert windows.admit("a", "task.list")
    assert windows.admit("b", "task.create")
    assert all(windows.admit("a", "webhook.publicKey") for _ in range(500))
    clock.now += 60
    assert windows.admit("a", "task.create")


@pytest.mark.parametrize(("factor", "expected"), [(1.0, 10), (0.5, 5), (2.0, 20), (0.001, 1)])
def test_the_factor_scales_the_limit(factor: float, expected: int) -> None:
    windows = SlidingWindows({"task.create": 10}, factor=factor, clock=FakeClock())
    assert sum(windows.admit("a", "task.create") for _ in range(50)) == expected


def test_the_simulator_has_the_documented_limits(start_simulator: StartSimulator) -> None:
    server = start_simulator(rate_factor=1.0, api_keys=[KEY, "second"])
    client = make_client(server.url)
    for _ in range(10):
        client.create_task("hello")
    with pytest.raises(errors.RateLimited):
        client.create_task("hello")
    assert len(client.list_tasks(limit=100).data) == 10
    assert make_client(server.url, "second").create_task("hello").task_id
    assert load_contract().rate_limits()["task.sendMessage"] == 10
