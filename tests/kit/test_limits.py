"""Never more than the limit in any window, and never told to wait longer than needed."""

from concurrent.futures import ThreadPoolExecutor
from time import monotonic, sleep
from types import SimpleNamespace

import pytest
import redis
from hypothesis import given
from hypothesis import strategies as st
from pytest_django.fixtures import Settings

from timetravelers.kit import limits
from timetravelers.kit.limits import LocalWindow, SharedWindow

# Whole seconds, so that sums are exact and the edges of a window are met often.
steps = st.lists(st.integers(0, 4), max_size=60)


class Clock:
    """Time that passes when it is told to, for the window, while it is entered."""

    def __init__(self) -> None:
        self.now = 1000.0
        self._patch = pytest.MonkeyPatch()

    def __enter__(self) -> "Clock":
        self._patch.setattr(limits, "time", SimpleNamespace(monotonic=lambda: self.now))
        return self

    def __exit__(self, *_: object) -> None:
        self._patch.undo()


@given(limit=st.integers(1, 5), seconds=st.integers(1, 8), pauses=steps)
def test_never_more_than_the_limit_in_any_window(limit: int, seconds: int, pauses: list[int]) -> None:
    window, let_in = LocalWindow(limit=limit, seconds=seconds), []
    with Clock() as clock:
        for pause in pauses:
            clock.now += pause
            if window.wait("k") == 0:
                let_in.append(clock.now)
    for start in let_in:
        assert sum(start <= moment < start + seconds for moment in let_in) <= limit


@given(limit=st.integers(1, 5), seconds=st.integers(1, 8), pauses=steps)
def test_the_wait_is_exactly_as_long_as_needed(limit: int, seconds: int, pauses: list[int]) -> None:
    window = LocalWindow(limit=limit, seconds=seconds)
    with Clock() as clock:
        for pause in pauses:
            clock.now += pause
            wait = window.wait("k")
            assert 0 <= wait <= seconds
            if wait:
                clock.now += wait - 0.5
                assert window.wait("k") == 0.5
                clock.now += 0.5
                assert window.wait("k") == 0


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 3)), max_size=60))
def test_keys_do_not_share_their_count(calls: list[tuple[str, int]]) -> None:
    together, alone = LocalWindow(limit=2, seconds=5), {key: LocalWindow(limit=2, seconds=5) for key in "abc"}
    with Clock() as clock:
        for key, pause in calls:
            clock.now += pause
            assert together.wait(key) == alone[key].wait(key)


def test_of_too_many_keys_the_least_recent_is_forgotten() -> None:
    window = LocalWindow(limit=1, seconds=60, max_keys=2)
    assert [window.wait(key) for key in "aba"][:2] == [0, 0]
    window.wait("c")  # in place of b, since a was asked for after it
    assert window.wait("a") > 0
    assert window.wait("b") == 0


def test_a_refused_call_does_not_count() -> None:
    window = LocalWindow(limit=1, seconds=60)
    with Clock() as clock:
        assert window.wait("k") == 0
        clock.now += 59
        assert [window.wait("k") for _ in range(50)] == [1] * 50
        clock.now += 1
        assert window.wait("k") == 0


def test_threads_share_a_local_window() -> None:
    window = LocalWindow(limit=37, seconds=60)
    with ThreadPoolExecutor(20) as pool:
        waits = list(pool.map(lambda _: window.wait("k"), range(200)))
    assert sum(wait == 0 for wait in waits) == 37


def test_a_shared_window_lets_in_as_many_as_its_limit_whoever_asks() -> None:
    windows = [SharedWindow(limit=7, seconds=30) for _ in range(20)]
    with ThreadPoolExecutor(20) as pool:
        waits = list(pool.map(lambda window: [window.wait("k") for _ in range(5)], windows))
    flat = [wait for each in waits for wait in each]
    assert sum(wait == 0 for wait in flat) == 7
    assert all(0 < wait <= 30 for wait in flat if wait)


def test_a_shared_window_slides() -> None:
    window = SharedWindow(limit=5, seconds=0.2)
    let_in: list[tuple[float, float]] = []
    end = monotonic() + 60
    while len(let_in) < 20:
        before = monotonic()
        assert before < end
        if window.wait("k") == 0:
            let_in.append((before, monotonic()))
    for first, sixth in zip(let_in, let_in[5:], strict=False):
        assert sixth[1] - first[0] >= 0.2


def test_the_wait_of_a_shared_window_is_enough() -> None:
    window = SharedWindow(limit=1, seconds=0.1)
    waits: list[float] = []
    end = monotonic() + 60
    while len(waits) < 3:
        assert monotonic() < end
        if wait := window.wait("k"):  # none where this machine was slower than the window
            sleep(wait)
            assert window.wait("k") == 0
            waits.append(wait)
    assert max(waits) <= 0.1


def test_keys_of_a_shared_window_stand_alone_and_go_when_unused(settings: Settings) -> None:
    window = SharedWindow(limit=1, seconds=0.1)
    assert [window.wait(key) for key in ("a", "b", "a:n")] == [0, 0, 0]
    sleep(0.15)
    assert not list(limits.valkey().scan_iter(match=f"{settings.REDIS_PREFIX}:limit*"))


def test_without_valkey_a_shared_window_says_so_and_soon(valkey_down: None) -> None:
    started = monotonic()
    with pytest.raises(redis.ConnectionError):
        SharedWindow(limit=1).wait("k")
    assert monotonic() - started < 3
