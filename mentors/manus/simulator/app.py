"""From request to answer: key, limits, contract, fault script, endpoint, envelope."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import orjson
import structlog

from mentors.manus.simulator.calls import CallLog
from mentors.manus.simulator.contract import Contract, Operation
from mentors.manus.simulator.control import PREFIX, Control
from mentors.manus.simulator.exchange import Answer, Ending, Request, error_answer, json_answer
from mentors.manus.simulator.faults import AFTER, REFUSALS, Fault, FaultScript, fault_from_header
from mentors.manus.simulator.limits import SlidingWindows
from mentors.manus.simulator.memory import account_name
from mentors.manus.simulator.records import Account, Json
from mentors.manus.simulator.refusals import Refusal
from mentors.manus.simulator.routes import ROUTES, World

log = structlog.get_logger(__name__)

KEY_HEADER = "x-manus-api-key"
FAULT_HEADER = "x-simulator-fault"
SLOW_SECONDS = 3.0
HANG_SECONDS = 600.0
HUGE_BYTES = 16 * 1024 * 1024

Observer = Callable[[str, Request, Answer], None]


@dataclass(frozen=True, slots=True)
class Parts:
    """What the application is put together from; `observer` sees every answer before faults spoil it."""

    world: World
    contract: Contract
    windows: SlidingWindows
    faults: FaultScript
    calls: CallLog
    api_keys: Sequence[str]
    observer: Observer | None = None


class App:
    """The simulator without sockets; safe to call from many threads."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._control = Control(parts.world, parts.faults, parts.calls)

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
        if fault is None:
            return self._observed(operation, request)
        if fault.fault == "slow" or fault.fault.endswith(AFTER):
            answer = self._observed(operation, request)
        else:
            answer = json_answer(200, {"ok": True, "request_id": self._request_id()})
        return self._spoilt(answer, fault)

    def _fault(self, endpoint: str, request: Request) -> Fault | None:
        header = request.headers.get(FAULT_HEADER)
        return fault_from_header(endpoint, header) if header else self._parts.faults.take(endpoint, "*")

    def _spoilt(self, answer: Answer, fault: Fault) -> Answer:
        name, seconds = fault.fault.removesuffix(AFTER), fault.seconds
        if name in REFUSALS:
            return error_answer(int(name), REFUSALS[name], "as the fault script wills", self._request_id())
        if name == "slow":
            return replace(answer, delay=SLOW_SECONDS if seconds is None else seconds)
        if name == "hang":
            return replace(answer, ending=Ending.HANG, delay=HANG_SECONDS if seconds is None else seconds)
        if name == "cut":
            return replace(answer, ending=Ending.CUT if fault.fault == "cut" else Ending.CUT_HALFWAY)
        return _misshapen(name, self._request_id())

    def _observed(self, operation: Operation, request: Request) -> Answer:
        answer = self._carried_out(operation, request)
        if self._parts.observer is not None:
            self._parts.observer(operation.endpoint, request, answer)
        return answer

    def _carried_out(self, operation: Operation, request: Request) -> Answer:
        request_id = self._request_id()
        try:
            account = self._account(request)
            self._admit(account, operation)
            fields = ROUTES[operation.endpoint](self._parts.world, account, self._arguments(operation, request))
        except Refusal as refusal:
            return error_answer(refusal.status, refusal.code, refusal.message, request_id)
        self._parts.calls.executed(operation.endpoint)
        return json_answer(200, {"ok": True, "request_id": request_id, **fields})

    def _admit(self, account: Account, operation: Operation) -> None:
        if not self._parts.windows.admit(account.name, operation.endpoint):
            raise Refusal("rate_limited", "too many requests this minute")

    def _account(self, request: Request) -> Account:
        given = request.headers.get(KEY_HEADER, "").encode()
        for key in self._parts.api_keys:
            if hmac.compare_digest(given, key.encode()):
                return self._parts.world.memory.accounts[account_name(key)]
        raise Refusal("unauthenticated", "missing or unknown API key")

    def _arguments(self, operation: Operation, request: Request) -> Json:
        if operation.method == "GET":
            return self._parts.contract.check_query(operation, request.query)
        if request.query:
            raise Refusal("invalid_argument", "this endpoint takes no query")
        try:
            body = orjson.loads(request.body)
        except orjson.JSONDecodeError:
            raise Refusal("invalid_argument", "the body is no JSON") from None
        return self._parts.contract.check_body(operation, body)

    def _request_id(self) -> str:
        return f"req_{self._parts.world.ids.fresh()}"


def _misshapen(name: str, request_id: str) -> Answer:
    if name == "garbage":
        return Answer(status=200, body=b'{"ok": tru<html>\xff\xfe', content_type="text/html")
    if name == "empty":
        return Answer(status=200, body=b"")
    if name == "huge":
        return Answer(status=200, body=b'{"ok": true, "padding": "' + b"x" * HUGE_BYTES + b'"}')
    if name == "redirect":
        return Answer(status=302, body=b"", location="/v2/task.list")
    return replace(error_answer(200, "internal", "not well", request_id), status=200)
