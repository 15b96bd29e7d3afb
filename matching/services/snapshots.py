"""Keeping what scores are computed from, each once, for matches to refer to."""

from collections.abc import Mapping, Sequence

from matching.catalogue import Catalogue
from matching.features import hash_of
from matching.models import PersonSnapshot, TravelerSnapshot
from matching.selectors.comparisons import Comparison
from timetravelers.kit.clock import now


def person_snapshots(comparisons: Mapping[int, Comparison]) -> dict[int, int]:
    """Keys, by person, of people as they are compared; under the hold of the matches of each."""
    wanted = {user: one.person.features for user, one in comparisons.items()}
    there = PersonSnapshot.objects.filter(user_id__in=wanted, hash__in=[one.hash for one in wanted.values()])
    rows = there.values_list("user_id", "hash", "pk")
    found = {user: key for user, hash_, key in rows if hash_ == wanted[user].hash}
    made = PersonSnapshot.objects.bulk_create(
        PersonSnapshot(user_id=user, hash=one.hash, features=one.as_json(), taken_at=now())
        for user, one in wanted.items()
        if user not in found
    )
    return found | {row.user_id: row.pk for row in made}


def traveler_snapshots(known: Catalogue, rows: Sequence[int]) -> dict[int, int]:
    """Keys of the snapshots of these rows of the catalogue; many may ask for the same at once."""
    taken = {row: _taken(known, row) for row in rows}
    places = {(snapshot.traveler_id, snapshot.hash): row for row, snapshot in taken.items()}
    found = _stored(places)
    missing = [taken[row] for row in rows if row not in found]
    if missing:
        TravelerSnapshot.objects.bulk_create(missing, ignore_conflicts=True)
        found = _stored(places)
    return found


def _taken(known: Catalogue, row: int) -> TravelerSnapshot:
    traveler, facts = known.travelers[row], known.facts[row]
    return TravelerSnapshot(
        traveler_id=traveler.pk, version=traveler.version, hash=hash_of(facts), features=facts.as_json()
    )


def _stored(places: dict[tuple[int, str], int]) -> dict[int, int]:
    stored = TravelerSnapshot.objects.filter(
        traveler_id__in=[traveler for traveler, _ in places], hash__in=[hash_ for _, hash_ in places]
    )
    keys = {(traveler, hash_): key for key, traveler, hash_ in stored.values_list("pk", "traveler_id", "hash")}
    return {row: keys[place] for place, row in places.items() if place in keys}
