"""Scripts that spoil webhooks."""

from __future__ import annotations

import time

import pytest

from mentors.manus import signature
from tests.mentors.manus import genuine
from tests.mentors.manus.inbox import Inbox, Letter
from tests.mentors.manus.simulator.checks.registry import shows
from tests.mentors.manus.simulator.wire import THINK, Wire


@shows("webhook-duplicate")
def tells_everything_twice(wire: Wire, inbox: Inbox) -> None:
    wire.replied()
    for kind in ("task_created", "task_stopped"):
        assert len(inbox.of_type(kind)) == 2
        assert len({letter.body for letter in inbox.of_type(kind)}) == 1


@shows("webhook-same-id")
def two_stops_share_an_id(wire: Wire, inbox: Inbox) -> None:
    task_id = wire.replied()
    wire.say(task_id)
    wire.pass_time(THINK)
    first, second = inbox.of_type("task_stopped")
    assert first.fields["event_id"] == second.fields["event_id"]
    assert first.body != second.body


@shows("webhook-late")
def tells_the_end_two_minutes_late(wire: Wire, inbox: Inbox) -> None:
    wire.replied()
    wire.pass_time(119)
    assert inbox.of_type("task_stopped") == []
    wire.pass_time(2)
    assert len(inbox.of_type("task_stopped")) == 1


@shows("webhook-reordered")
def tells_the_end_before_the_beginning(wire: Wire, inbox: Inbox) -> None:
    wire.replied()
    assert [letter.fields["event_type"] for letter in inbox.letters] == ["task_stopped", "task_created"]


@shows("webhook-lost")
def tells_nothing(wire: Wire, inbox: Inbox) -> None:
    task_id = wire.replied()
    assert inbox.letters == []
    assert len(wire.of_type(task_id, "assistant_message")) == 1
    assert {one["fault"] for one in wire.server.deliveries()[1:]} == {"lost"}


@shows("webhook-wrong-signature")
def signs_another_body(wire: Wire, inbox: Inbox) -> None:
    wire.replied()
    with pytest.raises(signature.SignatureMismatch):
        verify(wire, inbox, inbox.of_type("task_stopped")[0])
    verify(wire, inbox, inbox.of_type("task_created")[0])


@shows("webhook-expired")
def signs_ten_minutes_ago(wire: Wire, inbox: Inbox) -> None:
    wire.replied()
    with pytest.raises(signature.SignatureExpired):
        verify(wire, inbox, inbox.of_type("task_stopped")[0])


@shows("key-rotation")
def signs_with_a_new_key(wire: Wire, inbox: Inbox) -> None:
    before = wire.get("webhook.publicKey").json()["public_key"]
    wire.replied()
    after = wire.get("webhook.publicKey").json()["public_key"]
    assert before != after
    letter = inbox.of_type("task_stopped")[0]
    verify(wire, inbox, letter)
    with pytest.raises(signature.SignatureMismatch):
        verify(wire, inbox, letter, public_key=before)


def verify(wire: Wire, inbox: Inbox, letter: Letter, public_key: str | None = None) -> None:
    genuine.verify(
        public_key or wire.get("webhook.publicKey").json()["public_key"],
        signature=letter.signature,
        timestamp=letter.timestamp,
        url=inbox.url,
        body=letter.body,
        now=time.time(),
    )
