"""Keeping a person's matches what TELL would say now: looked at for each request, made anew only when they differ."""

from collections.abc import Collection, Sequence
from datetime import datetime

import structlog
from django.db import transaction
from prometheus_client import Counter

from matching.events import MatchesRefreshed
from matching.models import Freshness
from matching.selectors.comparisons import Comparison, comparison_of, comparisons_of
from matching.selectors.ranked import best_of_each
from matching.services.holding import hold_all, hold_matches
from matching.services.storing import store_lists
from matching.services.weights import settled_weights
from timetravelers.kit.clock import now
from timetravelers.kit.events import publish

log = structlog.get_logger(__name__)

COMPUTED = Counter("tt_matches_computed", "Lists of matches that this process made")

# As many as a phone may ask for.
KEPT = 50
# Whoever finds so often that somebody else was faster, and things have changed again, waits no longer.
LOOKS = 3
_FRESH = ("inputs_hash", "world", "algorithm", "stale_since", "claimed_until", "refreshed_at", "computed")


def refresh_matches(*, user_id: int) -> Comparison:
    """See that the stored matches are those of this moment, and return what they were compared by.

    Of many requests that find them stale, in whichever processes, one computes them: it holds the person's
    matches, and the others find them made when their turn comes. Raises PersonNotFound. Publishes MatchesRefreshed
    if it had to.
    """
    for _ in range(LOOKS):
        seen, comparison = _look(user_id)
        if comparison is None:
            settled_weights()
            comparison = _refresh(user_id, seen)
        if comparison is not None:
            return comparison
    return remake_matches(user_id=user_id)


def remake_matches(*, user_id: int) -> Comparison:
    """The same for a person of whom it is known that there is something to do: held first, then compared."""
    settled_weights()
    with transaction.atomic():
        return _remade([hold_matches(user_id)])[0]


def remake_all(*, user_ids: Collection[int]) -> None:
    """The same for several people together: all or none of them, in one transaction. Who is gone is left out."""
    settled_weights()
    with transaction.atomic():
        _remade(hold_all(user_ids))


def _look(user_id: int) -> tuple[datetime | None, Comparison | None]:
    """When the list was made, and, if it is that of this moment, what it was compared by."""
    kept = Freshness.objects.filter(pk=user_id).values_list("refreshed_at", "inputs_hash", "stale_since").first()
    made_at, key, stale_since = kept or (None, "", None)
    if made_at is None or stale_since is not None:
        return made_at, None
    comparison = comparison_of(user_id)
    return made_at, comparison if comparison.key == key else None


@transaction.atomic
def _refresh(user_id: int, seen: datetime | None) -> Comparison | None:
    """Make the list, unless somebody has since the one that was `seen`: then there is something to look at again."""
    held = hold_matches(user_id)
    if held.refreshed_at != seen and held.stale_since is None:
        return None
    return _remade([held])[0]


def _remade(held: Sequence[Freshness]) -> list[Comparison]:
    compared = comparisons_of([one.user_id for one in held])
    changed = [one for one in held if one.inputs_hash != compared[one.user_id].key]
    comparisons = [compared[one.user_id] for one in changed]
    store_lists(list(zip(comparisons, best_of_each(comparisons, KEPT), strict=True)))
    for one in changed:
        one.computed += 1
        COMPUTED.inc()
        publish(MatchesRefreshed(one.user_id))
        log.info("matches_refreshed", user=one.user_id, times=one.computed)
    for one in held:
        _freshen(one, compared[one.user_id])
    Freshness.objects.bulk_update(held, _FRESH)
    return [compared[one.user_id] for one in held]


def _freshen(held: Freshness, comparison: Comparison) -> None:
    held.inputs_hash, held.world = comparison.key, comparison.world
    held.algorithm_id = comparison.live.stored
    held.stale_since, held.claimed_until = None, None
    held.refreshed_at = now()
