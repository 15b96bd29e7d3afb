"""The windows in a real Valkey: never more than the limit in any minute at the provider, and never less for long."""

from collections.abc import Iterator
from math import inf
from pathlib import Path

import pytest
import redis
import yaml
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pytest_django.fixtures import Settings
from redis.backoff import NoBackoff
from redis.retry import Retry

from mentors.manus import windows
from mentors.manus.errors import Throttled, Timeout
from mentors.manus.windows import CREATE, Forgotten, Slot, Windows
from tests.clean import clear_valkey
from tests.mentors.scheduling.clock import FakeClock
from tests.mentors.scheduling.provider import most_in_a_minute
from tests.threads import at_once

ONE = 1


@pytest.fixture
def shared(clock: FakeClock) -> Windows:
    """Warm windows, by the fake clock."""
    found = windows.shared()
    found.warm([])
    return found


def test_no_more_slots_than_the_limit(shared: Windows) -> None:
    first = shared.reserve(ONE, CREATE, 10, 7)
    second = shared.reserve(ONE, CREATE, 10, 7)
    assert (len(first.tokens), len(second.tokens)) == (7, 3)
    assert first.wait == 0
    assert second.wait > 0
    assert not set(first.tokens) & set(second.tokens)


def test_accounts_and_endpoints_do_not_share_slots(shared: Windows) -> None:
    for account, endpoint in ((1, CREATE), (2, CREATE), (1, windows.SEND_MESSAGE)):
        assert len(shared.reserve(account, endpoint, 2, 5).tokens) == 2


def test_a_slot_counts_from_the_answer_on(shared: Windows, clock: FakeClock) -> None:
    (token,) = shared.reserve(ONE, CREATE, 1, 1).tokens
    clock.advance(20)
    assert shared.send(ONE, CREATE, 1, token, reserved=True) == 0
    clock.advance(15)
    shared.answered(ONE, CREATE, token)
    clock.advance(61.9)
    assert shared.reserve(ONE, CREATE, 1, 1).tokens == ()
    clock.advance(0.2)
    assert len(shared.reserve(ONE, CREATE, 1, 1).tokens) == 1


def test_while_nobody_knows_whether_a_call_arrived_its_slot_is_kept(
    shared: Windows, clock: FakeClock, settings: Settings
) -> None:
    settings.MANUS_READ_TIMEOUT = 15.0
    (token,) = shared.reserve(ONE, CREATE, 1, 1).tokens
    shared.send(ONE, CREATE, 1, token, reserved=True)
    clock.advance(40 + 61.9)  # it may have arrived 40 seconds after it left
    assert shared.reserve(ONE, CREATE, 1, 1).tokens == ()
    clock.advance(0.2)
    assert len(shared.reserve(ONE, CREATE, 1, 1).tokens) == 1


def test_the_wait_is_exact(shared: Windows, clock: FakeClock) -> None:
    for token in shared.reserve(ONE, CREATE, 2, 2).tokens:
        shared.send(ONE, CREATE, 2, token, reserved=True)
        shared.answered(ONE, CREATE, token)
        clock.advance(10)
    wait = shared.reserve(ONE, CREATE, 2, 1).wait
    assert wait == pytest.approx(62 - 20)
    clock.advance(wait - 0.001)
    assert shared.reserve(ONE, CREATE, 2, 1).tokens == ()
    clock.advance(0.001)
    assert len(shared.reserve(ONE, CREATE, 2, 1).tokens) == 1


def test_a_slot_that_was_not_used_in_time_is_free_and_its_owner_has_to_find_room(
    shared: Windows, clock: FakeClock
) -> None:
    (late,) = shared.reserve(ONE, CREATE, 1, 1).tokens
    clock.advance(windows.RESERVED_SECONDS + 0.1)
    (other,) = shared.reserve(ONE, CREATE, 1, 1).tokens
    assert shared.send(ONE, CREATE, 1, late, reserved=True) > 0
    assert shared.send(ONE, CREATE, 1, other, reserved=True) == 0


def test_a_slot_given_back_is_free_at_once(shared: Windows) -> None:
    tokens = shared.reserve(ONE, CREATE, 2, 2).tokens
    shared.release(ONE, CREATE, tokens[:1])
    shared.release(ONE, CREATE, [])
    assert len(shared.reserve(ONE, CREATE, 2, 2).tokens) == 1


def test_a_limit_of_nothing_lets_nothing_through(shared: Windows) -> None:
    assert shared.reserve(ONE, CREATE, 0, 3) == windows.Reserved((), windows.NEVER_SECONDS)
    assert shared.send(ONE, CREATE, 0, "ad hoc", reserved=False) == windows.NEVER_SECONDS
    assert shared.free_in({(ONE, CREATE): 0}) == {(ONE, CREATE): []}


def test_a_limit_that_was_lowered_makes_the_rest_wait(shared: Windows, clock: FakeClock) -> None:
    for token in shared.reserve(ONE, CREATE, 4, 4).tokens:
        shared.send(ONE, CREATE, 4, token, reserved=True)
        shared.answered(ONE, CREATE, token)
        clock.advance(5)
    wait = shared.reserve(ONE, CREATE, 2, 1).wait
    assert wait == pytest.approx(62 - 20 + 10)  # the third of the four has to be gone
    assert shared.free_in({(ONE, CREATE): 2})[ONE, CREATE] == pytest.approx([wait, wait + 5])


def test_free_times_are_told_without_changing_anything(shared: Windows, clock: FakeClock) -> None:
    shared.reserve(ONE, CREATE, 3, 1)
    clock.advance(10)
    for _ in range(2):
        assert shared.free_in({(ONE, CREATE): 3})[ONE, CREATE] == pytest.approx([0, 0, 50])
    assert shared.free_in({}) == {}


def test_without_its_memory_nothing_is_reserved_until_it_is_told(clock: FakeClock) -> None:
    cold = windows.shared()
    with pytest.raises(Forgotten):
        cold.reserve(ONE, CREATE, 10, 1)
    assert cold.send(ONE, CREATE, 10, "reserved before", reserved=True) == windows.COLD_SECONDS
    cold.warm([(ONE, CREATE, f"call-{number}", 5.0) for number in range(8)])
    assert len(cold.reserve(ONE, CREATE, 10, 10).tokens) == 2


def test_what_is_remembered_twice_counts_once_and_the_livelier_memory_wins(shared: Windows, clock: FakeClock) -> None:
    shared.answered(ONE, CREATE, "call")
    shared.warm([(ONE, CREATE, "call", 61.0)])
    clock.advance(30)
    assert shared.reserve(ONE, CREATE, 1, 1).tokens == ()


# The provider's side -----------------------------------------------------------------------------------

# A pause before each call, how long it lies about, how long it is on its way, when in that time it arrives, and
# whether anybody lives to note its answer: around the length of the window, where mistakes show.
calls = st.lists(
    st.tuples(
        st.sampled_from([0.0, 0.5, 20.0, 30.0, 57.0, 58.5, 59.5, 60.5, 62.0]),
        st.sampled_from([0.0, 0.0, 1.0, 30.0, 55.0]),
        st.sampled_from([0.0, 1.0, 20.0, 39.0]),
        st.sampled_from([0.0, 1.0]),
        st.booleans(),
    ),
    max_size=12,
)


@given(limit=st.integers(1, 3), calls=calls)
@hypothesis_settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_provider_never_sees_more_than_the_limit_in_any_minute(
    limit: int, calls: list[tuple[float, float, float, float, bool]], clock: FakeClock
) -> None:
    """Whatever the workers and the wire do: calls leave late and arrive at any moment, and answers are lost."""
    clear_valkey()
    shared = windows.shared()
    shared.warm([])
    arrivals: list[float] = []
    agenda: list[tuple[float, str, str]] = []
    for pause, idle, flight, place, noted in calls:
        clock.advance(pause)
        _catch_up(shared, agenda, clock, limit)
        for token in shared.reserve(ONE, CREATE, limit, 2).tokens:
            leaves = clock.seconds() + idle
            agenda.append((leaves, "leaves", token))
            arrivals.append(leaves + flight * place)
            if noted:
                agenda.append((leaves + flight, "the answer", token))
    assert most_in_a_minute(arrivals) <= limit


def _catch_up(shared: Windows, agenda: list[tuple[float, str, str]], clock: FakeClock, limit: int) -> None:
    for moment, what, token in sorted(agenda):
        if moment > clock.seconds():
            continue
        agenda.remove((moment, what, token))
        past = Windows(clock=lambda moment=moment: moment)  # type: ignore[misc]  # mypy cannot infer its default
        if what == "leaves":
            assert past.send(ONE, CREATE, limit, token, reserved=True) == 0
        else:
            past.answered(ONE, CREATE, token)


def test_the_judge_can_tell() -> None:
    assert most_in_a_minute([0, 10, 59.9, 60, 119]) == 3
    assert most_in_a_minute([]) == 0


# The gate ----------------------------------------------------------------------------------------------


def test_reads_pass_until_the_minute_is_full_and_are_then_refused_unsent(shared: Windows, clock: FakeClock) -> None:
    gate = windows.gate(ONE, {"task.detail": 3})
    for _ in range(3):
        with gate("task.detail"):
            clock.advance(1)
    with pytest.raises(Throttled) as refused, gate("task.detail"):
        pytest.fail("it was let through")
    assert refused.value.retry_after == pytest.approx(62 - 2)
    assert refused.value.endpoint == "task.detail"


def test_an_endpoint_without_a_limit_is_not_counted() -> None:
    gate = windows.gate(ONE, {})
    for _ in range(500):
        with gate("webhook.publicKey"):
            pass


def test_the_reserved_slot_is_used_for_its_call_and_only_once(shared: Windows) -> None:
    gate = windows.gate(ONE, {CREATE: 1, "task.list": 5})
    (token,) = shared.reserve(ONE, CREATE, 1, 1).tokens
    with windows.using(Slot(ONE, CREATE, token)):
        with gate("task.list"):
            pass
        with gate(CREATE):
            pass
        with pytest.raises(Throttled), gate(CREATE):
            pytest.fail("one slot let two calls through")


def test_anothers_slot_is_not_used(shared: Windows) -> None:
    (token,) = shared.reserve(ONE, CREATE, 1, 1).tokens
    with windows.using(Slot(2, CREATE, token)), pytest.raises(Throttled), windows.gate(ONE, {CREATE: 1})(CREATE):
        pytest.fail("the slot belongs to another account")


def test_a_call_that_fails_counts_all_the_same(shared: Windows) -> None:
    gate = windows.gate(ONE, {CREATE: 1})
    with pytest.raises(RuntimeError, match="wire"), gate(CREATE):
        raise RuntimeError("the wire broke")
    with pytest.raises(Throttled), gate(CREATE):
        pytest.fail("it was let through")


@pytest.mark.parametrize(("http_status", "kept"), [(None, 40 + 62), (200, 62)])
def test_a_call_that_nobody_answered_may_arrive_yet(
    shared: Windows, clock: FakeClock, settings: Settings, http_status: int | None, kept: float
) -> None:
    settings.MANUS_READ_TIMEOUT = 15.0
    with pytest.raises(Timeout), windows.gate(ONE, {CREATE: 1})(CREATE):
        raise Timeout(endpoint=CREATE, http_status=http_status)
    clock.advance(kept - 0.1)
    assert shared.reserve(ONE, CREATE, 1, 1).tokens == ()
    clock.advance(0.2)
    assert len(shared.reserve(ONE, CREATE, 1, 1).tokens) == 1


@pytest.fixture
def _no_valkey(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    nowhere = redis.Redis(host="127.0.0.1", port=1, socket_connect_timeout=0.2, retry=Retry(NoBackoff(), 0))
    monkeypatch.setattr(windows, "shared", lambda: Windows(client=lambda: nowhere))
    yield
    nowhere.close()


@pytest.mark.usefixtures("_no_valkey")
def test_without_valkey_nothing_is_sent() -> None:
    with pytest.raises(Throttled) as refused, windows.gate(ONE, {CREATE: 10})(CREATE):
        pytest.fail("it was sent without being counted")
    assert 0 < (refused.value.retry_after or inf) < 10


def test_by_the_servers_own_clock_it_works_the_same() -> None:
    real = Windows()
    real.warm([])
    assert len(real.reserve(ONE, CREATE, 2, 3).tokens) == 2
    assert 0 < real.reserve(ONE, CREATE, 2, 1).wait <= 62


def test_limits_come_from_the_account_before_the_settings_before_the_contract(settings: Settings) -> None:
    settings.MANUS_PER_MINUTE = {"task.create": 7}
    found = windows.limits_for({"task.list": 3})
    assert (found[CREATE], found["task.list"], found["task.detail"], found["task.stop"]) == (7, 3, 100, 40)


def test_limits_are_those_of_the_contract() -> None:
    documented = contract_limits()
    assert {name: documented[name] for name in windows.DOCUMENTED} == dict(windows.DOCUMENTED)


def contract_limits() -> dict[str, int]:
    text = (Path(windows.__file__).parent / "contract" / "manus-v2.yaml").read_text()
    found: dict[str, int] = yaml.safe_load(text)["x-rate-limits"]["limits"]
    return found


def test_two_at_once_do_not_take_the_same_slot(shared: Windows) -> None:
    got = at_once(8, lambda number: shared.reserve(ONE, CREATE, 10, 1 + number % 4))
    tokens = [token for one in got if isinstance(one, windows.Reserved) for token in one.tokens]
    assert len(tokens) == len(set(tokens)) <= 10
