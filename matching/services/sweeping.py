"""Refreshing everybody's stale matches, a chunk at a time: what one worker leaves unfinished another takes up."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import structlog
from django.db import transaction
from django.db.models import Q

from matching.models import Freshness
from matching.selectors.comparisons import world_now
from matching.selectors.staleness import stale
from matching.services.refreshing import remake_all
from timetravelers.kit.clock import now

log = structlog.get_logger(__name__)

CHUNK = 200
# So many are read, compared and stored in one transaction: what a phone that asks meanwhile has to wait for.
TOGETHER = 20
# Longer than a chunk takes; whoever dies with one in hand lets go of it after this.
LEASE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Swept:
    """What a chunk came to: people whose matches are fresh now, and those whose turn failed."""

    refreshed: int
    failed: int

    @property
    def is_full(self) -> bool:
        """Whether there may be more to do at once."""
        return self.refreshed + self.failed >= CHUNK


def refresh_stale() -> Swept:
    """Refresh the matches of one chunk of people, the longest stale first.

    Claims rows for LEASE and skips those that others hold, so that any number of workers share the work. One
    person's failure stops nobody else, and is tried again when its claim is over.
    """
    people = claim_stale(CHUNK)
    refreshed = sum(_refreshed(people[first : first + TOGETHER]) for first in range(0, len(people), TOGETHER))
    if people:
        log.info("stale_matches_refreshed", refreshed=refreshed, failed=len(people) - refreshed)
    return Swept(refreshed, len(people) - refreshed)


@transaction.atomic
def claim_stale(most: int) -> list[int]:
    """Claim people whose matches are stale; whose account changed first, then those whom the world has left behind."""
    moment, world = now(), world_now()
    claimed: list[int] = []
    for rows in stale(world):
        free = rows.filter(Q(claimed_until__isnull=True) | Q(claimed_until__lt=moment)).exclude(pk__in=claimed)
        claimed += free.select_for_update(skip_locked=True).values_list("pk", flat=True)[: most - len(claimed)]
        if len(claimed) >= most:
            break
    Freshness.objects.filter(pk__in=claimed).update(claimed_until=moment + LEASE)
    return claimed


def _refreshed(people: Sequence[int]) -> int:
    """How many of them are fresh now; if they are not together, each is tried alone."""
    try:
        remake_all(user_ids=people)
    except Exception:  # whatever is wrong with one of them must not keep the others waiting
        if len(people) > 1:
            log.warning("matches_not_refreshed_together", people=len(people), exc_info=True)
            return sum(_refreshed([user_id]) for user_id in people)
        log.exception("matches_not_refreshed", user=people[0])
        return 0
    return len(people)
