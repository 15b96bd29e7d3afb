"""The breaker, in a real Valkey on a clock of the test's."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mentors.manus import errors
from mentors.manus.breaker import Breaker, Rules, State, states
from tests.mentors.manus.dead_valkey import valkey_gone

RULES = Rules(in_a_row=3, of_latest=10, share=0.5, pause=10.0, longest_pause=60.0, probe=30.0)
DOWN = errors.Unavailable(endpoint="task.list")


class FakeClock:
    def __init__(self) -> None:
        self.now = 1_700_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def breaker(clock: FakeClock) -> Breaker:
    return Breaker(key=uuid4().hex, account="one", rules=RULES, clock=clock)


def call(breaker: Breaker, error: errors.ManusError | None = None) -> None:
    with breaker.guard("task.list"):
        if error is not None:
            raise error


def fail(breaker: Breaker, times: int, error: errors.ManusError = DOWN) -> None:
    for _ in range(times):
        with pytest.raises(type(error)):
            call(breaker, error)


def state(breaker: Breaker, clock: FakeClock) -> State:
    return states([breaker.key], clock.now)[breaker.key]


@pytest.mark.parametrize(
    "kind", [errors.Unavailable, errors.Timeout, errors.Authentication, errors.InvalidAnswer], ids=lambda k: k.__name__
)
def test_failures_in_a_row_open_it(breaker: Breaker, clock: FakeClock, kind: type[errors.ManusError]) -> None:
    fail(breaker, 2, kind(endpoint="task.list"))
    assert state(breaker, clock) is State.CLOSED
    fail(breaker, 1, kind(endpoint="task.list"))
    assert state(breaker, clock) is State.OPEN
    with pytest.raises(errors.CircuitOpen) as refused:
        call(breaker)
    assert refused.value.retry_after == pytest.approx(10)
    assert refused.value.retryable
    assert not refused.value.ambiguous


@pytest.mark.parametrize(
    "kind",
    [
        errors.InvalidRequest,
        errors.NotFound,
        errors.Precondition,
        errors.PermissionDenied,
        errors.RateLimited,
        errors.QuotaExceeded,
    ],
    ids=lambda kind: kind.__name__,
)
def test_what_is_wrong_with_one_request_is_no_failure(
    breaker: Breaker, clock: FakeClock, kind: type[errors.ManusError]
) -> None:
    fail(breaker, 30, kind(endpoint="task.list"))
    assert state(breaker, clock) is State.CLOSED


def test_half_of_the_latest_calls_failing_opens_it_too(breaker: Breaker, clock: FakeClock) -> None:
    for _ in range(4):
        fail(breaker, 1)
        call(breaker)
    assert state(breaker, clock) is State.CLOSED
    fail(breaker, 1)
    call(breaker)
    fail(breaker, 1)
    assert state(breaker, clock) is State.OPEN


def test_a_success_now_and_then_keeps_it_closed(breaker: Breaker, clock: FakeClock) -> None:
    for _ in range(10):
        fail(breaker, 1)
        call(breaker)
        call(breaker)
    assert state(breaker, clock) is State.CLOSED


def test_one_probe_closes_it(breaker: Breaker, clock: FakeClock) -> None:
    fail(breaker, 3)
    clock.now += 10
    assert state(breaker, clock) is State.HALF_OPEN
    with breaker.guard("task.list"):
        with pytest.raises(errors.CircuitOpen) as other:
            call(breaker)
        assert other.value.retry_after == pytest.approx(30)
    assert state(breaker, clock) is State.CLOSED
    fail(breaker, 2)
    assert state(breaker, clock) is State.CLOSED


def test_a_failed_probe_opens_it_for_twice_as_long_up_to_a_bound(breaker: Breaker, clock: FakeClock) -> None:
    fail(breaker, 3)
    for pause in (10, 20, 40, 60, 60):
        clock.now += pause - 0.1
        with pytest.raises(errors.CircuitOpen):
            call(breaker)
        clock.now += 0.1
        fail(breaker, 1)


def test_a_probe_that_was_never_sent_leaves_its_place_to_another(breaker: Breaker, clock: FakeClock) -> None:
    fail(breaker, 3)
    clock.now += 10
    fail(breaker, 1, errors.Throttled(endpoint="task.list", retry_after=3))
    assert state(breaker, clock) is State.HALF_OPEN
    call(breaker)
    assert state(breaker, clock) is State.CLOSED


def test_a_probe_whose_process_died_is_replaced(breaker: Breaker, clock: FakeClock) -> None:
    fail(breaker, 3)
    clock.now += 10
    dead = breaker.guard("task.list")
    dead.__enter__()
    clock.now += 29
    with pytest.raises(errors.CircuitOpen):
        call(breaker)
    clock.now += 1
    call(breaker)
    assert state(breaker, clock) is State.CLOSED


def test_calls_that_began_before_it_opened_do_not_move_it(breaker: Breaker, clock: FakeClock) -> None:
    early = breaker.guard("task.list")
    late = breaker.guard("task.list")
    early.__enter__()
    late.__enter__()
    fail(breaker, 3)
    early.__exit__(None, None, None)
    assert state(breaker, clock) is State.OPEN
    assert not late.__exit__(type(DOWN), DOWN, None)
    clock.now += 10
    assert state(breaker, clock) is State.HALF_OPEN


def test_of_many_at_once_one_is_the_probe(breaker: Breaker, clock: FakeClock) -> None:
    fail(breaker, 3)
    clock.now += 10
    together = Barrier(12)

    def attempt(_: int) -> str:
        together.wait(10)
        try:
            with breaker.guard("task.list"):
                together.wait(10)
                return "sent"
        except errors.CircuitOpen:
            together.wait(10)
            return "refused"

    with ThreadPoolExecutor(12) as pool:
        outcomes = list(pool.map(attempt, range(12)))
    assert sorted(outcomes) == ["refused"] * 11 + ["sent"]


def test_staff_can_close_it(breaker: Breaker, clock: FakeClock) -> None:
    fail(breaker, 3)
    breaker.reset()
    assert state(breaker, clock) is State.CLOSED
    call(breaker)


def test_accounts_do_not_share_one(breaker: Breaker, clock: FakeClock) -> None:
    other = Breaker(key=uuid4().hex, account="two", rules=RULES, clock=clock)
    fail(breaker, 3)
    call(other)
    assert states([breaker.key, other.key], clock.now) == {breaker.key: State.OPEN, other.key: State.CLOSED}


def test_by_default_it_goes_by_the_time_of_valkey() -> None:
    breaker = Breaker(key=uuid4().hex, account="one", rules=RULES)
    fail(breaker, 3)
    assert states([breaker.key]) == {breaker.key: State.OPEN}
    with pytest.raises(errors.CircuitOpen) as refused:
        call(breaker)
    assert 0 < (refused.value.retry_after or 0) <= 10


def test_without_valkey_it_is_closed(breaker: Breaker, clock: FakeClock) -> None:
    fail(breaker, 3)
    with valkey_gone():
        call(breaker)
        fail(breaker, 5)
        breaker.reset()
        assert state(breaker, clock) is State.CLOSED
    assert state(breaker, clock) is State.OPEN


class Model:
    """The rules once more, in the plainest words, for one caller at a time."""

    until: float | None = None
    turns = 0

    def __init__(self) -> None:
        self.latest: list[bool] = []

    def lets_pass(self, now: float) -> bool:
        return self.until is None or now >= self.until

    def note(self, now: float, *, failed: bool) -> None:
        if self.until is not None:
            if failed:
                self._open(now)
            else:
                self.until, self.turns = None, 0
            return
        self.latest = [*self.latest, failed][-RULES.of_latest :]
        in_a_row = self.latest[-RULES.in_a_row :] == [True] * RULES.in_a_row
        too_many = len(self.latest) == RULES.of_latest and sum(self.latest) >= RULES.of_latest * RULES.share
        if failed and (in_a_row or too_many):
            self._open(now)

    def _open(self, now: float) -> None:
        self.until = now + min(RULES.pause * 2**self.turns, RULES.longest_pause)
        self.turns += 1
        self.latest = []


steps = st.lists(
    st.one_of(st.just("ok"), st.just("failed"), st.just("failed"), st.integers(1, 25)), min_size=1, max_size=60
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(steps)
def test_it_does_what_the_rules_say(script: list[str | int]) -> None:
    clock = FakeClock()
    breaker = Breaker(key=uuid4().hex, account="one", rules=RULES, clock=clock)
    model = Model()
    for step in script:
        if isinstance(step, int):
            clock.now += step
            continue
        passed = _attempt(breaker, failing=step == "failed")
        assert passed is model.lets_pass(clock.now)
        if passed:
            model.note(clock.now, failed=step == "failed")


def _attempt(breaker: Breaker, *, failing: bool) -> bool:
    try:
        call(breaker, DOWN if failing else None)
    except errors.CircuitOpen:
        return False
    except errors.Unavailable:
        return True
    return True
