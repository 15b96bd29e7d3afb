"""The control endpoints under `/_simulator/`: faults and time in, counts out; for this machine only."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from mentors.manus.simulator.agenda import Agenda
from mentors.manus.simulator.calls import CallLog
from mentors.manus.simulator.exchange import Answer, Request, error_answer, json_answer
from mentors.manus.simulator.faults import FaultScript, read_faults
from mentors.manus.simulator.mishaps import change_projects, remove_projects
from mentors.manus.simulator.records import Account, Json
from mentors.manus.simulator.routes import World
from mentors.manus.simulator.scripts import BadScript, committed_scripts, load_script

PREFIX = "/_simulator/"
LONGEST_STEP = 366 * 86_400.0


class _Step(msgspec.Struct, forbid_unknown_fields=True):
    advance: float


class _Named(msgspec.Struct, forbid_unknown_fields=True):
    script: str


class _Balance(msgspec.Struct, forbid_unknown_fields=True):
    account: str
    credits: int


class _Meddling(msgspec.Struct, forbid_unknown_fields=True):
    """What somebody does to a project in the web app: one without an instruction is deleted."""

    account: str
    project_id: str
    instruction: str | None = None


class _Loss(msgspec.Struct, forbid_unknown_fields=True):
    account: str
    task_id: str


class Control:
    """Answers control requests; anybody but loopback is told that there is nothing here."""

    def __init__(self, world: World, faults: FaultScript, calls: CallLog, agenda: Agenda) -> None:
        self._world = world
        self._faults = faults
        self._calls = calls
        self._agenda = agenda
        self._routes: dict[tuple[str, str], Callable[[Request], Answer]] = {
            ("GET", "health"): lambda _: json_answer(200, {"ok": True, "simulator": True}),
            ("GET", "faults"): lambda _: self._show_faults(),
            ("POST", "faults"): self._arm,
            ("DELETE", "faults"): lambda _: self._clear(),
            ("GET", "scripts"): lambda _: json_answer(200, {"ok": True, "scripts": committed_scripts()}),
            ("POST", "scripts"): self._arm_script,
            ("GET", "calls"): lambda _: self._show_calls(),
            ("DELETE", "calls"): lambda _: self._reset_calls(),
            ("GET", "clock"): lambda _: self._show_clock(),
            ("POST", "clock"): self._advance,
            ("GET", "accounts"): lambda _: self._show_accounts(),
            ("POST", "accounts"): self._set_balance,
            ("POST", "projects"): self._meddle,
            ("POST", "lost-tasks"): self._lose,
            ("POST", "signing-keys"): lambda _: self._rotate(),
        }

    def answer(self, request: Request) -> Answer:
        route = self._routes.get((request.method, request.path.removeprefix(PREFIX)))
        if route is None or not request.from_loopback:
            return error_answer(404, "not_found", "no such control endpoint", "req_control")
        try:
            return route(request)
        except (msgspec.MsgspecError, UnicodeDecodeError, BadScript, ValueError, KeyError) as error:
            return error_answer(400, "invalid_argument", str(error), "req_control")

    # Faults

    def _show_faults(self) -> Answer:
        return json_answer(200, {"ok": True, "faults": self._faults.remaining()})

    def _arm(self, request: Request) -> Answer:
        for fault in list(read_faults(request.body)):
            self._faults.arm(fault)
        return self._show_faults()

    def _arm_script(self, request: Request) -> Answer:
        name = msgspec.json.decode(request.body, type=_Named).script
        if name not in committed_scripts():
            raise BadScript(f"{name}: no such fault script")
        for fault in load_script(name).faults:
            self._faults.arm(fault)
        return self._show_faults()

    def _clear(self) -> Answer:
        self._faults.clear()
        return self._show_faults()

    # Time

    def _show_clock(self) -> Answer:
        clock = self._world.clock
        return json_answer(200, {"ok": True, "now": clock.now(), "speed": clock.speed})

    def _advance(self, request: Request) -> Answer:
        """Move time forward; answered when all that fell due has been done and told."""
        step = msgspec.json.decode(request.body, type=_Step).advance
        if not 0 <= step <= LONGEST_STEP:
            raise ValueError("advance is a number of seconds up to a year")
        self._agenda.advance(step)
        self._world.courier.settle()
        return self._show_clock()

    # What happens behind the client's back

    def _set_balance(self, request: Request) -> Answer:
        wanted = msgspec.json.decode(request.body, type=_Balance)
        with self._world.memory.lock:
            self._world.ledger.set_balance(self._account(wanted.account), wanted.credits)
        return self._show_accounts()

    def _meddle(self, request: Request) -> Answer:
        wanted = msgspec.json.decode(request.body, type=_Meddling)
        account = self._account(wanted.account)
        if wanted.project_id not in account.projects:
            raise KeyError("no such project")
        if wanted.instruction is None:
            remove_projects(self._world, account, wanted.project_id)
        else:
            change_projects(self._world, account, wanted.instruction, wanted.project_id)
        return json_answer(200, {"ok": True, "projects": list(account.projects)})

    def _lose(self, request: Request) -> Answer:
        wanted = msgspec.json.decode(request.body, type=_Loss)
        with self._world.memory.lock:
            self._world.tasks.forget(self._account(wanted.account), wanted.task_id)
        return self._show_calls()

    def _rotate(self) -> Answer:
        self._world.signing_key.rotate()
        return json_answer(200, {"ok": True, "public_key": self._world.signing_key.public_pem()})

    def _account(self, name: str) -> Account:
        return self._world.memory.accounts[name]

    # Counts

    def _show_accounts(self) -> Answer:
        with self._world.memory.lock:
            shown = [_described(account) for account in self._world.memory.accounts.values()]
        return json_answer(200, {"ok": True, "accounts": shown})

    def _reset_calls(self) -> Answer:
        self._calls.reset()
        return self._show_calls()

    def _show_calls(self) -> Answer:
        memory = self._world.memory
        with memory.lock:
            tasks = [task for account in memory.accounts.values() for task in account.tasks.values()]
            turns = sum(len(task.heard) + len(task.unanswered) for task in tasks)
            replies = sum(1 for task in tasks for event in task.events if event["type"] == "assistant_message")
        counts = {"tasks": len(tasks), "user_messages": turns, "replies": replies}
        summary = {"ok": True, "calls": self._calls.summary(), **counts}
        return json_answer(200, {**summary, "deliveries": self._world.courier.deliveries()})


def _described(account: Account) -> Json:
    return {
        "name": account.name,
        "credits": account.credits,
        "tasks": len(account.tasks),
        "projects": list(account.projects),
        "files": len(account.files),
        "webhooks": len(account.webhooks),
        "spent": -sum(entry.credits for entry in account.usage if entry.type != "grant"),
    }
