"""Leases: one worker at a time advances a turn, and one that dies is replaced when its lease runs out."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction

from consciousness.errors import SessionNotFound
from consciousness.models import Session, Turn
from consciousness.services.log import lock_session
from timetravelers.kit.clock import now

# What a step may change; the rest of a turn and its session stays as it was when the lease was won.
_OF_TURN = ("state", "attempts", "sends", "sent_at", "due_at", "engine", "heard_in", "answered_at")
_OF_SESSION = ("provider_account_id", "provider_task", "provider_cursor", "former_tasks", "is_task_stale")


class LeaseLost(Exception):
    """Somebody else moved the turn on in the meantime; whatever we know of it is stale."""


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to take one step of a turn, and the turn as it was when the right was won, or as we left it since."""

    turn: Turn
    holder: UUID

    @contextmanager
    def locked(self) -> Iterator[tuple[Session, Turn]]:
        """A transaction with session and turn locked, in this order; raises LeaseLost if the turn moved on."""
        with transaction.atomic():
            session, turn = self._lock()
            if turn.lease_holder != self.holder or turn.state != self.turn.state:
                raise LeaseLost
            turn.session = session
            yield session, turn
        for name in _OF_TURN:
            setattr(self.turn, name, getattr(turn, name))
        for name in _OF_SESSION:
            setattr(self.turn.session, name, getattr(session, name))

    def _lock(self) -> tuple[Session, Turn]:
        try:
            session = lock_session(self.turn.session.uid)
            return session, Turn.objects.select_for_update().get(pk=self.turn.pk)
        except (SessionNotFound, Turn.DoesNotExist):
            # The person had it erased in the meantime.
            raise LeaseLost from None

    def renew(self, seconds: float) -> None:
        """Hold the turn for so many seconds from now; raises LeaseLost if it ended or somebody else has it."""
        mine = Turn.objects.unfinished().filter(pk=self.turn.pk, lease_holder=self.holder, state=self.turn.state)
        if not mine.update(lease_until=now() + timedelta(seconds=seconds)):
            raise LeaseLost

    def postpone(self, until: datetime) -> None:
        """Leave the turn as it is, for a step at `until` (unless something made it due already)."""
        mine = Turn.objects.filter(pk=self.turn.pk, lease_holder=self.holder, due_at__lte=self.turn.due_at)
        mine.update(due_at=until)

    def give_back(self) -> None:
        """Let the next step be claimed at once when it is due."""
        Turn.objects.filter(pk=self.turn.pk, lease_holder=self.holder).update(lease_holder=None, lease_until=None)


def claim(uid: UUID) -> Lease | None:
    """The lease of a due turn, by one conditional UPDATE; None if it is not due or somebody else has it."""
    moment, holder = now(), uuid4()
    until = moment + timedelta(seconds=settings.TURN_LEASE_SECONDS)
    claimed = Turn.objects.due(moment).filter(uid=uid).update(lease_holder=holder, lease_until=until)
    if not claimed:
        return None
    turn = Turn.objects.select_related("session__user", "session__traveler__occupation").filter(uid=uid).first()
    # Between the two statements the person may have cancelled it, or erased it.
    return Lease(turn, holder) if turn is not None and turn.state in Turn.UNFINISHED else None
