"""The agent at work: a turn begins, it thinks for a while, the reply comes, callbacks are told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from mentors.manus.simulator import payloads, waiting
from mentors.manus.simulator.agenda import Agenda
from mentors.manus.simulator.clock import Clock
from mentors.manus.simulator.content import Said
from mentors.manus.simulator.faults import REPLY, Fault, FaultScript, Occasion
from mentors.manus.simulator.files import Files
from mentors.manus.simulator.ledger import CREDITS_A_TURN, Ledger, cost_of
from mentors.manus.simulator.memory import Memory
from mentors.manus.simulator.records import Account, FileRecord, Json, TaskRecord
from mentors.manus.simulator.structured import EXTRACTION_FAILED
from mentors.manus.simulator.webhooks import Courier
from mentors.rehearsal import Exchange, Reply, empty_value, fill, reply
from mentors.rehearsal.reading import divided

SLOW_SECONDS = 5.0
LATE_SECONDS = 5.0
BACKGROUND_SECONDS = 5.0
EXPENSIVE = 1_000
EVER = None


@dataclass(frozen=True, slots=True)
class Pace:
    """How long the agent works on a turn, and the seed of what it says."""

    think_seconds: float
    seed: int = 0


class Agent:
    """Works on turns in the background; the caller of its public methods holds the memory's lock."""

    def __init__(
        self,
        *,
        memory: Memory,
        agenda: Agenda,
        courier: Courier,
        faults: FaultScript,
        files: Files,
        ledger: Ledger,
        clock: Clock,
        pace: Pace,
    ) -> None:
        self.clock = clock
        self._memory = memory
        self._agenda = agenda
        self._courier = courier
        self._faults = faults
        self._files = files
        self._ledger = ledger
        self._pace = pace
        self._ways: dict[str, Callable[[Account, TaskRecord, Fault], None]] = {
            "silence": self._be_silent,
            "slow": self._be_slow,
            "error": self._fail,
            "out_of_credits": self._run_out,
            "ask": self._ask,
            "confirm": self._ask_to_confirm,
            "forgotten": self._forget,
        }

    def resume(self) -> None:
        """Take up the work that a stopped simulator left running."""
        with self._memory.lock:
            for account in self._memory.accounts.values():
                for task in account.tasks.values():
                    if task.status == "running":
                        self._work_on(account, task)

    def begin_turn(self, account: Account, task: TaskRecord, said: Said) -> None:
        content = {
            "content": "\n\n".join(said.parts),
            "message_type": "voice" if said.voice else "text",
            "attachments": said.attachments,
        }
        event = task.add_event(self.clock.now_ms(), "user_message", content)
        running = task.status == "running" and bool(task.unanswered)
        task.unanswered.append(said.parts)
        if running:
            self._memory.note_task(account, task, event)
        else:
            self._run(account, task, event)

    def go_on(self, account: Account, task: TaskRecord, given: Json) -> None:
        """Take up a task whose pending action was answered; a refusal ends what it was about to do."""
        if waiting.is_refusal(given):
            self._settle(task, "")
            self._set_status(account, task, "stopped")
        else:
            self._run(account, task)

    def stop(self, account: Account, task: TaskRecord) -> None:
        self._settle(task, "")
        event = task.add_event(self.clock.now_ms(), "user_stop", {})
        del event["user_stop"]  # no payload is documented
        self._set_status(account, task, "stopped", event)

    def announce(self, account: Account, payload: Json) -> None:
        """Tell the account's callbacks."""
        self._courier.deliver(account.name, [hook.url for hook in account.webhooks.values()], payload)

    # A turn

    def _run(self, account: Account, task: TaskRecord, *events: Json) -> None:
        task.run += 1
        task.waiting_for = task.waiting_type = task.waiting_schema = None
        self._set_status(account, task, "running", *events)
        now = self.clock.now_ms()
        thought = task.add_event(now, "explanation", {"content": "Reading the briefing and what was said."})
        plan = task.add_event(now, "plan_update", payloads.plan("Write the reply", done=False))
        self._memory.note_task(account, task, thought, plan)
        self._work_on(account, task)

    def _work_on(self, account: Account, task: TaskRecord, seconds: float | None = None) -> None:
        pause = self._pace.think_seconds if seconds is None else seconds
        self._agenda.after(pause, partial(self._finish, account, task.id, task.run))

    def _finish(self, account: Account, task_id: str, run: int) -> None:
        with self._memory.lock:
            task = account.tasks.get(task_id)
            if task is None or task.status != "running" or task.run != run:
                return
            text = "\n".join(divided(parts)[1] for parts in task.unanswered)
            fault = self._faults.take(Occasion((REPLY,), account.name, (task.id, task.title), text))
            if fault is not None and fault.fault in self._ways:
                self._ways[fault.fault](account, task, fault)
            else:
                self._reply(account, task, fault)

    def _reply(self, account: Account, task: TaskRecord, fault: Fault | None) -> None:
        way = fault.fault if fault else ""
        answer, words = self._answer(account, task)
        past = [Exchange(*pair) for pair in task.heard]
        self._settle(task, answer.text)
        files = [self._plan_file(account, answer)] if way == "attach" else []
        said = self._say(task, answer.text, files, progress=way == "progress")
        cost = cost_of(words + answer.text) + (EXPENSIVE if way == "expensive" else 0)
        self._ledger.charge(account, task, cost)
        task.background = way == "background"
        self._set_status(account, task, "stopped", *said)
        result = self._structured(task, [*past, Exchange(words, answer.text)], failed=way == "structured_failure")
        shown = None if way == "structured_late" else result
        if result is not None:
            self._give_structured(account, task.id, result, fault if shown is None else None)
        addresses = [(file, self._files.address_of(file)) for file in files]
        self.announce(account, payloads.task_stopped(task, answer.text, "finish", addresses, shown))
        if task.background:
            self._agenda.after(_seconds(fault, BACKGROUND_SECONDS), partial(self._end_background, account, task.id))

    def _answer(self, account: Account, task: TaskRecord) -> tuple[Reply, str]:
        """What the mentor says to all that is unanswered, by the newest briefing before older ones."""
        project = account.projects.get(task.project_id or "")
        read = [divided(parts) for parts in task.unanswered]
        older = divided(task.first_parts)[0]
        briefings = [*(briefing for briefing, _ in reversed(read)), older, project.instruction if project else ""]
        words = "\n".join(words for _, words in read)
        past = [Exchange(*pair) for pair in task.heard]
        return reply(self._pace.seed, "\n".join(briefings), past, words, locale=task.locale), words

    def _say(self, task: TaskRecord, text: str, files: list[FileRecord], *, progress: bool) -> list[Json]:
        now = self.clock.now_ms()
        attachments = [payloads.attachment(self._files, file) for file in files]
        payload = {"content": text, "attachments": attachments, "delivery_kind": "result"}
        early = {"content": "I am still thinking about it.", "attachments": [], "delivery_kind": "progress"}
        said = [task.add_event(now, "assistant_message", early)] if progress else []
        plan = task.add_event(now, "plan_update", payloads.plan("Write the reply", done=True))
        return [*said, plan, task.add_event(now, "assistant_message", payload)]

    def _structured(self, task: TaskRecord, exchanges: list[Exchange], *, failed: bool) -> Json | None:
        """The result for an armed schema, which is used up by it; None when none is armed."""
        schema, task.armed_schema = task.armed_schema, None
        if schema is None:
            return None
        if failed:
            return {"success": False, "value": empty_value(schema), "error": EXTRACTION_FAILED}
        instructions = divided(task.first_parts)[0]
        return {"success": True, "value": fill(schema, instructions, exchanges), "error": None}

    def _give_structured(self, account: Account, task_id: str, result: Json, fault: Fault | None) -> None:
        if fault is not None:
            later = partial(self._give_structured, account, task_id, result, None)
            self._agenda.after(_seconds(fault, LATE_SECONDS), later)
            return
        with self._memory.lock:
            task = account.tasks.get(task_id)
            if task is not None:
                event = task.add_event(self.clock.now_ms(), "structured_output_result", result)
                self._memory.note_task(account, task, event)

    def _plan_file(self, account: Account, answer: Reply) -> FileRecord:
        text = f"# Your next step\n\n{answer.step}\n\n# A question to take along\n\n{answer.question}\n"
        return self._files.put_by_mentor(account, "next-step.md", text.encode(), "text/markdown")

    def _end_background(self, account: Account, task_id: str) -> None:
        with self._memory.lock:
            task = account.tasks.get(task_id)
            if task is not None and task.status == "stopped":
                task.background = False
                payload = {"content": "One thing more: start small.", "attachments": [], "delivery_kind": "result"}
                self._memory.note_task(account, task, task.add_event(self.clock.now_ms(), "assistant_message", payload))

    # Ways to misbehave

    def _be_silent(self, account: Account, task: TaskRecord, fault: Fault) -> None:
        if fault.seconds is not EVER:
            self._work_on(account, task, fault.seconds)

    def _be_slow(self, account: Account, task: TaskRecord, fault: Fault) -> None:
        self._work_on(account, task, _seconds(fault, SLOW_SECONDS))

    def _fail(self, account: Account, task: TaskRecord, fault: Fault) -> None:
        """End in an error; what the turn has cost is booked and given back."""
        self._ledger.charge(account, task, CREDITS_A_TURN)
        self._ledger.refund(account, task, CREDITS_A_TURN)
        self._end_in_error(account, task, fault.kind or "internal", "The agent failed.")

    def _run_out(self, account: Account, task: TaskRecord, fault: Fault) -> None:
        self._ledger.charge(account, task, min(CREDITS_A_TURN, max(0, account.credits)))
        self._ledger.set_balance(account, 0)
        self._end_in_error(account, task, fault.kind or "insufficient_credits", "No credits are left.")

    def _end_in_error(self, account: Account, task: TaskRecord, kind: str, said: str) -> None:
        self._settle(task, "")
        event = task.add_event(self.clock.now_ms(), "error_message", {"error_type": kind, "content": said})
        self._set_status(account, task, "error", event)

    def _ask(self, account: Account, task: TaskRecord, fault: Fault) -> None:
        self._wait(account, task, fault.kind or waiting.QUESTION)

    def _ask_to_confirm(self, account: Account, task: TaskRecord, fault: Fault) -> None:
        self._wait(account, task, fault.kind or waiting.CONFIRMATION)

    def _wait(self, account: Account, task: TaskRecord, kind: str) -> None:
        text = waiting.said_while_waiting(kind)
        said = task.add_event(self.clock.now_ms(), "assistant_message", {"content": text, "attachments": []})
        task.waiting_for, task.waiting_type = said["id"], kind
        detail: Json = {
            "waiting_for_event_id": said["id"],
            "waiting_for_event_type": kind,
            "waiting_description": text,
        }
        if not waiting.is_question(kind):
            task.waiting_schema = detail["confirm_input_schema"] = waiting.input_schema(kind)
        self._set_status(account, task, "waiting", said, detail=detail)
        self.announce(account, payloads.task_stopped(task, text, "ask"))

    def _forget(self, account: Account, task: TaskRecord, _fault: Fault) -> None:
        del account.tasks[task.id]
        self._memory.note_forgotten(account, "task", task.id)

    def _set_status(
        self, account: Account, task: TaskRecord, status: str, *events: Json, detail: Json | None = None
    ) -> None:
        task.status = status
        update = task.add_event(self.clock.now_ms(), "status_update", payloads.status_update(status, detail))
        self._memory.note_task(account, task, *events, update)

    def _settle(self, task: TaskRecord, answered: str) -> None:
        """What was said belongs to the past now."""
        said = [divided(parts)[1] for parts in task.unanswered]
        task.heard += [(one, answered if number == len(said) else "") for number, one in enumerate(said, 1)]
        task.unanswered = []


def _seconds(fault: Fault | None, otherwise: float) -> float:
    return otherwise if fault is None or fault.seconds is None else fault.seconds
