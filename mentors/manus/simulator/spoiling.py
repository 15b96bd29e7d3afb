"""What faults make of answers: refusals, noise, delays and cut wires."""

from __future__ import annotations

from dataclasses import replace

from mentors.manus.simulator.exchange import Answer, Ending, error_answer, json_answer
from mentors.manus.simulator.faults import AFTER, GATEWAY, REFUSALS, Fault

SLOW_SECONDS = 3.0
HANG_SECONDS = 600.0
HUGE_BYTES = 16 * 1024 * 1024
HTML = "text/html"


def spoilt(answer: Answer, fault: Fault, request_id: str) -> Answer:
    """`answer` as the fault leaves it."""
    name, seconds = fault.fault.removesuffix(AFTER), fault.seconds
    if name in REFUSALS:
        refused = error_answer(int(name), REFUSALS[name], "as the fault script wills", request_id)
        return replace(refused, retry_after=None if seconds is None else int(seconds))
    if name in GATEWAY:
        return Answer(status=int(name), body=b"<html><body>Bad gateway</body></html>", content_type=HTML)
    if name == "slow":
        return replace(answer, delay=SLOW_SECONDS if seconds is None else seconds)
    if name == "hang":
        return replace(answer, ending=Ending.HANG, delay=HANG_SECONDS if seconds is None else seconds)
    if name == "cut":
        return replace(answer, ending=Ending.CUT if fault.fault == "cut" else Ending.CUT_HALFWAY)
    return _misshapen(answer, name, request_id)


def never_carried_out(request_id: str) -> Answer:
    """What is there to be spoilt when the request has not been carried out."""
    return json_answer(200, {"ok": True, "request_id": request_id})


def _misshapen(answer: Answer, name: str, request_id: str) -> Answer:
    if name == "garbage":
        return Answer(status=200, body=b'{"ok": tru<html>\xff\xfe', content_type=HTML)
    if name == "truncated":
        return replace(answer, body=answer.body[: len(answer.body) // 2])
    if name == "empty":
        return Answer(status=200, body=b"")
    if name == "huge":
        return Answer(status=200, body=b'{"ok": true, "padding": "' + b"x" * HUGE_BYTES + b'"}')
    if name == "redirect":
        return Answer(status=302, body=b"", location="/v2/task.list")
    return replace(error_answer(200, "internal", "not well", request_id), status=200)
