"""Leases on reflections: one worker at a time, and another one when it dies."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

from django.db import transaction

from consciousness.errors import SessionNotFound
from consciousness.models import Reflection, Session
from consciousness.services.leases import LeaseLost
from consciousness.services.log import lock_session
from timetravelers.kit.clock import now

# As long as an engine may take that answers at once.
LEASE_SECONDS = 180.0


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to take one step of a reflection, which is kept as this step leaves it."""

    reflection: Reflection
    holder: UUID

    @contextmanager
    def locked(self) -> Iterator[tuple[Session, Reflection]]:
        """A transaction with session and reflection locked, in this order; what is changed is saved at its end.

        Raises LeaseLost if the reflection moved on, or is gone.
        """
        with transaction.atomic():
            session, found = self._lock()
            if found.lease_holder != self.holder or found.state != self.reflection.state:
                raise LeaseLost
            found.session = session
            yield session, found
            found.save()
        for field in Reflection._meta.concrete_fields:
            if field.attname not in ("id", "session_id"):
                setattr(self.reflection, field.attname, getattr(found, field.attname))

    def _lock(self) -> tuple[Session, Reflection]:
        try:
            session = lock_session(self.reflection.session.uid)
            return session, Reflection.objects.select_for_update().get(pk=self.reflection.pk)
        except (SessionNotFound, Reflection.DoesNotExist):
            raise LeaseLost from None

    def postpone(self, seconds: float) -> None:
        """Leave it as it is, for a step in so many seconds, unless something made it due already."""
        mine = Reflection.objects.filter(
            pk=self.reflection.pk, lease_holder=self.holder, due_at__lte=self.reflection.due_at
        )
        mine.update(due_at=now() + timedelta(seconds=seconds))

    def give_back(self) -> None:
        """Let the next step be claimed when it is due."""
        mine = Reflection.objects.filter(pk=self.reflection.pk, lease_holder=self.holder)
        mine.update(lease_holder=None, lease_until=None)


def claim(uid: UUID) -> Lease | None:
    """The lease of a due reflection, by one conditional UPDATE; None if it is not due or somebody else has it."""
    moment, holder = now(), uuid4()
    until = moment + timedelta(seconds=LEASE_SECONDS)
    if not Reflection.objects.due(moment).filter(uid=uid).update(lease_holder=holder, lease_until=until):
        return None
    found = Reflection.objects.select_related("session__user", "session__version").filter(uid=uid).first()
    return Lease(found, holder) if found is not None and found.state in Reflection.UNFINISHED else None
