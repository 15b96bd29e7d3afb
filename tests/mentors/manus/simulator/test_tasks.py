"""Tasks at the simulator's own level: updates, context, credits, structured output, waiting, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest

from mentors.manus.simulator.structured import check_schema
from mentors.manus.simulator.waiting import CONFIRMATIONS, input_schema
from mentors.rehearsal import empty_value
from tests.mentors.manus.conftest import KEY, StartSimulator, Witness
from tests.mentors.manus.contract import document
from tests.mentors.manus.simulator.wire import THINK, Wire, still

SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {"summary": {"type": "string"}},
    "required": ["summary"],
    "additionalProperties": False,
}


def replies(wire: Wire, task_id: str) -> list[str]:
    return [said["content"] for said in wire.of_type(task_id, "assistant_message")]


def test_a_task_is_updated(start_simulator: StartSimulator) -> None:
    wire = still(start_simulator)
    task_id = wire.create()
    answer = wire.post("task.update", {"task_id": task_id, "title": "New", "share_visibility": "public"}).json()
    assert (answer["task_title"], answer["share_visibility"]) == ("New", "public")
    assert answer["share_url"].endswith(task_id)
    assert wire.get("task.detail", task_id=task_id).json()["task"]["title"] == "New"
    assert wire.post("task.update", {"task_id": task_id, "title": " "}).status_code == 400
    assert wire.post("task.update", {"task_id": "nothing"}).status_code == 404
    hidden = wire.post("task.update", {"task_id": task_id, "enable_visible_in_task_list": False}).json()
    assert hidden["task_title"] == "New"


def test_the_instruction_of_the_project_is_used_as_it_stands(start_simulator: StartSimulator) -> None:
    wire = still(start_simulator)
    instruction = "# Who you are\n- Name: Ada Voss"
    project = wire.post("project.create", {"name": "Ada", "instruction": instruction}).json()["project"]["id"]
    assert "Ada Voss" in replies(wire, wire.replied(project_id=project))[0]
    account = next(iter(wire.server.world.memory.accounts))
    meddled = {"account": account, "project_id": project, "instruction": "x"}
    assert wire.control("projects", meddled).status_code == 200
    assert wire.get("project.list").json()["data"][0]["instruction"].endswith("x")
    assert wire.control("projects", {"account": account, "project_id": project}).json()["projects"] == []


def test_a_newer_briefing_counts_before_an_older_one(start_simulator: StartSimulator) -> None:
    wire = still(start_simulator)
    briefing = "# The person you mentor\n- Name: Mia\n- Target occupation: {}\n- Skills still missing: Airflow"
    first = [{"type": "text", "text": briefing.format("Nurses")}, {"type": "text", "text": "How do I learn it?"}]
    task_id = wire.post("task.create", {"message": {"content": first}}).json()["task_id"]
    wire.pass_time(THINK)
    second = [{"type": "text", "text": briefing.format("Bakers")}, {"type": "text", "text": "I want to change jobs"}]
    wire.post("task.sendMessage", {"task_id": task_id, "message": {"content": second}})
    wire.pass_time(THINK)
    assert "baker" in replies(wire, task_id)[1]
    assert "nurse" not in replies(wire, task_id)[1]


def test_messages_while_the_agent_works_are_answered_together(start_simulator: StartSimulator) -> None:
    wire = still(start_simulator)
    task_id = wire.create("I have an interview")
    wire.say(task_id, "and it is on Monday")
    wire.pass_time(THINK)
    assert len(wire.of_type(task_id, "user_message")) == 2
    assert len(replies(wire, task_id)) == 1


def test_a_turn_is_paid_once_and_shares_the_line_of_its_task(start_simulator: StartSimulator) -> None:
    wire = still(start_simulator)
    task_id = wire.replied()
    after_one = wire.credits()
    wire.say(task_id)
    wire.pass_time(THINK)
    (line,) = wire.get("usage.list").json()["data"]
    usage = wire.get("task.detail", task_id=task_id).json()["task"]["credit_usage"]
    assert (line["task_id"], line["type"], line["credits"]) == (task_id, "cost", -usage)
    assert wire.credits() == 100_000 - usage < after_one < 100_000


def test_what_was_begun_is_paid_when_it_is_stopped(start_simulator: StartSimulator) -> None:
    wire = still(start_simulator)
    task_id = wire.create()
    for _ in range(2):
        assert wire.post("task.stop", {"task_id": task_id}).status_code == 200
    wire.pass_time(60)
    assert (wire.status(task_id), wire.credits()) == ("stopped", 99_995)
    assert replies(wire, task_id) == []


def test_a_grant_is_a_line_of_its_own(start_simulator: StartSimulator) -> None:
    wire = still(start_simulator, credits=10)
    account = next(iter(wire.server.world.memory.accounts))
    assert wire.control("accounts", {"account": account, "credits": 60}).json()["accounts"][0]["credits"] == 60
    assert [(line["type"], line["credits"]) for line in wire.get("usage.list").json()["data"]] == [("grant", 50)]
    wire.control("accounts", {"account": account, "credits": 0})
    assert wire.credits() == 0
    assert wire.control("accounts", {"account": "nobody", "credits": 1}).status_code == 400


def test_structured_output_fires_once_and_may_be_armed_again(start_simulator: StartSimulator) -> None:
    wire = still(start_simulator)
    task_id = wire.replied("I work as a nurse.", structured_output_schema=SCHEMA)
    wire.say(task_id)
    wire.pass_time(THINK)
    assert [one["value"]["summary"] for one in wire.of_type(task_id, "structured_output_result")] == [
        "I work as a nurse."
    ]
    wire.say(task_id, structured_output_schema=SCHEMA)
    wire.pass_time(THINK)
    assert len(wire.of_type(task_id, "structured_output_result")) == 2


def test_an_armed_schema_outlives_a_question(start_simulator: StartSimulator) -> None:
    wire = still(start_simulator)
    wire.server.arm("task.reply", "ask")
    task_id = wire.replied(structured_output_schema=SCHEMA)
    assert wire.of_type(task_id, "structured_output_result") == []
    wire.say(task_id, "like this")
    wire.pass_time(THINK)
    (result,) = wire.of_type(task_id, "structured_output_result")
    assert result["success"] is True


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"type": "array"}, "root"),
        ({"additionalProperties": True}, '"additionalProperties" must be set to false'),
        ({"required": []}, '"required" must include all properties'),
        ({"properties": {"summary": {"type": "string", "minLength": 1}}}, 'unsupported keyword "minLength"'),
        ({"properties": {"summary": {}}}, 'must have a "type" field'),
        ({"properties": {"summary": {"type": "text"}}}, "not a valid JSON Schema"),
        ({"properties": {"summary": {"$ref": "#/$defs/no"}}}, "not a valid JSON Schema"),
        ({"properties": {"summary": {"$ref": "http://127.0.0.1:1/x"}}}, "point into the schema"),
        ({"properties": {"summary": 5}}, "not a valid JSON Schema"),
        ({"properties": {"summary": {"type": "array", "items": {"type": "string", "pattern": "x"}}}}, "pattern"),
    ],
)
def test_a_schema_outside_of_the_subset_is_refused(
    start_simulator: StartSimulator, change: dict[str, Any], told: str
) -> None:
    wire = still(start_simulator)
    body = {"message": {"content": "x"}, "structured_output_schema": {**SCHEMA, **change}}
    refused = wire.post("task.create", body)
    assert refused.json()["error"]["code"] == "invalid_argument"
    assert told in refused.json()["error"]["message"]
    assert wire.tasks() == 0


def test_a_schema_nested_too_deep_is_refused_and_a_recursive_one_too() -> None:
    nested: dict[str, Any] = {"type": "string"}
    for _ in range(6):
        nested = {**SCHEMA, "properties": {"summary": nested}}
    itself = {**SCHEMA, "properties": {"summary": {"$ref": "#"}}}
    for schema in (nested, itself):
        with pytest.raises(Exception, match="structured_output_schema"):
            check_schema(schema)
    assert empty_value(SCHEMA) == {"summary": ""}


@pytest.mark.parametrize("kind", [*CONFIRMATIONS, "googleCalendarCreate", "somethingNew"])
def test_a_documented_answer_fits_what_a_confirmation_asks_for(start_simulator: StartSimulator, kind: str) -> None:
    types = {one["type"]: one for one in document()["x-waiting-event-types"]["types"]}
    answer = types.get(kind, {}).get("input_example", {"accept": True})
    wire = still(start_simulator)
    wire.server.arm("task.reply", "confirm", kind=kind)
    task_id = wire.replied()
    detail = wire.of_type(task_id, "status_update")[-1]["status_detail"]
    assert detail["confirm_input_schema"] == input_schema(kind)
    body = {"task_id": task_id, "event_id": detail["waiting_for_event_id"]}
    assert wire.post("task.confirmAction", {**body, "input": {"nonsense": 1}}).status_code == 400
    assert wire.post("task.confirmAction", {**body, "input": answer}).json()["confirmed"] is True
    wire.pass_time(THINK)
    assert wire.status(task_id) == "stopped"


def test_a_secret_that_is_refused_ends_the_waiting(start_simulator: StartSimulator) -> None:
    wire = still(start_simulator)
    wire.server.arm("task.reply", "confirm", kind="webdevRequestSecrets")
    task_id = wire.replied()
    event_id = wire.of_type(task_id, "status_update")[-1]["status_detail"]["waiting_for_event_id"]
    wire.post("task.confirmAction", {"task_id": task_id, "event_id": event_id, "input": {"accept": False}})
    assert wire.status(task_id) == "stopped"


def test_connectors_can_not_be_set_and_cleared_at_once(start_simulator: StartSimulator) -> None:
    wire = still(start_simulator)
    task_id = wire.replied()
    body = {"task_id": task_id, "clear_connectors": True, "message": {"content": "x", "connectors": ["a"]}}
    assert wire.post("task.sendMessage", body).status_code == 400


def test_events_can_be_read_from_one_on(start_simulator: StartSimulator) -> None:
    wire = still(start_simulator)
    task_id = wire.replied()
    events = wire.events(task_id)
    assert wire.events(task_id, start_event_id=events[2]["id"]) == events[2:]


def test_a_body_that_is_not_said_to_be_json_is_refused(start_simulator: StartSimulator) -> None:
    wire = still(start_simulator)
    refused = wire.post("task.create", {"message": {"content": "x"}}, **{"Content-Type": "text/plain"})
    assert refused.json()["error"]["code"] == "invalid_argument"


def test_numbers_may_be_strings_everywhere(start_simulator: StartSimulator, witness: Witness) -> None:
    witness.loose_numbers = True
    wire = still(start_simulator, loose_numbers=True)
    task_id = wire.replied()
    assert wire.get("task.detail", task_id=task_id).json()["task"]["updated_at"].isdigit()
    assert wire.events(task_id)[0]["timestamp"].isdigit()
    assert wire.post("file.upload", {"filename": "a.txt"}).json()["upload_expires_at"].isdigit()
    assert isinstance(wire.get("task.detail", task_id=task_id).json()["task"]["credit_usage"], int)


def test_accounts_have_names_and_keys_of_one_account_share_its_limits(start_simulator: StartSimulator) -> None:
    pairs = [("first", "key-a"), ("first", "key-b"), ("second", "key-c")]
    server = still(start_simulator, api_keys=[], accounts=pairs, rate_factor=1.0).server
    a, b, c = (Wire(server, key) for _, key in pairs)
    task_id = a.create()
    assert b.status(task_id) == "running"
    assert c.get("task.detail", task_id=task_id).status_code == 404
    statuses = [wire.post("task.create", {"message": {"content": "x"}}).status_code for wire in [a, b] * 5 + [c]]
    assert statuses == [200] * 9 + [429, 200]
    assert [one["name"] for one in a.control("accounts").json()["accounts"]] == ["first", "second"]
    assert Wire(server, KEY).get("task.list").status_code == 401
