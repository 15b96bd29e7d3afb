"""Holding a person's matches: whatever changes them does so one after the other."""

from collections.abc import Collection, Iterable

from django.db import connection

from matching.errors import PersonNotFound
from matching.models import Freshness
from timetravelers.kit.clock import now


def hold_matches(user_id: int) -> Freshness:
    """The row that says how fresh a person's matches are, locked until the transaction ends.

    The account itself is held first, against erasure alone: profiles may be edited meanwhile. Raises
    PersonNotFound if the account is gone.
    """
    held = hold_all([user_id])
    if not held:
        raise PersonNotFound
    return held[0]


def hold_all(user_ids: Collection[int]) -> list[Freshness]:
    """The same for several people, held in the order of their ids; those whose account is gone are left out."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM accounts_user WHERE id = ANY(%s) ORDER BY id FOR KEY SHARE", [list(user_ids)])
        there = [user for (user,) in cursor.fetchall()]
    held = _locked(there)
    missing = sorted(set(there) - {one.user_id for one in held})
    if missing:
        Freshness.objects.bulk_create([Freshness(user_id=user) for user in missing], ignore_conflicts=True)
        held += _locked(missing)
    return held


def _locked(user_ids: Collection[int]) -> list[Freshness]:
    return list(Freshness.objects.select_for_update().filter(pk__in=user_ids).order_by("pk"))


def mark_stale(user_ids: Iterable[int]) -> None:
    """Have the matches of these people made anew, at their next request or before.

    In one statement. Marks once: what is stale already stays as it is. Accounts have to be there.
    """
    with connection.cursor() as cursor:
        cursor.execute(_MARK, {"people": sorted(set(user_ids)), "moment": now()})


_MARK = """
INSERT INTO matching_freshness (user_id, inputs_hash, world, stale_since, computed)
SELECT id, '', '', %(moment)s, 0 FROM accounts_user WHERE id = ANY(%(people)s) ORDER BY id
ON CONFLICT (user_id) DO UPDATE SET stale_since = %(moment)s WHERE matching_freshness.stale_since IS NULL
"""
