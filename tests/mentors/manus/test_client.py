"""The client against the simulator over real HTTP: every call, every documented refusal."""

from __future__ import annotations

import logging
import time
from threading import Thread

import pytest
import structlog

from mentors.manus import errors
from mentors.manus.client import ManusClient
from mentors.manus.conversation import TurnState
from mentors.manus.simulator.server import SimulatorServer
from tests.mentors.manus.conftest import (
    KEY,
    StartSimulator,
    Witness,
    eventually,
    make_client,
    outcome_of,
)
from tests.mentors.manus.inbox import receiving


def calls(simulator: SimulatorServer, endpoint: str) -> dict[str, int]:
    found: dict[str, int] = simulator.calls.summary().get(endpoint, {"received": 0, "executed": 0})
    return found


def test_a_conversation_of_two_turns(client: ManusClient) -> None:
    created = client.create_task("I want to become a nurse, how do I begin?", title="session 1")
    assert created.simulated
    assert created.task_title == "session 1"
    first = outcome_of(client, created.task_id)
    assert first.state is TurnState.STOPPED
    assert "simulated" in first.text
    sent = client.send_message(created.task_id, "thanks, that helps")
    assert sent.simulated
    second = outcome_of(client, created.task_id, first.newest_event_id)
    assert second.text != first.text
    assert "simulated" not in second.text


def test_every_call_of_the_client_is_answered_as_documented(client: ManusClient, witness: Witness) -> None:
    project = client.create_project("Ada", "# Who you are\n- Name: Ada Voss").project
    assert [one.id for one in client.list_projects().data] == [project.id]
    task_id = client.create_task([{"type": "text", "text": "hello"}], project_id=project.id).task_id
    assert "Ada Voss" in outcome_of(client, task_id).text
    assert client.task_detail(task_id).task.status == "stopped"
    assert [task.id for task in client.list_tasks(project_id=project.id).data] == [task_id]
    assert client.list_tasks().data[0].task_type == "project"
    usage = client.list_usage().data[0]
    assert usage.task_id == task_id
    assert client.available_credits().data.total_credits == 100_000 + usage.credits
    client.send_message(task_id, "more")
    client.stop_task(task_id)
    assert client.task_detail(task_id).task.status == "stopped"
    assert client.delete_task(task_id).deleted
    with receiving() as inbox:
        webhook = client.create_webhook(inbox.url).webhook
        assert [one.url for one in client.list_webhooks().data] == [inbox.url]
        client.delete_webhook(webhook.id)
    assert client.list_webhooks().data == []
    assert client.webhook_public_key().public_key.startswith("-----BEGIN PUBLIC KEY-----")
    assert len(witness.seen) == 15


def test_a_confirmation_is_given_and_the_task_goes_on(simulator: SimulatorServer, client: ManusClient) -> None:
    simulator.arm("task.reply", "confirm")
    task_id = client.create_task("help me choose a course").task_id
    waiting = outcome_of(client, task_id)
    assert waiting.state is TurnState.WAITING
    assert waiting.waiting is not None
    assert not waiting.waiting.by_message
    with pytest.raises(errors.InvalidRequest):
        client.send_message(task_id, "yes")
    event_id = waiting.waiting.event_id or ""
    client.confirm_action(task_id, event_id, {"accept": False})
    assert client.task_detail(task_id).task.status == "waiting"
    client.confirm_action(task_id, event_id, {"accept": True})
    eventually(lambda: client.task_detail(task_id).task.status == "stopped")


def test_a_question_is_answered_by_message(simulator: SimulatorServer, client: ManusClient) -> None:
    simulator.arm("task.reply", "ask")
    task_id = client.create_task("help me").task_id
    asked = outcome_of(client, task_id)
    assert asked.question
    assert asked.waiting is not None
    assert asked.waiting.by_message
    client.send_message(task_id, "I would sleep better")
    assert outcome_of(client, task_id, asked.newest_event_id).state is TurnState.STOPPED


def test_a_failed_task_is_an_outcome_and_not_an_exception(simulator: SimulatorServer, client: ManusClient) -> None:
    simulator.arm("task.reply", "error")
    outcome = outcome_of(client, client.create_task("help me").task_id)
    assert (outcome.state, outcome.error_type) == (TurnState.ERROR, "internal")


def test_events_are_read_over_several_pages(client: ManusClient) -> None:
    task_id = client.create_task("one").task_id
    boundary = outcome_of(client, task_id).newest_event_id
    for number in range(3):
        last = client.list_messages(task_id, limit=1).messages[0].id
        client.send_message(task_id, f"message {number}")
        outcome_of(client, task_id, last)
    whole = client.events_after(task_id, page_size=3)
    newer = client.events_after(task_id, boundary, page_size=2)
    assert whole.complete
    assert len(whole.events) == 16
    assert newer.events == whole.events[4:]
    assert not client.events_after(task_id, page_size=2, max_pages=2).complete


@pytest.mark.parametrize(
    ("fault", "expected", "retryable"),
    [
        ("400", errors.InvalidRequest, False),
        ("401", errors.Authentication, False),
        ("402", errors.QuotaExceeded, False),
        ("403", errors.PermissionDenied, False),
        ("404", errors.NotFound, False),
        ("412", errors.Precondition, False),
        ("429", errors.RateLimited, True),
        ("500", errors.Unavailable, True),
        ("garbage", errors.InvalidAnswer, False),
        ("empty", errors.InvalidAnswer, False),
        ("huge", errors.InvalidAnswer, False),
        ("redirect", errors.InvalidAnswer, False),
        ("not_ok", errors.Unavailable, True),
        ("cut", errors.Unavailable, True),
        ("hang", errors.Timeout, True),
    ],
)
def test_each_fault_becomes_its_error_and_a_write_is_sent_once(
    simulator: SimulatorServer, fault: str, expected: type[errors.ManusError], *, retryable: bool
) -> None:
    simulator.arm("task.create", fault)
    client = make_client(simulator.url, read_timeout=0.5 if fault == "hang" else 5.0)
    with pytest.raises(expected) as caught:
        client.create_task("hello")
    assert caught.value.retryable is retryable
    # Whoever hangs up early may be ahead of the simulator.
    eventually(lambda: sum(simulator.calls.summary().get("task.create", {}).get("statuses", {}).values()))
    assert calls(simulator, "task.create") | {"statuses": {}} == {"received": 1, "executed": 0, "statuses": {}}


@pytest.mark.parametrize("fault", ["cut_after", "hang_after", "500_after", "garbage_after"])
def test_a_create_that_may_have_happened_says_so_and_can_be_found(simulator: SimulatorServer, fault: str) -> None:
    simulator.arm("task.create", fault)
    with pytest.raises(errors.ManusError) as caught:
        make_client(simulator.url, read_timeout=0.5).create_task("hello", title="turn 42")
    assert caught.value.ambiguous
    eventually(lambda: calls(simulator, "task.create")["executed"] == 1)
    assert [task.title for task in make_client(simulator.url).list_tasks().data] == ["turn 42"]


@pytest.mark.parametrize("fault", ["400", "401", "403", "404", "429"])
def test_a_plain_refusal_is_not_ambiguous(simulator: SimulatorServer, client: ManusClient, fault: str) -> None:
    simulator.arm("task.create", fault)
    with pytest.raises(errors.ManusError) as caught:
        client.create_task("hello")
    assert not caught.value.ambiguous
    assert caught.value.request_id


@pytest.mark.parametrize("fault", ["500", "429", "cut"])
def test_reads_survive_two_faults_and_no_more(simulator: SimulatorServer, fault: str) -> None:
    pauses: list[float] = []
    client = make_client(simulator.url, sleep=pauses.append)
    simulator.arm("task.list", fault, times=2)
    assert client.list_tasks().data == []
    simulator.arm("task.list", fault, times=3)
    with pytest.raises(errors.ManusError):
        client.list_tasks()
    assert calls(simulator, "task.list")["received"] == 6
    assert len(pauses) == 4
    assert all(0 < pause < 1 for pause in pauses)


@pytest.mark.parametrize("fault", ["401", "404", "garbage"])
def test_reads_that_cannot_get_better_are_not_tried_again(
    simulator: SimulatorServer, client: ManusClient, fault: str
) -> None:
    simulator.arm("task.list", fault)
    with pytest.raises(errors.ManusError):
        client.list_tasks()
    assert calls(simulator, "task.list")["received"] == 1


def test_a_slow_answer_within_the_timeout_is_an_answer(simulator: SimulatorServer, client: ManusClient) -> None:
    simulator.arm("task.create", "slow", seconds=0.4)
    started = time.monotonic()
    assert client.create_task("hello").task_id
    assert time.monotonic() - started >= 0.4


def test_a_wrong_key_is_refused(simulator: SimulatorServer) -> None:
    with pytest.raises(errors.Authentication):
        make_client(simulator.url, "another-key").list_tasks()


def test_accounts_do_not_see_each_other(start_simulator: StartSimulator) -> None:
    server = start_simulator(api_keys=[KEY, "second-key"])
    task_id = make_client(server.url).create_task("hello").task_id
    other = make_client(server.url, "second-key")
    assert other.list_tasks().data == []
    with pytest.raises(errors.NotFound):
        other.task_detail(task_id)


def test_without_credits_nothing_is_started(start_simulator: StartSimulator) -> None:
    server = start_simulator(credits=1)
    client = make_client(server.url)
    outcome_of(client, client.create_task("hello").task_id)
    with pytest.raises(errors.QuotaExceeded):
        client.create_task("again")
    assert client.available_credits().data.total_credits == 0


def test_a_text_over_the_token_limit_is_refused(client: ManusClient) -> None:
    with pytest.raises(errors.InvalidRequest):
        client.create_task("语" * 5001)
    with pytest.raises(errors.InvalidRequest):
        client.create_task([{"type": "text", "text": "word " * 2500}, {"type": "text", "text": "word " * 2500}])


def test_text_that_is_no_unicode_is_refused_before_it_leaves(simulator: SimulatorServer, client: ManusClient) -> None:
    with pytest.raises(errors.InvalidRequest):
        client.create_task("half a pair \ud800")
    assert calls(simulator, "task.create")["received"] == 0


def test_neither_key_nor_content_nor_provider_text_is_logged_or_told(
    simulator: SimulatorServer, client: ManusClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with structlog.testing.capture_logs() as lines:
        client.create_task("my very private words")
        simulator.arm("task.create", "500")
        with pytest.raises(errors.Unavailable) as caught:
            client.create_task("my very private words")
    told = f"{lines} {caught.value} {caught.value!r} {vars(caught.value)} {client!r} {caplog.text}"
    assert KEY not in told
    assert "private" not in told
    assert "fault script" not in told
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None
    mine = [line for line in lines if line["event"] == "manus_call"]
    assert [line["outcome"] for line in mine] == ["ok", "Unavailable"]
    assert {"endpoint", "latency_ms", "http_status", "provider_request_id"} <= mine[0].keys()


def test_a_client_is_shared_by_threads(client: ManusClient) -> None:
    found: list[str] = []
    threads = [Thread(target=lambda: found.append(client.create_task("hi").task_id)) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=10)
    assert len(set(found)) == 12


@pytest.mark.parametrize(
    "url",
    [
        "http://manus.example",
        "ftp://127.0.0.1",
        "https://user:secret@manus.example",
        "https://",
        "127.0.0.1:80",
        "https://manus.example/?a=1",
    ],
)
def test_a_base_url_that_would_leak_the_key_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="base URL"):
        make_client(url)


@pytest.mark.parametrize("key", ["", "two words", "with\nnewline", "schlüssel", "tab\there"])
def test_an_unusable_key_is_refused_without_being_told(key: str) -> None:
    with pytest.raises(ValueError, match="API key") as caught:
        make_client("https://manus.example", key)
    assert not key or key not in str(caught.value)
