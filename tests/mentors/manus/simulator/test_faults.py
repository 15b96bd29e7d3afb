"""The language of faults: which call a fault strikes, how often, for how long, and in what order."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mentors.manus.simulator.clock import Clock
from mentors.manus.simulator.contract import load_contract
from mentors.manus.simulator.faults import Fault, FaultScript, Occasion, allowed_faults, fault_from_header, read_faults
from tests.mentors.manus.conftest import KEY, StartSimulator
from tests.mentors.manus.simulator.wire import THINK, Wire, still

SECOND = "second-key"


def codes(wire: Wire, endpoint: str, count: int, **query: object) -> list[int]:
    return [wire.get(endpoint, **query).status_code for _ in range(count)]


def test_it_strikes_from_the_nth_call_on(start_simulator: StartSimulator) -> None:
    wire = still(start_simulator)
    wire.server.arm("task.list", "500", nth=3, times=2)
    assert codes(wire, "task.list", 6) == [200, 200, 500, 500, 200, 200]


def test_it_strikes_one_account_only(start_simulator: StartSimulator) -> None:
    wire = still(start_simulator, api_keys=[KEY], accounts=[("second", SECOND)])
    other = Wire(wire.server, SECOND)
    wire.server.arm("*", "401", account="second", times=None)
    assert codes(wire, "task.list", 2) == [200, 200]
    assert codes(other, "task.list", 2) == [401, 401]


def test_it_strikes_one_task_by_id_or_title(start_simulator: StartSimulator) -> None:
    wire = still(start_simulator)
    one, other = wire.replied(title="turn 1"), wire.replied(title="turn 2")
    wire.server.arm("task.listMessages", "500", task="turn 1", times=None)
    wire.server.arm("task.sendMessage", "412", task=other)
    assert wire.get("task.listMessages", task_id=one).status_code == 500
    assert wire.get("task.listMessages", task_id=other).status_code == 200
    assert [wire.say(one).status_code, wire.say(other).status_code] == [200, 412]


def test_it_strikes_a_create_by_its_title_and_by_its_words(start_simulator: StartSimulator) -> None:
    wire = still(start_simulator)
    wire.server.arm("task.create", "500", task="turn 7", times=None)
    wire.server.arm("task.create", "403", contains="NURSE")
    parts = [{"type": "text", "text": "briefing"}, {"type": "text", "text": "I am a nurse"}]
    assert wire.post("task.create", {"message": {"content": "x"}, "title": "turn 7"}).status_code == 500
    assert wire.post("task.create", {"message": {"content": "x"}, "title": "turn 8"}).status_code == 200
    assert wire.post("task.create", {"message": {"content": parts}}).status_code == 403


def test_replies_and_webhooks_can_be_chosen_by_words(start_simulator: StartSimulator) -> None:
    wire = still(start_simulator)
    wire.server.arm("task.reply", "error", contains="second", times=None)
    first, second = wire.create("the first"), wire.create("the second")
    wire.pass_time(THINK)
    assert [wire.status(first), wire.status(second)] == ["stopped", "error"]


def test_it_ends_when_its_time_is_up(start_simulator: StartSimulator) -> None:
    wire = still(start_simulator)
    wire.server.arm("task.list", "500", times=None, lasts=30)
    assert codes(wire, "task.list", 2) == [500, 500]
    wire.pass_time(30)
    assert codes(wire, "task.list", 2) == [200, 200]
    assert wire.server.faults.remaining() == []


def test_a_refusal_may_say_when_to_come_back(start_simulator: StartSimulator) -> None:
    wire = still(start_simulator)
    wire.server.arm("task.list", "429", seconds=7)
    assert wire.get("task.list").headers["Retry-After"] == "7"


def test_a_header_is_for_one_call_alone(start_simulator: StartSimulator) -> None:
    wire = still(start_simulator)
    body = {"message": {"content": "x"}}
    assert wire.post("task.create", body, **{"X-Simulator-Fault": "500"}).status_code == 500
    assert wire.post("task.create", body, **{"X-Simulator-Fault": "429;5"}).headers["Retry-After"] == "5"
    assert wire.post("task.create", body, **{"X-Simulator-Fault": "silence"}).status_code == 400
    assert wire.post("task.create", body, **{"X-Simulator-Fault": "slow;x"}).status_code == 400
    assert wire.post("task.create", body).status_code == 200


@pytest.mark.parametrize(
    ("endpoint", "fault"),
    [
        ("task.creat", "500"), ("task.list", "unseen"), ("task.reply", "500"), ("webhook", "slow"), ("", "500"),
        ("task.list", "418"), ("task.list", ""), ("webhook.task_deleted", "lost"), ("file.put", "lost"),
    ],
)  # fmt: skip
def test_what_can_not_happen_can_not_be_armed(endpoint: str, fault: str) -> None:
    with pytest.raises(ValueError, match="no fault"):
        Fault(endpoint=endpoint, fault=fault)


def test_every_endpoint_can_be_struck() -> None:
    endpoints = [path.removeprefix("/v2/") for path in load_contract().document["paths"] if path.startswith("/v2/")]
    assert all("500" in allowed_faults(endpoint) for endpoint in endpoints)
    assert not allowed_faults("oauth.token")


FAULTS = st.builds(
    Fault,
    endpoint=st.sampled_from(["task.list", "task.detail", "*"]),
    fault=st.just("500"),
    times=st.one_of(st.none(), st.integers(1, 3)),
    nth=st.integers(1, 3),
    account=st.sampled_from([None, "a"]),
)
CALLS = st.lists(st.tuples(st.sampled_from(["task.list", "task.detail"]), st.sampled_from(["a", "b"])), max_size=12)


@given(st.lists(FAULTS, max_size=4), CALLS)
def test_a_script_strikes_exactly_as_it_says(faults: list[Fault], calls: list[tuple[str, str]]) -> None:
    script = FaultScript(Clock(speed=0))
    for fault in faults:
        script.arm(fault)
    matches = [0] * len(faults)
    struck = [0] * len(faults)
    for endpoint, account in calls:
        expected = None
        for number, fault in enumerate(faults):
            used_up = fault.times is not None and struck[number] >= fault.times
            fits = fault.endpoint in (endpoint, "*") and fault.account in (None, account)
            if used_up or not fits:
                continue
            matches[number] += 1
            if matches[number] >= fault.nth:
                struck[number] += 1
                expected = fault
                break
        assert script.take(Occasion((endpoint, "*"), account)) is expected


@given(st.binary(max_size=200))
def test_any_bytes_are_faults_or_are_refused(body: bytes) -> None:
    try:
        found = list(read_faults(body))
    except (ValueError, RecursionError):
        return
    assert all(isinstance(one, Fault) for one in found)


@given(st.text(max_size=30))
def test_any_header_is_a_fault_or_is_refused(header: str) -> None:
    try:
        assert fault_from_header("task.list", header).endpoint == "task.list"
    except ValueError:
        return
