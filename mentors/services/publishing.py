"""Showing and hiding Travelers."""

from uuid import UUID

import structlog
from django.db import transaction

from mentors.errors import TravelerNotFound
from mentors.models import Traveler

log = structlog.get_logger(__name__)


@transaction.atomic
def set_published(*, traveler: UUID, published: bool) -> Traveler:
    """Let people meet a Traveler, or no longer; running sessions go on.

    Locks the Traveler's row. Raises TravelerNotFound.
    """
    row = Traveler.objects.select_for_update().filter(uid=traveler).first()
    if row is None:
        raise TravelerNotFound
    row.is_published = published
    row.save(update_fields=["is_published", "updated_at"])
    log.info("traveler_published", traveler=str(traveler), published=published)
    return row
