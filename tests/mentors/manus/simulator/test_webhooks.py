"""Deliveries: signed, on time, and spoilt on order."""

from __future__ import annotations

import time

import pytest

from mentors.manus import errors, signature
from mentors.manus.client import ManusClient
from mentors.manus.simulator.contract import load_contract
from mentors.manus.simulator.server import SimulatorServer
from mentors.manus.wire import WebhookDelivery, decode
from tests.mentors.manus import genuine
from tests.mentors.manus.conftest import eventually, outcome_of
from tests.mentors.manus.inbox import Inbox, Letter, receiving


def verify(client: ManusClient, inbox: Inbox, letter: Letter) -> None:
    genuine.verify(
        client.webhook_public_key().public_key,
        signature=letter.signature,
        timestamp=letter.timestamp,
        url=inbox.url,
        body=letter.body,
        now=time.time(),
    )


def test_deliveries_are_signed_and_as_documented(client: ManusClient) -> None:
    with receiving() as inbox:
        client.create_webhook(inbox.url)
        assert len(inbox.letters) == 1
        task_id = client.create_task("hello").task_id
        eventually(lambda: len(inbox.letters) == 3)
        for letter in inbox.letters:
            verify(client, inbox, letter)
        created, stopped = inbox.of_type("task_created")[0], inbox.of_type("task_stopped")[0]
        contract = load_contract()
        for letter, name in ((created, "WebhookTaskCreated"), (stopped, "WebhookTaskStopped")):
            assert contract.problems(f"#/components/schemas/{name}", letter.fields, strict=True) == []
        read = decode(stopped.body, WebhookDelivery)
        assert read.task_detail is not None
        assert (read.task_detail.task_id, read.task_detail.stop_reason) == (task_id, "finish")
        assert read.task_detail.message == outcome_of(client, task_id).text
        assert decode(inbox.letters[0].body, WebhookDelivery).task_detail is None


def test_the_reply_is_there_when_the_webhook_comes(client: ManusClient) -> None:
    with receiving() as inbox:
        client.create_webhook(inbox.url)
        task_id = client.create_task("hello").task_id
        eventually(lambda: inbox.of_type("task_stopped"))
        assert client.task_detail(task_id).task.status == "stopped"


@pytest.mark.parametrize("status", [302, 404, 500])
def test_a_url_that_fails_the_test_request_is_not_registered(client: ManusClient, status: int) -> None:
    with receiving(status) as inbox, pytest.raises(errors.InvalidRequest):
        client.create_webhook(inbox.url)
    assert client.list_webhooks().data == []


@pytest.mark.parametrize(
    "url", ["http://example.org/", "ftp://127.0.0.1/", "no url", "http://127.0.0.1:1/", "https://[", ""]
)
def test_a_url_that_can_not_be_delivered_to_is_not_registered(client: ManusClient, url: str) -> None:
    with pytest.raises(errors.InvalidRequest):
        client.create_webhook(url)


def test_a_deleted_webhook_gets_nothing_more(client: ManusClient) -> None:
    with receiving() as inbox:
        webhook = client.create_webhook(inbox.url).webhook
        client.delete_webhook(webhook.id)
        outcome_of(client, client.create_task("hello").task_id)
        time.sleep(0.1)
        assert len(inbox.letters) == 1
    with pytest.raises(errors.NotFound):
        client.delete_webhook(webhook.id)


def test_a_lost_webhook_is_lost_and_the_poll_still_finds_the_reply(
    simulator: SimulatorServer, client: ManusClient
) -> None:
    with receiving() as inbox:
        client.create_webhook(inbox.url)
        simulator.arm("webhook.task_stopped", "lost")
        assert outcome_of(client, client.create_task("hello").task_id).text
        eventually(lambda: [one for one in simulator.deliveries() if one["fault"] == "lost"])
        assert inbox.of_type("task_stopped") == []


def test_a_duplicate_comes_twice_with_the_same_body(simulator: SimulatorServer, client: ManusClient) -> None:
    with receiving() as inbox:
        client.create_webhook(inbox.url)
        simulator.arm("webhook.task_stopped", "duplicate")
        client.create_task("hello")
        eventually(lambda: len(inbox.of_type("task_stopped")) == 2)
        assert len({letter.body for letter in inbox.of_type("task_stopped")}) == 1


def test_a_late_webhook_comes_late_and_out_of_order(simulator: SimulatorServer, client: ManusClient) -> None:
    with receiving() as inbox:
        client.create_webhook(inbox.url)
        simulator.arm("webhook.task_created", "late", seconds=3)
        client.create_task("hello")
        eventually(lambda: len(inbox.letters) == 3)
        assert [letter.fields["event_type"] for letter in inbox.letters[1:]] == ["task_stopped", "task_created"]


@pytest.mark.parametrize(
    ("fault", "expected"),
    [("wrong_signature", signature.SignatureMismatch), ("expired", signature.SignatureExpired)],
)
def test_spoilt_signatures_do_not_verify(
    simulator: SimulatorServer, client: ManusClient, fault: str, expected: type[Exception]
) -> None:
    with receiving() as inbox:
        client.create_webhook(inbox.url)
        simulator.arm("webhook.task_stopped", fault)
        client.create_task("hello")
        letter = eventually(lambda: inbox.of_type("task_stopped"))[0]
        with pytest.raises(expected):
            verify(client, inbox, letter)


def test_a_receiver_that_is_gone_harms_nothing(simulator: SimulatorServer, client: ManusClient) -> None:
    with receiving() as inbox:
        client.create_webhook(inbox.url)
    assert outcome_of(client, client.create_task("hello").task_id).text
    eventually(lambda: any(one["status"] is None for one in simulator.deliveries()))
