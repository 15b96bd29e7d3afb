"""Scripts that spoil calls."""

from __future__ import annotations

from typing import Any

import pytest
import requests

from tests.mentors.manus.conftest import KEY, eventually
from tests.mentors.manus.inbox import Inbox
from tests.mentors.manus.simulator.checks.registry import shows
from tests.mentors.manus.simulator.wire import BAD_ANSWER, Wire


@shows("401")
def refuses_the_key_for_ten_minutes(wire: Wire, _: Inbox) -> None:
    assert wire.get("task.list").status_code == 401
    assert wire.get("webhook.publicKey").json()["error"]["code"] == "unauthenticated"
    wire.pass_time(601)
    assert wire.get("task.list").status_code == 200


@shows("403")
def refuses_permission_for_creates_only(wire: Wire, _: Inbox) -> None:
    assert wire.post("task.create", {"message": {"content": "x"}}).json()["error"]["code"] == "permission_denied"
    assert wire.tasks() == 0
    wire.pass_time(601)
    wire.create()


@shows("404-after-create")
def hides_a_new_task_for_a_while(wire: Wire, _: Inbox) -> None:
    task_id = wire.create()
    wire.pass_time(29)
    assert wire.get("task.listMessages", task_id=task_id).json()["error"]["code"] == "not_found"
    assert wire.get("task.detail", task_id=task_id).status_code == 404
    assert wire.tasks() == 1
    wire.pass_time(1)
    assert wire.status(task_id) == "stopped"


@shows("412")
def is_not_ready_once(wire: Wire, _: Inbox) -> None:
    task_id = wire.replied()
    assert wire.say(task_id).json()["error"]["code"] == "failed_precondition"
    assert wire.say(task_id).status_code == 200


@shows("429-storm")
def storms_for_ninety_seconds(wire: Wire, _: Inbox) -> None:
    assert {wire.get("task.list").status_code for _ in range(5)} == {429}
    wire.pass_time(91)
    assert wire.get("task.list").status_code == 200


@shows("500")
def fails_three_times_before_doing_anything(wire: Wire, _: Inbox) -> None:
    statuses = [wire.post("task.create", {"message": {"content": "x"}}).status_code for _ in range(4)]
    assert statuses == [500, 500, 500, 200]
    assert wire.tasks() == 1


@shows("502")
def answers_html_from_a_gateway(wire: Wire, _: Inbox) -> None:
    answer = wire.get("task.list")
    assert (answer.status_code, answer.headers["Content-Type"]) == (502, "text/html")
    wire.pass_time(61)
    assert wire.get("task.list").status_code == 200


def well_answered(wire: Wire) -> bool:
    """Whether a create gets an answer that says so; redirects are not followed."""
    headers, body = {"x-manus-api-key": KEY}, {"message": {"content": "x"}}
    url = f"{wire.server.url}/v2/task.create"
    try:
        answer = requests.post(url, json=body, headers=headers, timeout=20, allow_redirects=False)
        return answer.status_code == 200 and answer.json()["ok"] is True
    except BAD_ANSWER:
        return False


@shows("500-after", "cut-after", "truncated")
def does_the_work_and_tells_nobody(wire: Wire, _: Inbox) -> None:
    assert not well_answered(wire)
    assert wire.tasks() == 1


@shows("cut-before", "not-ok", "redirect")
def does_no_work(wire: Wire, _: Inbox) -> None:
    assert not well_answered(wire)
    assert wire.tasks() == 0
    assert well_answered(wire)


def calls_of(wire: Wire, endpoint: str) -> dict[str, Any]:
    """What the simulator has seen so far; whoever hangs up early may be ahead of it."""
    found: dict[str, Any] = wire.control("calls").json()["calls"].get(endpoint, {})
    return found


@shows("slow")
def takes_its_time_and_answers_well(wire: Wire, _: Inbox) -> None:
    with pytest.raises(requests.Timeout):
        wire.impatient().get("task.list")
    eventually(lambda: calls_of(wire, "task.list").get("executed"))
    wire.server.faults.clear()
    assert wire.get("task.list").status_code == 200


@shows("hang", "hang-after")
def never_answers(wire: Wire, _: Inbox) -> None:
    after = "hang_after" in str(wire.server.faults.remaining())
    with pytest.raises(requests.Timeout):
        wire.impatient().post("task.create", {"message": {"content": "x"}})
    eventually(lambda: calls_of(wire, "task.create").get("statuses"))
    assert wire.tasks() == int(after)


@shows("garbage")
def answers_no_json_twice(wire: Wire, _: Inbox) -> None:
    task_id = wire.replied()
    for _try in range(2):
        with pytest.raises(requests.JSONDecodeError):
            wire.get("task.listMessages", task_id=task_id).json()
    assert wire.events(task_id)


@shows("oversize")
def answers_without_end(wire: Wire, _: Inbox) -> None:
    assert len(wire.get("task.listMessages", task_id="x").content) > 8 * 1024 * 1024


@shows("out-of-credits")
def has_no_credits_left(wire: Wire, _: Inbox) -> None:
    refused = wire.post("task.create", {"message": {"content": "x"}})
    assert refused.json()["error"]["code"] == "quota_exceeded"
    assert (wire.credits(), wire.tasks()) == (0, 0)
    wire.control("accounts", {"account": next(iter(wire.server.world.memory.accounts)), "credits": 50})
    wire.server.faults.clear()
    wire.create()


@shows("task-lost")
def forgets_the_task_at_the_next_message(wire: Wire, _: Inbox) -> None:
    task_id = wire.replied()
    assert wire.say(task_id).json()["error"]["code"] == "not_found"
    assert wire.get("task.listMessages", task_id=task_id).status_code == 404
    assert wire.tasks() == 0


@shows("project-drift")
def changes_the_instructions_behind_our_back(wire: Wire, _: Inbox) -> None:
    project = wire.post("project.create", {"name": "Ada", "instruction": "# Who you are"}).json()["project"]
    listed = wire.get("project.list").json()["data"][0]
    assert listed["id"] == project["id"]
    assert listed["instruction"] != project["instruction"]
    assert wire.get("project.list").json()["data"][0] == listed


@shows("project-removed")
def removes_the_projects_behind_our_back(wire: Wire, _: Inbox) -> None:
    project = wire.post("project.create", {"name": "Ada"}).json()["project"]
    assert wire.get("project.list").json()["data"] == []
    refused = wire.post("task.create", {"message": {"content": "x"}, "project_id": project["id"]})
    assert refused.status_code == 404


@shows("loose-numbers")
def writes_numbers_as_strings(wire: Wire, _: Inbox) -> None:
    task_id = wire.replied()
    event = wire.events(task_id)[0]
    assert event["timestamp"].isdigit()
    assert wire.get("task.detail", task_id=task_id).json()["task"]["created_at"].isdigit()
