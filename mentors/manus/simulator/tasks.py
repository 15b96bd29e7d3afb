"""The life of a task: turns begin, the agent works for a while, the reply comes, callbacks are told."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from mentors.manus.simulator.agenda import Agenda
from mentors.manus.simulator.faults import REPLY, Fault, FaultScript
from mentors.manus.simulator.ids import IdSource
from mentors.manus.simulator.memory import Memory
from mentors.manus.simulator.persona import Situation, reply_to, title_for
from mentors.manus.simulator.reading import split_message
from mentors.manus.simulator.records import Account, Json, TaskRecord, UsageEntry
from mentors.manus.simulator.refusals import Refusal
from mentors.manus.simulator.webhooks import Courier
from mentors.manus.tokens import MESSAGE_TOKEN_LIMIT, estimated_tokens

QUESTION = "messageAskUser"
CONFIRMATION = "terminalExecute"
ASKED = "Before I answer: what would be different for you if this went well?"
SLOW_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Pace:
    """How long the agent works on a turn, and the seed of what it says."""

    think_seconds: float
    seed: int = 0


class Tasks:
    """What the task endpoints do. Every method takes the memory's lock for as long as it reads or changes."""

    def __init__(
        self,
        *,
        memory: Memory,
        agenda: Agenda,
        courier: Courier,
        faults: FaultScript,
        ids: IdSource,
        pace: Pace,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._memory = memory
        self._agenda = agenda
        self._courier = courier
        self._faults = faults
        self._ids = ids
        self._pace = pace
        self._clock = clock

    def resume(self) -> None:
        """Take up the work that a stopped simulator left running."""
        with self._memory.lock:
            for account in self._memory.accounts.values():
                for task in account.tasks.values():
                    if task.status == "running":
                        self._work_on(account, task)

    def find(self, account: Account, task_id: str) -> TaskRecord:
        """The task; raises Refusal not_found. The caller holds the lock."""
        task = account.tasks.get(task_id)
        if task is None:
            raise Refusal("not_found", "no such task")
        return task

    def create(self, account: Account, body: Json) -> TaskRecord:
        """Begin a conversation; raises Refusal for an unknown project, too long a text, or no credits."""
        parts = _text_parts(body["message"]["content"])
        with self._memory.lock:
            project_id = body.get("project_id")
            if project_id is not None and project_id not in account.projects:
                raise Refusal("not_found", "no such project")
            _require_credits(account)
            now = int(self._clock())
            task = TaskRecord(
                id=self._ids.fresh(account.tasks),
                title=body.get("title") or title_for(split_message(parts)[1]),
                status="running",
                created_at=now,
                updated_at=now,
                share_visibility=body.get("share_visibility", "private"),
                project_id=project_id,
                first_parts=self._with_instruction(account, project_id, parts),
            )
            account.tasks[task.id] = task
            self._begin_turn(account, task, parts)
            self._announce(account, _created_payload(task))
            return task

    def send(self, account: Account, body: Json) -> None:
        """Take the next message; one that comes while the agent works is answered with the others."""
        parts = _text_parts(body["message"]["content"])
        with self._memory.lock:
            task = self.find(account, body["task_id"])
            if task.status == "error":
                raise Refusal("invalid_argument", "the task has failed and cannot go on")
            if task.status == "waiting" and task.waiting_type != QUESTION:
                raise Refusal("invalid_argument", "the task waits for task.confirmAction")
            _require_credits(account)
            self._begin_turn(account, task, parts)

    def confirm(self, account: Account, body: Json) -> None:
        """Answer a pending action; a refusal (`accept: false`) leaves the task waiting, as documented."""
        with self._memory.lock:
            task = self.find(account, body["task_id"])
            if task.status != "waiting" or task.waiting_type == QUESTION or task.waiting_for != body["event_id"]:
                raise Refusal("invalid_argument", "no such pending action")
            if body.get("input", {}).get("accept") is not False:
                self._run(account, task)

    def stop(self, account: Account, task_id: str) -> None:
        """Stop the agent; on a task that is not running nothing happens."""
        with self._memory.lock:
            task = self.find(account, task_id)
            if task.status not in ("running", "waiting"):
                return
            _settle(task)
            task.add_event(self._now_ms(), "user_stop", {})
            del task.events[-1]["user_stop"]  # no payload is documented
            self._set_status(account, task, "stopped", task.events[-1])

    def delete(self, account: Account, task_id: str) -> None:
        """Forget a task; raises Refusal while it runs."""
        with self._memory.lock:
            if self.find(account, task_id).status == "running":
                raise Refusal("invalid_argument", "stop the task first")
            del account.tasks[task_id]
            self._memory.note_forgotten(account, "task", task_id)

    # The agent at work

    def _begin_turn(self, account: Account, task: TaskRecord, parts: list[str]) -> None:
        content = {"content": "\n\n".join(parts), "message_type": "text", "attachments": []}
        event = task.add_event(self._now_ms(), "user_message", content)
        running = task.status == "running" and bool(task.unanswered)
        task.unanswered.append(parts)
        if running:
            self._memory.note_task(account, task, event)
        else:
            self._run(account, task, event)

    def _run(self, account: Account, task: TaskRecord, *events: Json) -> None:
        task.run += 1
        task.waiting_for = task.waiting_type = None
        self._set_status(account, task, "running", *events)
        thought = task.add_event(self._now_ms(), "explanation", {"content": "Reading the briefing and what was said."})
        self._memory.note_task(account, task, thought)
        self._work_on(account, task)

    def _work_on(self, account: Account, task: TaskRecord, seconds: float | None = None) -> None:
        pause = self._pace.think_seconds if seconds is None else seconds
        self._agenda.after(pause, partial(self._finish, account, task.id, task.run))

    def _finish(self, account: Account, task_id: str, run: int) -> None:
        with self._memory.lock:
            task = account.tasks.get(task_id)
            if task is None or task.status != "running" or task.run != run:
                return
            fault = self._faults.take(REPLY)
            if fault is None:
                self._reply(account, task)
            else:
                self._misbehave(account, task, fault)

    def _misbehave(self, account: Account, task: TaskRecord, fault: Fault) -> None:
        if fault.fault == "slow":
            self._work_on(account, task, SLOW_SECONDS if fault.seconds is None else fault.seconds)
        elif fault.fault == "error":
            _settle(task)
            payload = {"error_type": "internal", "content": "The agent failed."}
            event = task.add_event(self._now_ms(), "error_message", payload)
            self._set_status(account, task, "error", event)
        elif fault.fault == "ask":
            self._wait(account, task, QUESTION)
        elif fault.fault == "confirm":
            self._wait(account, task, CONFIRMATION)

    def _reply(self, account: Account, task: TaskRecord) -> None:
        briefing, _ = split_message(task.first_parts)
        words = "\n".join(split_message(parts)[1] for parts in task.unanswered)
        text = reply_to(Situation(briefing, words, tuple(task.spoken), self._pace.seed))
        _settle(task)
        payload = {"content": text, "attachments": [], "delivery_kind": "result"}
        event = task.add_event(self._now_ms(), "assistant_message", payload)
        self._charge(account, task, 5 + estimated_tokens(words + text) // 100)
        self._set_status(account, task, "stopped", event)
        self._announce(account, _stopped_payload(task, text, "finish"))

    def _wait(self, account: Account, task: TaskRecord, kind: str) -> None:
        text = ASKED if kind == QUESTION else "May I run a command?"
        said = task.add_event(self._now_ms(), "assistant_message", {"content": text, "attachments": []})
        task.waiting_for, task.waiting_type = said["id"], kind
        detail: Json = {
            "waiting_for_event_id": said["id"],
            "waiting_for_event_type": kind,
            "waiting_description": text,
        }
        if kind != QUESTION:
            detail["confirm_input_schema"] = {"type": "object", "properties": {"accept": {"type": "boolean"}}}
        self._set_status(account, task, "waiting", said, detail=detail)
        self._announce(account, _stopped_payload(task, text, "ask"))

    def _set_status(
        self, account: Account, task: TaskRecord, status: str, *events: Json, detail: Json | None = None
    ) -> None:
        task.status = status
        payload: Json = {"agent_status": status, "brief": status, "description": ""}
        if detail is not None:
            payload["status_detail"] = detail
        update = task.add_event(self._now_ms(), "status_update", payload)
        self._memory.note_task(account, task, *events, update)

    def _charge(self, account: Account, task: TaskRecord, credits_used: int) -> None:
        task.credit_usage += credits_used
        account.credits -= credits_used
        entry = UsageEntry(task_id=task.id, title=task.title, credits=-credits_used, created_at=int(self._clock()))
        account.usage.append(entry)
        self._memory.note_usage(account, entry)

    def _announce(self, account: Account, payload: Json) -> None:
        self._courier.deliver([hook.url for hook in account.webhooks.values()], payload)

    def _with_instruction(self, account: Account, project_id: str | None, parts: list[str]) -> list[str]:
        instruction = account.projects[project_id].instruction if project_id is not None else ""
        return [instruction, *parts] if instruction else parts

    def _now_ms(self) -> int:
        return int(self._clock() * 1000)


def _settle(task: TaskRecord) -> None:
    """What was said belongs to the past now."""
    task.spoken.extend(split_message(parts)[1] for parts in task.unanswered)
    task.unanswered = []


def _text_parts(content: str | Sequence[Json]) -> list[str]:
    parts = [content] if isinstance(content, str) else [part["text"] for part in content if part["type"] == "text"]
    if sum(estimated_tokens(part) for part in parts) > MESSAGE_TOKEN_LIMIT:
        raise Refusal("invalid_argument", f"the text is longer than {MESSAGE_TOKEN_LIMIT} tokens")
    return parts


def _require_credits(account: Account) -> None:
    if account.credits <= 0:
        raise Refusal("quota_exceeded", "no credits left")


def _created_payload(task: TaskRecord) -> Json:
    return {
        "event_id": f"task_created_{task.id}",
        "event_type": "task_created",
        "task_detail": {"task_id": task.id, "task_title": task.title, "task_url": task.url},
    }


def _stopped_payload(task: TaskRecord, text: str, reason: str) -> Json:
    return {
        "event_id": f"task_stopped_{task.id}_{task.updated_at}",
        "event_type": "task_stopped",
        "task_detail": {
            "task_id": task.id,
            "task_title": task.title,
            "task_url": task.url,
            "message": text,
            "attachments": [],
            "stop_reason": reason,
        },
    }
