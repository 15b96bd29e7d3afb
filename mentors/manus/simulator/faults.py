"""Fault scripts: what shall go wrong, where, and how often."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from threading import Lock

import msgspec

REPLY = "task.reply"
WEBHOOK = "webhook"

REFUSALS = {
    "400": "invalid_argument",
    "401": "unauthenticated",
    "402": "quota_exceeded",
    "403": "permission_denied",
    "404": "not_found",
    "412": "failed_precondition",
    "429": "rate_limited",
    "500": "internal",
}
CALL_FAULTS = frozenset({*REFUSALS, "garbage", "not_ok", "empty", "huge", "redirect", "slow", "hang", "cut"})
AFTER = "_after"
LONGEST_SECONDS = 3600
REPLY_FAULTS = frozenset({"silence", "slow", "error", "ask", "confirm"})
WEBHOOK_FAULTS = frozenset({"lost", "duplicate", "late", "wrong_signature", "expired"})


class Fault(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One line of a fault script.

    `endpoint` is an endpoint such as `task.create`, or `*` for all; `task.reply` for the agent's work;
    `webhook`, or `webhook.task_created` and `webhook.task_stopped`, for deliveries. `times` None means
    until taken away. A call fault ending in `_after` strikes when the request has been carried out already.
    """

    endpoint: str
    fault: str
    times: int | None = 1
    seconds: float | None = None

    def __post_init__(self) -> None:
        if self.times is not None and self.times < 1:
            raise ValueError("times must be at least 1, or null for ever")
        if self.seconds is not None and not 0 <= self.seconds <= LONGEST_SECONDS:
            raise ValueError("seconds must be between 0 and 3600")
        if self.fault not in allowed_faults(self.endpoint):
            raise ValueError(f"no fault {self.fault!r} for {self.endpoint!r}")


def allowed_faults(endpoint: str) -> frozenset[str]:
    """The faults that make sense somewhere."""
    if endpoint == REPLY:
        return REPLY_FAULTS
    if endpoint == WEBHOOK or endpoint in (f"{WEBHOOK}.task_created", f"{WEBHOOK}.task_stopped"):
        return WEBHOOK_FAULTS
    return CALL_FAULTS | {fault + AFTER for fault in CALL_FAULTS}


@dataclass(slots=True)
class _Armed:
    fault: Fault
    left: int | None


class FaultScript:
    """The faults that are armed, first armed first used. Thread-safe."""

    def __init__(self) -> None:
        self._armed: list[_Armed] = []
        self._lock = Lock()

    def arm(self, fault: Fault) -> None:
        with self._lock:
            self._armed.append(_Armed(fault, fault.times))

    def clear(self) -> None:
        with self._lock:
            self._armed.clear()

    def take(self, *endpoints: str) -> Fault | None:
        """The next fault for any of these names, used up once; None when all shall go well."""
        with self._lock:
            armed = next((one for one in self._armed if one.fault.endpoint in endpoints), None)
            if armed is None:
                return None
            if armed.left is not None:
                armed.left -= 1
                if armed.left == 0:
                    self._armed.remove(armed)
            return armed.fault

    def remaining(self) -> list[dict[str, object]]:
        """What is still armed, as plain data."""
        with self._lock:
            return [{**msgspec.to_builtins(one.fault), "times": one.left} for one in self._armed]


def fault_from_header(endpoint: str, header: str) -> Fault:
    """A fault for one request alone; raises ValueError when there is no such fault."""
    name, _, seconds = header.partition(";")
    return Fault(endpoint=endpoint, fault=name.strip(), seconds=float(seconds) if seconds else None)


def read_faults(body: bytes) -> Iterable[Fault]:
    """One fault or a list of them; raises msgspec.MsgspecError with what is wrong."""
    found = msgspec.json.decode(body, type=Fault | list[Fault])
    return found if isinstance(found, list) else [found]
