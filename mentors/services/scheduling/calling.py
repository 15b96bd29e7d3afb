"""Making an admitted call to Manus: once, by its slot, and with its cost told afterwards."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from mentors.manus import windows
from mentors.models import ProviderCall
from mentors.services.credits import release, settle, spent_on
from mentors.services.scheduling.queueing import end
from timetravelers.kit.clock import now

ENDPOINTS = {ProviderCall.Kind.CREATE: windows.CREATE, ProviderCall.Kind.SEND: windows.SEND_MESSAGE}


class NotAdmitted(Exception):
    """The call may not be made now: it waits, was made already, or was taken back."""


@dataclass(frozen=True, slots=True)
class Admission:
    """Leave to call: by which account, how many credits are held, and whether the call was begun."""

    account: int
    held: int
    started: bool


@dataclass(frozen=True, slots=True)
class TaskUsage:
    """What Manus says that a task has cost so far, all its calls together."""

    task: str
    credits: int


def admission(subject: UUID) -> Admission | None:
    """The leave that `subject` has, if it has one."""
    call = ProviderCall.objects.filter(subject=subject, state=ProviderCall.State.ADMITTED).first()
    return _leave(call) if call is not None else None


@contextmanager
def sending(subject: UUID) -> Iterator[Admission]:
    """Around the one call that was admitted: notes that it begins, and has the client go by the reserved slot.

    Enter it outside of any transaction, so that the note is durable before anything leaves. Raises NotAdmitted.
    Throttled from within means that nothing was sent: `put_back` the call.
    """
    fresh = ProviderCall.objects.filter(subject=subject, state=ProviderCall.State.ADMITTED, started_at__isnull=True)
    if not fresh.update(started_at=now()):
        raise NotAdmitted
    call = ProviderCall.objects.get(subject=subject)
    leave = _leave(call)
    with windows.using(windows.Slot(leave.account, ENDPOINTS[ProviderCall.Kind(call.kind)], call.slot)):
        yield leave


def sent(subject: UUID, *, task: str) -> None:
    """Say which task the call went to, so that what it costs is watched while it runs."""
    ProviderCall.objects.filter(subject=subject, state=ProviderCall.State.ADMITTED).update(task=task)


@transaction.atomic
def finish(subject: UUID, *, credits: int | None = None, usage: TaskUsage | None = None) -> None:  # noqa: A002 - the word for it
    """The call is over: settle what was held for it. Locks the call, then its budgets; does nothing twice.

    `usage` gives the cost of the whole task, of which what is new was this call's; `credits` the cost of this
    call alone. With neither, a call that was made costs its estimate until the provider's ledger says more, and
    one that was not costs nothing.
    """
    call = ProviderCall.objects.select_for_update().filter(subject=subject).first()
    if call is None or call.ended_at is not None:
        return
    if call.state == ProviderCall.State.QUEUED:
        end(call, ProviderCall.State.CANCELLED)
        return
    _settle(call, credits, usage)
    end(call, ProviderCall.State.DONE)


def _settle(call: ProviderCall, cost: int | None, usage: TaskUsage | None) -> None:
    if usage is not None:
        call.task = usage.task
        settle(call, max(0, usage.credits - spent_on(_account_of(call), usage.task)))
    elif cost is not None:
        settle(call, max(0, cost))
    elif call.started_at is not None:
        settle(call, call.estimate)
    else:
        release(call)


def _account_of(call: ProviderCall) -> int:
    if call.account_id is None:
        raise NotAdmitted
    return call.account_id


def _leave(call: ProviderCall) -> Admission:
    return Admission(_account_of(call), call.estimate, started=call.started_at is not None)
