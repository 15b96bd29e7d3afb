"""Scripts in which the agent goes its own ways."""

from __future__ import annotations

from tests.mentors.manus.inbox import Inbox
from tests.mentors.manus.simulator.checks.registry import shows
from tests.mentors.manus.simulator.wire import THINK, Wire


@shows("waiting-question")
def asks_and_takes_the_next_message_for_the_answer(wire: Wire, inbox: Inbox) -> None:
    task_id = wire.replied()
    detail = wire.of_type(task_id, "status_update")[-1]["status_detail"]
    assert detail["waiting_for_event_type"] == "messageAskUser"
    assert "confirm_input_schema" not in detail
    assert inbox.of_type("task_stopped")[0].fields["task_detail"]["stop_reason"] == "ask"
    refused = wire.post("task.confirmAction", {"task_id": task_id, "event_id": detail["waiting_for_event_id"]})
    assert refused.status_code == 400
    wire.say(task_id, "I would sleep better")
    wire.pass_time(THINK)
    assert wire.status(task_id) == "stopped"


@shows("waiting-confirmation")
def wants_to_be_allowed(wire: Wire, _: Inbox) -> None:
    task_id = wire.replied()
    detail = wire.of_type(task_id, "status_update")[-1]["status_detail"]
    answer = {"task_id": task_id, "event_id": detail["waiting_for_event_id"]}
    assert detail["confirm_input_schema"]["properties"]["accept"] == {"type": "boolean"}
    assert wire.say(task_id).status_code == 400
    for given in ({"accept": "yes"}, {"acept": True}):
        assert wire.post("task.confirmAction", {**answer, "input": given}).status_code == 400
    assert wire.post("task.confirmAction", {**answer, "event_id": "other"}).status_code == 400
    assert wire.post("task.confirmAction", {**answer, "input": {"accept": False}}).json()["confirmed"]
    assert wire.status(task_id) == "waiting"
    assert wire.post("task.confirmAction", {**answer, "input": {"accept": True}}).json()["confirmed"]
    wire.pass_time(THINK)
    assert wire.status(task_id) == "stopped"
    assert len(wire.of_type(task_id, "user_message")) == 1


@shows("high-credit-notice")
def warns_of_the_cost(wire: Wire, _: Inbox) -> None:
    task_id = wire.replied()
    detail = wire.of_type(task_id, "status_update")[-1]["status_detail"]
    answer = {"task_id": task_id, "event_id": detail["waiting_for_event_id"]}
    assert wire.post("task.confirmAction", answer).status_code == 400
    before = wire.credits()
    wire.post("task.confirmAction", {**answer, "input": {"action": "reject"}})
    wire.pass_time(THINK)
    assert wire.status(task_id) == "stopped"
    assert wire.credits() == before


@shows("error-event")
def fails_and_gives_the_credits_back(wire: Wire, inbox: Inbox) -> None:
    before = wire.credits()
    task_id = wire.replied()
    assert wire.status(task_id) == "error"
    assert wire.of_type(task_id, "error_message")[0]["error_type"] == "internal"
    assert inbox.of_type("task_stopped") == []
    assert wire.say(task_id).status_code == 400
    lines = wire.get("usage.list").json()["data"]
    assert [(line["type"], line["credits"]) for line in lines] == [("refund", 5), ("cost", -5)]
    assert wire.credits() == before


@shows("out-of-credits-midway")
def runs_out_while_it_works(wire: Wire, _: Inbox) -> None:
    task_id = wire.replied()
    assert wire.of_type(task_id, "error_message")[0]["error_type"] == "insufficient_credits"
    assert wire.credits() == 0
    assert wire.post("task.create", {"message": {"content": "x"}}).status_code == 402


@shows("expensive")
def costs_a_thousand_more(wire: Wire, _: Inbox) -> None:
    task_id = wire.replied()
    assert wire.get("task.detail", task_id=task_id).json()["task"]["credit_usage"] > 1_000
    assert wire.credits() < 100_000 - 1_000


@shows("silence")
def says_nothing_for_ten_minutes(wire: Wire, inbox: Inbox) -> None:
    task_id = wire.replied()
    wire.pass_time(599)
    assert wire.status(task_id) == "running"
    wire.pass_time(2)
    assert wire.status(task_id) == "stopped"
    assert len(wire.of_type(task_id, "assistant_message")) == len(inbox.of_type("task_stopped")) == 1


@shows("task-lost-midway")
def loses_the_task_it_works_on(wire: Wire, inbox: Inbox) -> None:
    task_id = wire.create()
    assert wire.status(task_id) == "running"
    wire.pass_time(THINK)
    assert wire.get("task.detail", task_id=task_id).status_code == 404
    assert inbox.of_type("task_stopped") == []


@shows("progress")
def tells_of_progress_first(wire: Wire, _: Inbox) -> None:
    kinds = [said["delivery_kind"] for said in wire.of_type(wire.replied(), "assistant_message")]
    assert kinds == ["progress", "result"]


@shows("background")
def goes_on_behind_the_end(wire: Wire, _: Inbox) -> None:
    task_id = wire.replied()
    assert wire.get("task.detail", task_id=task_id).json()["task"]["has_running_background_jobs"] is True
    wire.pass_time(5)
    assert wire.get("task.detail", task_id=task_id).json()["task"]["has_running_background_jobs"] is False
    assert [event["type"] for event in wire.events(task_id)][-2:] == ["status_update", "assistant_message"]


SCHEMA = {
    "type": "object",
    "properties": {"summary": {"type": "string"}, "topics": {"type": "array", "items": {"type": "string"}}},
    "required": ["summary", "topics"],
    "additionalProperties": False,
}


@shows("structured-failure")
def cannot_make_structured_output(wire: Wire, inbox: Inbox) -> None:
    task_id = wire.replied(structured_output_schema=SCHEMA)
    (result,) = wire.of_type(task_id, "structured_output_result")
    assert (result["success"], result["value"]) == (False, {"summary": "", "topics": []})
    assert result["error"]
    assert inbox.of_type("task_stopped")[0].fields["task_detail"]["structured_output"] == result


@shows("structured-late")
def gives_structured_output_later(wire: Wire, inbox: Inbox) -> None:
    task_id = wire.replied(structured_output_schema=SCHEMA)
    assert wire.of_type(task_id, "structured_output_result") == []
    assert "structured_output" not in inbox.of_type("task_stopped")[0].fields["task_detail"]
    wire.pass_time(30)
    assert [event["type"] for event in wire.events(task_id)][-2:] == ["status_update", "structured_output_result"]
