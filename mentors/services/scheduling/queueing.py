"""Standing in the queue for a call to Manus, and leaving it again."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction

from accounts.models import User
from mentors.events import PumpDue
from mentors.models import HOUSE, Lane, ProviderCall
from mentors.services.credits import release, settle
from timetravelers.kit.clock import now
from timetravelers.kit.events import publish

CREATES = "create"
_ENDED = (ProviderCall.State.DONE, ProviderCall.State.CANCELLED, ProviderCall.State.REFUSED)
_FRESH: dict[str, Any] = {
    "state": ProviderCall.State.QUEUED,
    "admitted_at": None,
    "started_at": None,
    "ended_at": None,
    "slot": "",
    "estimate": 0,
    "held_on": None,
    "task": "",
    "looked_at": None,
    "credits": None,
    "refusal": "",
    "told_position": None,
    "told_due": None,
    "told_at": None,
}


def pool_of(kind: str, account: int | None) -> str:
    """The quota that a call competes for."""
    return CREATES if kind == ProviderCall.Kind.CREATE else f"send:{account}"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A call that somebody waits for live: a send to the `account` that has the session's task, else a create."""

    subject: UUID
    owner: int
    session: UUID
    account: int | None = None


def enqueue_new(wanted: Sequence[Wanted]) -> None:
    """Let subjects that never stood in the queue stand in it, in this order. In the caller's transaction."""
    if not wanted:
        return
    moment = now()
    ProviderCall.objects.bulk_create(
        ProviderCall(subject=one.subject, enqueued_at=moment, **_facts_of(one)) for one in wanted
    )
    publish(PumpDue())


def _facts_of(one: Wanted) -> dict[str, Any]:
    kind = ProviderCall.Kind.CREATE if one.account is None else ProviderCall.Kind.SEND
    return _facts(kind, Lane.LIVE, one.owner, one.session, one.account)


def _facts(kind: str, lane: str, owner: int | None, session: UUID | None, account: int | None) -> dict[str, Any]:
    return {
        "kind": kind,
        "lane": lane,
        "owner_id": owner,
        "flow": HOUSE if owner is None else owner,
        "session_ref": session,
        "account_id": account,
        "pool": pool_of(kind, account),
    }


@transaction.atomic
def enqueue(
    *, subject: UUID, kind: str, lane: str, owner: User | None, session: UUID | None, account: int | None = None
) -> None:
    """Let `subject` stand in the queue; a `send` goes to the `account` that has its task. In the caller's transaction.

    Asked for again while it waits, the call keeps its place, whatever it is that it waits for now; once it is
    admitted nothing changes; after its end it stands in line anew.
    """
    pinned = account if kind == ProviderCall.Kind.SEND else None
    facts = _facts(kind, lane, owner.pk if owner else None, session, pinned)
    _, is_new = ProviderCall.objects.get_or_create(subject=subject, defaults={**facts, "enqueued_at": now()})
    if is_new or _stand_again(subject, facts):
        publish(PumpDue())


def _stand_again(subject: UUID, facts: dict[str, Any]) -> bool:
    calls = ProviderCall.objects.filter(subject=subject)
    if calls.filter(state__in=_ENDED).update(**_FRESH, **facts, enqueued_at=now()):
        return True
    waiting = calls.filter(state=ProviderCall.State.QUEUED).exclude(pool=facts["pool"])
    return bool(waiting.update(**facts))


@transaction.atomic
def put_back(subject: UUID) -> bool:
    """An admitted call is to be made (again) later: to the head of its owner's queue. Locks the call.

    Its slot stays counted, for the provider may have heard of it; its credits are free again. False if it was
    not admitted.
    """
    call = ProviderCall.objects.select_for_update().filter(subject=subject, state=ProviderCall.State.ADMITTED).first()
    if call is None:
        return False
    return_to_queue(call)
    publish(PumpDue())
    return True


def return_to_queue(call: ProviderCall) -> None:
    """The same for a call that this transaction holds locked."""
    release(call)
    if call.kind == ProviderCall.Kind.CREATE:
        call.account = None
    for name, value in _FRESH.items():
        setattr(call, name, value)
    call.save()


@transaction.atomic
def cancel(subject: UUID) -> bool:
    """Take a call out of the queue, or out of the hands of whoever was to make it. Locks the call.

    A slot that was reserved for it stays counted. A call that may have been made is settled at its estimate. True
    unless it had ended, or never stood in the queue.
    """
    call = ProviderCall.objects.select_for_update().filter(subject=subject).exclude(state__in=_ENDED).first()
    if call is None:
        return False
    _cancel(call)
    return True


@transaction.atomic
def cancel_all_of(owner: int) -> int:
    """Cancel every call of a person who leaves; returns how many. Locks the calls in order."""
    calls = ProviderCall.objects.select_for_update().filter(owner_id=owner).exclude(state__in=_ENDED).order_by("pk")
    for call in (found := list(calls)):
        _cancel(call)
    return len(found)


def _cancel(call: ProviderCall) -> None:
    if call.started_at is not None:
        settle(call, call.estimate)
    elif call.state == ProviderCall.State.ADMITTED:
        release(call)
    end(call, ProviderCall.State.CANCELLED)
    # Nobody's slot is free by this, but others stand further ahead, and are told.
    publish(PumpDue())


def end(call: ProviderCall, state: ProviderCall.State) -> None:
    """The last word on a call that this transaction holds locked."""
    call.state = state
    call.ended_at = now()
    call.save()
