"""What a deleted account owes to others: copies to be deleted and tokens to be revoked outside the house.

A room that sends something out says how it is taken back (`performs`), and queues a duty for each thing when
an account goes. Duties are rows, tried again with growing pauses for a week.
"""

import hashlib
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID

import structlog
from django.db import transaction

from accounts.events import DutyQueued, DutySettled
from accounts.models import Deletion, ErasureDuty
from timetravelers.kit.clock import now
from timetravelers.kit.events import publish
from timetravelers.kit.sealing import BrokenSeal, open_sealed, seal

log = structlog.get_logger(__name__)

PURPOSE = "erasure duty"
FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(hours=6)
KEEP_TRYING = timedelta(days=7)
# How long one attempt may take before another worker tries too.
ATTEMPT = timedelta(minutes=3)


class NotYet(Exception):
    """It could not be done now; `str()` is a word on why, without secrets, for staff.

    When part of it is done, `kind` and `reference` say what is left.
    """

    def __init__(self, reason: str, *, kind: str = "", reference: str = "") -> None:
        super().__init__(reason)
        self.kind = kind
        self.reference = reference


class NothingToDo(Exception):
    """There is nothing there to be deleted or revoked; `str()` says why."""


Performer = Callable[[str], None]
_performers: dict[str, Performer] = {}


def performs(kind: str, performer: Performer) -> None:
    """Let `performer(reference)` do duties of this kind; it is idempotent and raises NotYet or NothingToDo."""
    _performers[kind] = performer


def add_duty(deletion: UUID, kind: str, reference: str, *, after: timedelta = timedelta()) -> None:
    """Queue a duty, once however often it is asked for, in the caller's transaction; it waits for `after` first."""
    add_duties(deletion, kind, [reference], after=after)


def add_duties(deletion: UUID, kind: str, references: Iterable[str], *, after: timedelta = timedelta()) -> None:
    """The same for several; what the database is asked does not grow with their number."""
    due = now() + after
    facts = [(reference, {"reference": seal(reference, PURPOSE), "due_at": due}) for reference in sorted(references)]
    if facts:
        _add(deletion, kind, facts)


def skip_duty(deletion: UUID, kind: str, reason: str) -> None:
    """Record that there was nothing to do, and why."""
    _add(deletion, kind, [("", {"state": ErasureDuty.State.SKIPPED, "note": reason[:100], "due_at": now()})])


def _add(deletion: UUID, kind: str, duties: Iterable[tuple[str, dict[str, Any]]]) -> None:
    row = Deletion.objects.get(uid=deletion)
    rows = [
        ErasureDuty(deletion=row, kind=kind, digest=_digest(kind, reference), **facts) for reference, facts in duties
    ]
    # Those that were queued before stay as they are.
    ErasureDuty.objects.bulk_create(rows, ignore_conflicts=True)
    added = ErasureDuty.objects.filter(uid__in=[duty.uid for duty in rows], state=ErasureDuty.State.QUEUED)
    for uid in added.filter(due_at__lte=now()).order_by("id").values_list("uid", flat=True):
        publish(DutyQueued(uid))


def _digest(kind: str, reference: str) -> str:
    return hashlib.sha256(f"{kind}:{reference}".encode()).hexdigest()


def perform_duty(uid: UUID) -> None:
    """Try a duty that is due; what comes of it is recorded, and raised if the performer fell over.

    Publishes DutySettled when it needs no more tries.
    """
    moment = now()
    mine = ErasureDuty.objects.filter(uid=uid, state=ErasureDuty.State.QUEUED, due_at__lte=moment)
    if not mine.update(due_at=moment + ATTEMPT):
        return
    duty = ErasureDuty.objects.select_related("deletion").get(uid=uid)
    try:
        _performers[duty.kind](open_sealed(duty.reference, PURPOSE))
    except BrokenSeal:
        # The house's secret was changed without re-sealing: nobody can say any more what this was about.
        _settle(duty, ErasureDuty.State.GIVEN_UP, "the reference cannot be read")
    except NotYet as reason:
        _try_later(duty, reason)
    except NothingToDo as reason:
        _settle(duty, ErasureDuty.State.SKIPPED, str(reason))
    except Exception as fault:
        # A fault of ours is tried again and given up like any other, so that the deletion comes to an end.
        _try_later(duty, NotYet(type(fault).__name__))
        raise
    else:
        _settle(duty, ErasureDuty.State.DONE, "")


def _try_later(duty: ErasureDuty, reason: NotYet) -> None:
    if now() - duty.created_at > KEEP_TRYING:
        log.error("erasure_duty_given_up", duty=str(duty.uid), kind=duty.kind, reason=str(reason))
        _settle(duty, ErasureDuty.State.GIVEN_UP, str(reason))
        return
    log.warning("erasure_duty_postponed", duty=str(duty.uid), kind=duty.kind, reason=str(reason))
    if reason.reference:
        duty.kind, duty.reference = reason.kind, seal(reason.reference, PURPOSE)
    pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(duty.attempts, 10))
    duty.attempts, duty.note, duty.due_at = duty.attempts + 1, str(reason)[:100], now() + pause
    duty.save(update_fields=["kind", "reference", "attempts", "note", "due_at", "updated_at"])


@transaction.atomic
def _settle(duty: ErasureDuty, state: ErasureDuty.State, note: str) -> None:
    # Given up or done, the house no longer knows what it was about.
    duty.state, duty.note, duty.reference = state, note[:100], ""
    duty.attempts += 1
    duty.save(update_fields=["state", "note", "reference", "attempts", "updated_at"])
    publish(DutySettled(duty.deletion.uid))


def due_duties(limit: int = 200) -> list[UUID]:
    """Duties that ought to be tried now, the longest overdue first."""
    queued = ErasureDuty.objects.filter(state=ErasureDuty.State.QUEUED, due_at__lte=now())
    return list(queued.order_by("due_at").values_list("uid", flat=True)[:limit])
