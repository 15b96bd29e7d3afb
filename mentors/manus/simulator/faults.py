"""The language of faults: what shall go wrong, where, for whom, and how often."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from threading import Lock

import msgspec

from mentors.manus.simulator.clock import Clock
from mentors.manus.simulator.contract import load_contract

REPLY = "task.reply"
WEBHOOK = "webhook"
PUT = "file.put"
EVERYWHERE = "*"

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
GATEWAY = frozenset({"502", "503", "504"})
MISSHAPEN = frozenset({"garbage", "truncated", "not_ok", "empty", "huge", "redirect"})
WIRE = frozenset({"slow", "hang", "cut"})
AFTER = "_after"
SPOILT = frozenset({*REFUSALS, *GATEWAY, *MISSHAPEN, *WIRE})
# These change the simulator's world; the call itself is then carried out as it should be.
WORLD_FAULTS = frozenset({"drained", "drift", "removed", "rotate", "loose_numbers"})
ONLY_AT = {
    "task.create": {"unseen"},
    "task.sendMessage": {"forgotten"},
    "task.listMessages": {"forgotten"},
    "task.detail": {"forgotten"},
    "file.upload": {"upload_expired"},
}
CALL_FAULTS = SPOILT | {fault + AFTER for fault in SPOILT} | WORLD_FAULTS
REPLY_FAULTS = frozenset(
    {
        "silence", "slow", "error", "out_of_credits", "ask", "confirm", "forgotten", "attach", "progress",
        "background", "expensive", "structured_failure", "structured_late",
    }
)  # fmt: skip
WEBHOOK_FAULTS = frozenset(
    {"lost", "duplicate", "late", "reordered", "wrong_signature", "expired", "rotate", "same_event_id"}
)
PUT_FAULTS = frozenset({"403", "500", "503", "slow", "hang", "cut", "cut_after", "spoilt"})
LONGEST_SECONDS = 90_000


class Fault(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One line of a fault script: where it strikes, and what then happens.

    `endpoint` is an endpoint such as `task.create`, or `*` for all; `task.reply` for the agent's work; `file.put` for
    the upload itself; `webhook`, or `webhook.task_created` and `webhook.task_stopped`, for deliveries. `account`,
    `task` (id or title) and `contains` (in what the person writes) narrow it down. It strikes from the `nth` match on,
    `times` times (null: until taken away), and no longer than `lasts` seconds after it was armed. `seconds` and `kind`
    say more about what happens. A call fault ending in `_after` strikes when the request has been carried out already.
    """

    endpoint: str
    fault: str
    times: int | None = 1
    nth: int = 1
    lasts: float | None = None
    seconds: float | None = None
    account: str | None = None
    task: str | None = None
    contains: str | None = None
    kind: str | None = None

    def __post_init__(self) -> None:
        if (self.times is not None and self.times < 1) or self.nth < 1:
            raise ValueError("times and nth must be at least 1 (times: or null, for ever)")
        if not all(0 <= span <= LONGEST_SECONDS for span in (self.seconds, self.lasts) if span is not None):
            raise ValueError(f"seconds and lasts must be between 0 and {LONGEST_SECONDS}")
        if self.fault not in allowed_faults(self.endpoint):
            raise ValueError(f"no fault {self.fault!r} for {self.endpoint!r}")


@dataclass(frozen=True, slots=True)
class Occasion:
    """A moment at which something may go wrong; `names` are what a fault's `endpoint` may say to strike here."""

    names: tuple[str, ...]
    account: str = ""
    task: tuple[str, ...] = ()
    text: str = ""

    def fits(self, fault: Fault) -> bool:
        return (
            fault.endpoint in self.names
            and fault.account in (None, self.account)
            and (fault.task is None or fault.task in self.task)
            and (fault.contains is None or fault.contains.casefold() in self.text.casefold())
        )


def allowed_faults(endpoint: str) -> frozenset[str]:
    """The faults that make sense somewhere; none for a place that does not exist."""
    if endpoint == REPLY:
        return REPLY_FAULTS
    if endpoint == PUT:
        return PUT_FAULTS
    if endpoint in (WEBHOOK, f"{WEBHOOK}.task_created", f"{WEBHOOK}.task_stopped"):
        return WEBHOOK_FAULTS
    known = endpoint == EVERYWHERE or load_contract().operation(endpoint) is not None
    return CALL_FAULTS | ONLY_AT.get(endpoint, set()) if known else frozenset()


@dataclass(slots=True)
class _Armed:
    fault: Fault
    left: int | None
    to_skip: int
    until: float | None


class FaultScript:
    """The faults that are armed, first armed first used. Thread-safe."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._armed: list[_Armed] = []
        self._lock = Lock()

    def arm(self, fault: Fault) -> None:
        until = None if fault.lasts is None else self._clock.now() + fault.lasts
        with self._lock:
            self._armed.append(_Armed(fault, fault.times, fault.nth - 1, until))

    def clear(self) -> None:
        with self._lock:
            self._armed.clear()

    def take(self, occasion: Occasion) -> Fault | None:
        """The next fault that fits, used up once; None when all shall go well."""
        with self._lock:
            self._drop_past()
            for armed in self._armed:
                if not occasion.fits(armed.fault):
                    continue
                if armed.to_skip:
                    armed.to_skip -= 1
                else:
                    return self._used(armed)
        return None

    def remaining(self) -> list[dict[str, object]]:
        """What is still armed, as plain data."""
        with self._lock:
            self._drop_past()
            return [{**msgspec.to_builtins(one.fault), "times": one.left} for one in self._armed]

    def _used(self, armed: _Armed) -> Fault:
        if armed.left is not None:
            armed.left -= 1
            if armed.left == 0:
                self._armed.remove(armed)
        return armed.fault

    def _drop_past(self) -> None:
        self._armed = [one for one in self._armed if one.until is None or not self._clock.reached(one.until)]


def fault_from_header(endpoint: str, header: str) -> Fault:
    """A fault for one request alone, as `name` or `name;seconds`; raises ValueError when there is no such fault."""
    name, _, seconds = header.partition(";")
    return Fault(endpoint=endpoint, fault=name.strip(), seconds=float(seconds) if seconds else None)


def read_faults(body: bytes) -> Iterable[Fault]:
    """One fault or a list of them; raises msgspec.MsgspecError with what is wrong."""
    found = msgspec.json.decode(body, type=Fault | list[Fault])
    return found if isinstance(found, list) else [found]
