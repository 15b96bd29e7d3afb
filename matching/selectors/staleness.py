"""Whose matches are no longer what TELL would say, as far as rows can tell."""

from django.db.models import QuerySet

from matching.models import Freshness

# Counting stops here: the figure is for seeing that it falls, and for being woken when it does not.
MOST_COUNTED = 10_000


def stale(world: str) -> list[QuerySet[Freshness]]:
    """People whose matches are stale, each in at most two of the lists.

    First those about whom something changed, the longest stale first; then those whose list was made in another
    world, on either side of the present one in the order of the index.
    """
    changed = Freshness.objects.filter(stale_since__isnull=False).order_by("stale_since")
    before = Freshness.objects.filter(world__lt=world).order_by("world", "user_id")
    after = Freshness.objects.filter(world__gt=world).order_by("world", "user_id")
    return [changed, before, after]


def number_stale(world: str) -> int:
    """How many people's matches are stale; counting stops at MOST_COUNTED."""
    changed, before, after = stale(world)
    rows = before.filter(stale_since__isnull=True), after.filter(stale_since__isnull=True)
    # In the order of their indexes, which are walked only so far.
    return sum(one[:MOST_COUNTED].count() for one in (changed, *rows))
