"""What the task endpoints do to a task."""

from __future__ import annotations

from mentors.manus.simulator import payloads, waiting
from mentors.manus.simulator.content import Said, read_content
from mentors.manus.simulator.files import Files
from mentors.manus.simulator.ids import IdSource
from mentors.manus.simulator.ledger import CREDITS_A_TURN, Ledger
from mentors.manus.simulator.memory import Memory
from mentors.manus.simulator.records import Account, Json, TaskRecord
from mentors.manus.simulator.refusals import Refusal
from mentors.manus.simulator.structured import check_schema
from mentors.manus.simulator.work import Agent
from mentors.rehearsal import title_for
from mentors.rehearsal.reading import split_message


class Tasks:
    """The task endpoints. Every method takes the memory's lock for as long as it reads or changes."""

    def __init__(self, *, memory: Memory, agent: Agent, files: Files, ledger: Ledger, ids: IdSource) -> None:
        self._memory = memory
        self._agent = agent
        self._files = files
        self._ledger = ledger
        self._ids = ids

    def find(self, account: Account, task_id: str) -> TaskRecord:
        """The task; raises Refusal not_found. The caller holds the lock."""
        task = account.tasks.get(task_id)
        if task is None:
            raise Refusal("not_found", "no such task")
        return task

    def find_visible(self, account: Account, task_id: str) -> TaskRecord:
        """The task as reads find it: not in the first moments after a create, if a fault script says so."""
        task = self.find(account, task_id)
        if not self._agent.clock.reached(task.visible_at):
            raise Refusal("not_found", "no such task")
        return task

    def create(self, account: Account, body: Json) -> TaskRecord:
        """Begin a conversation; raises Refusal for an unknown project, a bad schema or message, or no credits."""
        with self._memory.lock:
            said = self._checked(account, body)
            project_id = body.get("project_id")
            if project_id is not None and project_id not in account.projects:
                raise Refusal("not_found", "no such project")
            now = int(self._agent.clock.now())
            task = TaskRecord(
                id=self._ids.fresh(account.tasks),
                title=body.get("title") or title_for(split_message(said.parts)[1]),
                status="running",
                created_at=now,
                updated_at=now,
                share_visibility=body.get("share_visibility", "private"),
                project_id=project_id,
                locale=body.get("locale"),
                listed=not body.get("hide_in_task_list", False),
                armed_schema=body.get("structured_output_schema"),
                first_parts=said.parts,
            )
            account.tasks[task.id] = task
            self._agent.begin_turn(account, task, said)
            self._agent.announce(account, payloads.task_created(task))
            return task

    def send(self, account: Account, body: Json) -> None:
        """Take the next message; one that comes while the agent works is answered with the others."""
        with self._memory.lock:
            task = self.find(account, body["task_id"])
            if task.status == "error":
                raise Refusal("invalid_argument", "the task has failed and cannot go on")
            if task.status == "waiting" and not waiting.is_question(task.waiting_type or ""):
                raise Refusal("invalid_argument", "the task waits for task.confirmAction")
            said = self._checked(account, body)
            task.armed_schema = body.get("structured_output_schema") or task.armed_schema
            self._agent.begin_turn(account, task, said)

    def confirm(self, account: Account, body: Json) -> None:
        """Answer a pending action; `accept: false` leaves the task waiting, as documented."""
        with self._memory.lock:
            task = self.find(account, body["task_id"])
            kind = task.waiting_type or ""
            if task.status != "waiting" or waiting.is_question(kind) or task.waiting_for != body["event_id"]:
                raise Refusal("invalid_argument", "no such pending action")
            given = body.get("input", {})
            waiting.check_input(task.waiting_schema or {}, given)
            if not waiting.keeps_waiting(kind, given):
                self._agent.go_on(account, task, given)

    def update(self, account: Account, body: Json) -> TaskRecord:
        with self._memory.lock:
            task = self.find(account, body["task_id"])
            if "title" in body and not body["title"].strip():
                raise Refusal("invalid_argument", "a title cannot be empty")
            task.title = body.get("title", task.title)
            task.share_visibility = body.get("share_visibility", task.share_visibility)
            task.listed = body.get("enable_visible_in_task_list", task.listed)
            self._memory.note_task(account, task)
            return task

    def stop(self, account: Account, task_id: str) -> None:
        """Stop the agent; on a task that is not running nothing happens. What it has done so far is paid."""
        with self._memory.lock:
            task = self.find(account, task_id)
            if task.status not in ("running", "waiting"):
                return
            if task.status == "running":
                self._ledger.charge(account, task, CREDITS_A_TURN)
            self._agent.stop(account, task)

    def delete(self, account: Account, task_id: str) -> None:
        """Forget a task; raises Refusal while it runs."""
        with self._memory.lock:
            if self.find(account, task_id).status == "running":
                raise Refusal("invalid_argument", "stop the task first")
            self.forget(account, task_id)

    def forget(self, account: Account, task_id: str) -> None:
        """Lose a task without a word, as an expired one is lost. The caller holds the lock."""
        if account.tasks.pop(task_id, None) is not None:
            self._memory.note_forgotten(account, "task", task_id)

    def _checked(self, account: Account, body: Json) -> Said:
        said = read_content(body["message"]["content"], account, self._files)
        if body.get("structured_output_schema") is not None:
            check_schema(body["structured_output_schema"])
        connectors = body["message"].get("connectors")
        if body.get("clear_connectors") and connectors:
            raise Refusal("invalid_argument", "clear_connectors and connectors together")
        self._ledger.require_credits(account)
        return said
