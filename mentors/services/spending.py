"""Watching what runs, and comparing our ledger with the provider's."""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import structlog
from django.db import transaction
from django.db.models import F, Min

from mentors.events import TaskOverBudget
from mentors.manus import accounts
from mentors.manus.errors import ManusError
from mentors.manus.wire import UsageRecord
from mentors.models import CreditEntry, ManusAccount, ProviderCall
from mentors.services.credits import correct, passed_budget, spent_on
from timetravelers.kit.clock import now
from timetravelers.kit.events import publish

log = structlog.get_logger(__name__)

# A task that is done sooner is never asked about.
WATCHED_AFTER = timedelta(seconds=20)
WATCHED_AT_ONCE = 30  # reads are limited too
PAGES, PAGE = 10, 100
# The provider books a while after the work.
BOOKED_AFTER = timedelta(minutes=10)


# Tasks that run ----------------------------------------------------------------------------------------


def running_calls() -> list[int]:
    """Calls whose tasks have run for a while, the longest first; those stopped already are left out."""
    calls = ProviderCall.objects.filter(
        state=ProviderCall.State.ADMITTED, started_at__lt=now() - WATCHED_AFTER, refusal=""
    ).exclude(task="")
    return list(
        calls.order_by(F("looked_at").asc(nulls_first=True), "started_at").values_list("pk", flat=True)[
            :WATCHED_AT_ONCE
        ]
    )


def watch_spending() -> int:
    """Stop the tasks that have used up their budget; returns how many. Asks Manus what each has cost so far."""
    return sum(_watch(pk) for pk in running_calls())


def _watch(pk: int) -> bool:
    call = ProviderCall.objects.filter(pk=pk).first()
    if call is None or call.account_id is None:
        return False
    ProviderCall.objects.filter(pk=pk).update(looked_at=now())
    try:
        usage = accounts.client_of(call.account_id).task_detail(call.task).task.credit_usage or 0
    except ManusError as problem:
        log.info("spending_not_seen", kind=type(problem).__name__)
        return False
    return note_spending(call, usage)


def note_spending(call: ProviderCall, usage: int) -> bool:
    """Publish TaskOverBudget, once, if what the call's task has cost passes a budget; True if it did just now."""
    running = max(0, usage - spent_on(call.account_id or 0, call.task))
    scope = passed_budget(call, running)
    if not scope:
        return False
    with transaction.atomic():
        running_still = ProviderCall.objects.filter(pk=call.pk, state=ProviderCall.State.ADMITTED, refusal="")
        if not running_still.update(refusal=f"stopped:{scope}"):
            return False
        log.warning("task_over_budget", subject=str(call.subject), scope=scope, credits=running)
        publish(TaskOverBudget(call.subject, call.account_id or 0, call.task, scope))
    return True


def stop_task(account: int, task: str) -> None:
    """Have Manus stop working on a task; raises ManusError."""
    accounts.client_of(account).stop_task(task)


# The provider's ledger ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Booked:
    """What the provider has booked: credits by task, complete for everything since a moment."""

    credits: dict[str, int]
    since: datetime


def reconcile_usage() -> int:
    """Compare our ledger with that of each account, and enter what differs; returns how many tasks differed."""
    differing = 0
    for account in accounts.usable():
        try:
            booked = _booked(account)
        except ManusError as problem:
            log.warning("usage_not_read", account=account.name, kind=type(problem).__name__)
            continue
        differing += sum(_reconcile(account, task, total) for task, total in _comparable(account, booked).items())
        _count_unknown(account, booked)
    return differing


def _booked(account: ManusAccount) -> Booked:
    client = accounts.client_of(account.pk)
    records: list[UsageRecord] = []
    cursor = None
    for _ in range(PAGES):
        page = client.list_usage(cursor=cursor, limit=PAGE)
        records += page.data
        cursor = page.next_cursor
        if not page.has_more or not cursor:
            return Booked(_by_task(records), datetime.min.replace(tzinfo=UTC))
    # Beyond the last page there may be more of what it ends with.
    oldest = min((record.created_at or 0 for record in records), default=0)
    return Booked(_by_task(records), datetime.fromtimestamp(oldest, UTC))


def _by_task(records: list[UsageRecord]) -> dict[str, int]:
    totals: Counter[str] = Counter()
    for record in records:
        if record.task_id:
            totals[record.task_id] -= record.credits
    return dict(totals)


def _comparable(account: ManusAccount, booked: Booked) -> dict[str, int]:
    """The tasks that both sides know whole: nothing of them runs, or is too fresh or too old to be in the list."""
    entries = CreditEntry.objects.filter(account=account, task__in=list(booked.credits))
    first = entries.order_by().values("task").annotate(first=Min("created_at")).values_list("task", "first")
    whole = {task for task, moment in first if moment >= booked.since}
    fresh = ProviderCall.objects.filter(account=account, task__in=whole)
    moving = set(fresh.filter(ended_at__isnull=True).values_list("task", flat=True))
    moving |= set(fresh.filter(ended_at__gt=now() - BOOKED_AFTER).values_list("task", flat=True))
    return {task: booked.credits[task] for task in whole - moving}


@transaction.atomic
def _reconcile(account: ManusAccount, task: str, total: int) -> bool:
    calls = ProviderCall.objects.select_for_update().filter(account=account, task=task)
    call = calls.exclude(held_on=None).order_by("-ended_at").first()
    difference = total - spent_on(account.pk, task)
    if call is None or difference == 0:
        return False
    log.warning("credits_differ", account=account.name, difference=difference)
    correct(call, difference)
    return True


def _count_unknown(account: ManusAccount, booked: Booked) -> None:
    """Tasks that the house knows nothing of: other users of the account, or a create that was never found again."""
    known = set(
        CreditEntry.objects.filter(account=account, task__in=list(booked.credits)).values_list("task", flat=True)
    )
    unknown = [total for task, total in booked.credits.items() if task not in known]
    if unknown:
        log.info("credits_unaccounted", account=account.name, tasks=len(unknown), credits=sum(unknown))
