"""From request to answer: key, limits, contract, fault script, endpoint, envelope."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import orjson
import structlog

from mentors.manus.simulator.calls import CallLog
from mentors.manus.simulator.contract import Contract, Operation
from mentors.manus.simulator.control import PREFIX, Control
from mentors.manus.simulator.exchange import Answer, Ending, Request, error_answer, json_answer
from mentors.manus.simulator.faults import (
    AFTER,
    EVERYWHERE,
    SPOILT,
    Fault,
    FaultScript,
    Occasion,
    fault_from_header,
)
from mentors.manus.simulator.keys import KeyRing
from mentors.manus.simulator.limits import SlidingWindows
from mentors.manus.simulator.mishaps import happen_after, happen_before
from mentors.manus.simulator.records import Account, Json
from mentors.manus.simulator.refusals import Refusal
from mentors.manus.simulator.routes import ROUTES, World
from mentors.manus.simulator.spoiling import never_carried_out, spoilt

log = structlog.get_logger(__name__)

KEY_HEADER = "x-manus-api-key"
FAULT_HEADER = "x-simulator-fault"
JSON_TYPE = "application/json"

Observer = Callable[[str, Request, Answer], None]


@dataclass(frozen=True, slots=True)
class Parts:
    """What the application is put together from.

    `observer` sees every answer before faults spoil it; `loose_numbers` writes 64-bit integers as strings.
    """

    world: World
    contract: Contract
    windows: SlidingWindows
    faults: FaultScript
    calls: CallLog
    keys: KeyRing
    loose_numbers: bool = False
    observer: Observer | None = None


class App:
    """The simulator without sockets; safe to call from many threads."""

    def __init__(self, parts: Parts, control: Control) -> None:
        self._parts = parts
        self._control = control

    def handle(self, request: Request) -> Answer:
        """The answer to any request; never raises."""
        try:
            if request.path.startswith(PREFIX):
                return self._control.answer(request)
            return self._handle_call(request)
        except Exception:
            log.exception("simulator_request_failed", path=request.path)
            return error_answer(500, "internal", "the simulator failed", self._request_id())

    def _handle_call(self, request: Request) -> Answer:
        endpoint = request.path.removeprefix("/v2/")
        operation = self._parts.contract.operation(endpoint) if request.path.startswith("/v2/") else None
        if operation is None or operation.method != request.method or endpoint not in ROUTES:
            return error_answer(404, "not_found", "no such endpoint in the simulator", self._request_id())
        self._parts.calls.received(endpoint)
        answer = self._with_fault(operation, request)
        self._parts.calls.answered(endpoint, answer.status if answer.ending is Ending.SEND else None)
        return answer

    def _with_fault(self, operation: Operation, request: Request) -> Answer:
        try:
            fault = self._fault(operation.endpoint, request)
        except ValueError as error:
            return error_answer(400, "invalid_argument", str(error), self._request_id())
        if fault is None or fault.fault not in SPOILT | {name + AFTER for name in SPOILT}:
            return self._observed(operation, request, fault)
        if fault.fault == "slow" or fault.fault.endswith(AFTER):
            answer = self._observed(operation, request, None)
        else:
            answer = never_carried_out(self._request_id())
        return spoilt(answer, fault, self._request_id())

    def _fault(self, endpoint: str, request: Request) -> Fault | None:
        header = request.headers.get(FAULT_HEADER)
        if header:
            return fault_from_header(endpoint, header)
        return self._parts.faults.take(self._occasion(endpoint, request))

    def _occasion(self, endpoint: str, request: Request) -> Occasion:
        """The call as a fault script sees it, before anything in it has been checked."""
        body = _loosely(request.body)
        named = body.get("task_id") or body.get("title") or next(iter(request.query.get("task_id", ())), "")
        account = self._parts.keys.account_of(request.headers, KEY_HEADER) or ""
        task = self._parts.world.memory.accounts[account].tasks.get(str(named)) if account else None
        title = (task.title,) if task else ()
        return Occasion((endpoint, EVERYWHERE), account, (str(named), *title), _text_of(body.get("message")))

    def _observed(self, operation: Operation, request: Request, fault: Fault | None) -> Answer:
        answer = self._carried_out(operation, request, fault)
        if self._parts.observer is not None:
            self._parts.observer(operation.endpoint, request, answer)
        return answer

    def _carried_out(self, operation: Operation, request: Request, fault: Fault | None) -> Answer:
        request_id = self._request_id()
        try:
            account = self._account(request)
            self._admit(account, operation)
            fields = self._done(account, operation, self._arguments(operation, request), fault)
        except Refusal as refusal:
            return error_answer(refusal.status, refusal.code, refusal.message, request_id)
        self._parts.calls.executed(operation.endpoint)
        return json_answer(200, {"ok": True, "request_id": request_id, **fields})

    def _done(self, account: Account, operation: Operation, arguments: Json, fault: Fault | None) -> Json:
        world = self._parts.world
        if fault is not None:
            happen_before(world, account, fault, arguments)
        fields = ROUTES[operation.endpoint](world, account, arguments)
        if fault is not None:
            happen_after(world, account, fault, fields)
        if self._parts.loose_numbers or (fault is not None and fault.fault == "loose_numbers"):
            return self._parts.contract.with_loose_numbers(operation, fields)
        return fields

    def _admit(self, account: Account, operation: Operation) -> None:
        if not self._parts.windows.admit(account.name, operation.endpoint):
            raise Refusal("rate_limited", "too many requests this minute")

    def _account(self, request: Request) -> Account:
        name = self._parts.keys.account_of(request.headers, KEY_HEADER)
        if name is None:
            raise Refusal("unauthenticated", "missing or unknown API key")
        return self._parts.world.memory.accounts[name]

    def _arguments(self, operation: Operation, request: Request) -> Json:
        if operation.method == "GET":
            return self._parts.contract.check_query(operation, request.query)
        if request.query:
            raise Refusal("invalid_argument", "this endpoint takes no query")
        if request.headers.get("content-type", "").partition(";")[0].strip() != JSON_TYPE:
            raise Refusal("invalid_argument", "the body must be application/json")
        try:
            body = orjson.loads(request.body)
        except orjson.JSONDecodeError:
            raise Refusal("invalid_argument", "the body is no JSON") from None
        return self._parts.contract.check_body(operation, body)

    def _request_id(self) -> str:
        return f"req_{self._parts.world.ids.fresh()}"


def _loosely(body: bytes) -> dict[str, Any]:
    try:
        found = orjson.loads(body or b"{}")
    except orjson.JSONDecodeError:
        return {}
    return found if isinstance(found, dict) else {}


def _text_of(message: object) -> str:
    content = message.get("content") if isinstance(message, dict) else None
    if isinstance(content, list):
        return "\n".join(str(part.get("text", "")) for part in content if isinstance(part, dict))
    return str(content or "")
