"""The credit guard: what a call may cost is put by before it is made, and settled when its cost is known.

Days are UTC days, the same for everybody: a budget that followed each phone's clock could be had twice by
travelling, and the house's own day has to be one that its users' days add up to.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F, Max, Q, Sum

from mentors.models import CreditBudget, CreditEntry, ProviderCall

Scope = CreditBudget.Scope
RECENT_CALLS = 50
# Until a call of the kind has been paid for.
FIRST_ESTIMATE = 50


class OverBudget(Exception):
    """There is not enough left; `scope` says in whose budget."""

    def __init__(self, scope: str) -> None:
        super().__init__(scope)
        self.scope = scope


@dataclass(frozen=True, slots=True)
class Purse:
    """One of the budgets that a call counts in."""

    scope: str
    key: str
    day: date | None = None
    owner: int | None = None
    session: UUID | None = None

    @property
    def limit(self) -> int | None:
        """Credits; None for no limit."""
        return settings.CREDIT_BUDGETS[self.scope] or None


def purses_of(call: ProviderCall, day: date) -> list[Purse]:
    """The budgets of a call, in the order in which they are locked."""
    purses = [Purse(Scope.DAY, f"day:{day}", day=day)]
    if call.owner_id is not None:
        purses.append(Purse(Scope.USER, f"user:{call.owner_id}:{day}", day=day, owner=call.owner_id))
    if call.session_ref is not None:
        session = Purse(Scope.SESSION, f"session:{call.session_ref}", owner=call.owner_id, session=call.session_ref)
        purses.append(session)
    return purses


def estimate_of(kind: str) -> int:
    """What to put by for a call of a kind: as much as the dearest of the last ones.

    The mean would be passed by every other call, and budgets with it. But never more than a quarter of a
    session's budget, or one freak would shut everybody out for as long as it is remembered.
    """
    calls = ProviderCall.objects.filter(kind=kind, state=ProviderCall.State.DONE, credits__isnull=False)
    recent = calls.order_by("-ended_at").values("credits")[:RECENT_CALLS]
    dearest: int | None = recent.aggregate(most=Max("credits"))["most"]
    wanted = FIRST_ESTIMATE if dearest is None else max(1, dearest)
    session: int = settings.CREDIT_BUDGETS[Scope.SESSION]
    return min(wanted, max(1, session // 4)) if session else wanted


@transaction.atomic
def hold(call: ProviderCall, amount: int, day: date) -> None:
    """Put credits by in every budget of a call, or in none. Locks the budgets until the transaction ends.

    Two at once cannot pass a limit together: each budget grows by a conditional UPDATE. Raises OverBudget.
    """
    for purse in purses_of(call, day):
        _put_by(purse, amount)
    call.estimate, call.held_on = amount, day
    _enter(call, (CreditEntry.Kind.HOLD, amount))


def _put_by(purse: Purse, amount: int) -> None:
    room = Q() if purse.limit is None else Q(held__lte=purse.limit - amount - F("spent"))
    with_room = CreditBudget.objects.filter(room, key=purse.key)
    if with_room.update(held=F("held") + amount):
        return
    facts = {"scope": purse.scope, "day": purse.day, "owner_id": purse.owner, "session_ref": purse.session}
    CreditBudget.objects.get_or_create(key=purse.key, defaults=facts)
    if not with_room.update(held=F("held") + amount):
        raise OverBudget(purse.scope)


def release(call: ProviderCall) -> None:
    """Give back what is held for a locked call; does nothing if nothing is."""
    if call.held_on is None:
        return
    _move(call, call.held_on, held=-call.estimate)
    _enter(call, (CreditEntry.Kind.RELEASE, -call.estimate))


def settle(call: ProviderCall, cost: int) -> None:
    """Turn what is held for a locked call into what it cost, on the day it was held."""
    if call.held_on is None:
        return
    _move(call, call.held_on, held=-call.estimate, spent=cost)
    _enter(call, (CreditEntry.Kind.RELEASE, -call.estimate), (CreditEntry.Kind.SPEND, cost))
    call.credits = cost


def correct(call: ProviderCall, difference: int) -> None:
    """Count what the provider's ledger says beyond ours, or less, for a locked call that has ended."""
    if call.held_on is None:
        return
    _move(call, call.held_on, spent=difference)
    _enter(call, (CreditEntry.Kind.CORRECTION, difference))


def _move(call: ProviderCall, day: date, *, held: int = 0, spent: int = 0) -> None:
    # One after the other, so that everybody locks them in the same order.
    for purse in purses_of(call, day):
        CreditBudget.objects.filter(key=purse.key).update(held=F("held") + held, spent=F("spent") + spent)


def _enter(call: ProviderCall, *entries: tuple[CreditEntry.Kind, int]) -> None:
    facts: dict[str, Any] = {
        "day": call.held_on,
        "subject": call.subject,
        "attempt": call.attempts,
        "owner_id": call.owner_id,
        "session_ref": call.session_ref,
        "account_id": call.account_id,
        "task": call.task,
    }
    CreditEntry.objects.bulk_create(CreditEntry(kind=kind, amount=amount, **facts) for kind, amount in entries)


def spent_on(account: int, task: str) -> int:
    """What our ledger says that a task has cost."""
    entries = CreditEntry.objects.filter(
        account_id=account, task=task, kind__in=(CreditEntry.Kind.SPEND, CreditEntry.Kind.CORRECTION)
    )
    return entries.aggregate(total=Sum("amount"))["total"] or 0


def passed_budget(call: ProviderCall, running: int) -> str:
    """The scope of a budget that a running call's cost so far has used up, or nothing."""
    if call.held_on is None:
        return ""
    purses = purses_of(call, call.held_on)
    budgets = CreditBudget.objects.filter(key__in=[purse.key for purse in purses])
    spent = dict(budgets.values_list("key", "spent"))
    for purse in purses:
        if purse.limit is not None and spent.get(purse.key, 0) + running > purse.limit:
            return purse.scope
    return ""
