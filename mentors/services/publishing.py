"""Showing and hiding Travelers."""

from uuid import UUID

import structlog
from django.db import transaction

from accounts.models import User
from mentors.errors import CurationRefused, TravelerNotFound, TravelerStateRefused
from mentors.events import TravelerStateChanged, TravelerVersionPublished
from mentors.models import Traveler, TravelerState
from mentors.policies import can_curate_travelers
from mentors.services.versions import lock_travelers
from timetravelers.kit.events import publish

log = structlog.get_logger(__name__)


@transaction.atomic
def set_state(*, actor: User, traveler: UUID, state: TravelerState) -> Traveler:
    """Let people meet a Traveler (published), or no longer (retired); running sessions go on.

    The same state again changes nothing. One writer of Travelers at a time. Raises CurationRefused,
    TravelerNotFound, and TravelerStateRefused for what would be a draft again. Publishes TravelerStateChanged,
    and TravelerVersionPublished when people may meet it.
    """
    if not can_curate_travelers(actor):
        raise CurationRefused
    lock_travelers()
    row = Traveler.objects.filter(uid=traveler).first()
    if row is None:
        raise TravelerNotFound
    if row.state != state:
        _move(row, state)
    return row


def _move(row: Traveler, state: TravelerState) -> None:
    if state == TravelerState.DRAFT:
        raise TravelerStateRefused
    row.state = state
    row.save(update_fields=["state", "updated_at"])
    publish(TravelerStateChanged(row.uid, state.value))
    if row.is_published:
        publish(TravelerVersionPublished(row.uid, row.version))
    log.info("traveler_state_changed", traveler=str(row.uid), state=state.value)
