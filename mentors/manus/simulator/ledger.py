"""Credits: what work costs, what is given back, and the ledger that tells."""

from __future__ import annotations

from mentors.manus.simulator.clock import Clock
from mentors.manus.simulator.memory import Memory
from mentors.manus.simulator.records import Account, TaskRecord, UsageEntry
from mentors.manus.simulator.refusals import Refusal
from mentors.manus.tokens import estimated_tokens

CREDITS_A_TURN = 5
TOKENS_A_CREDIT = 100


def cost_of(text: str) -> int:
    """Credits for a turn in which this much was said and answered; the real price list is not public."""
    return CREDITS_A_TURN + estimated_tokens(text) // TOKENS_A_CREDIT


class Ledger:
    """Books what accounts spend and get; the caller holds the memory's lock."""

    def __init__(self, memory: Memory, clock: Clock) -> None:
        self._memory = memory
        self._clock = clock

    def require_credits(self, account: Account) -> None:
        """Raises Refusal when nothing is left: the documentation does not say how Manus puts it."""
        if account.credits <= 0:
            raise Refusal("quota_exceeded", "no credits left")

    def charge(self, account: Account, task: TaskRecord, credits_used: int) -> None:
        task.credit_usage += credits_used
        self._book(account, task.id, task.title, -credits_used, "cost", total=-task.credit_usage)

    def refund(self, account: Account, task: TaskRecord, credits_back: int) -> None:
        self._book(account, task.id, task.title, credits_back, "refund", total=credits_back)

    def set_balance(self, account: Account, credits_left: int) -> None:
        """Make a balance what somebody wants it to be; more is booked as a grant, less only taken away."""
        change = credits_left - account.credits
        if change > 0:
            self._book(account, "", "Credits granted", change, "grant", total=change)
        else:
            account.credits = credits_left
            self._memory.note_credits(account)

    def _book(self, account: Account, task_id: str, title: str, change: int, kind: str, *, total: int) -> None:
        account.credits += change
        entry = UsageEntry(
            task_id=task_id, title=title, credits=total, created_at=int(self._clock.now()), type=kind
        )  # fmt: skip
        account.book(entry)
        self._memory.note_usage(account, entry)
