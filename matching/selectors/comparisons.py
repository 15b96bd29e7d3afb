"""A person against all Travelers: everything that goes into a list of matches, read as it stands now."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db.models import F

from matching.catalogue import Catalogue, catalogue
from matching.models import Block, Match, Occupancy
from matching.people import Person, people_of
from matching.selectors.weights import LiveWeights, live_weights


@dataclass(frozen=True, slots=True)
class Comparison:
    """What is compared, and the Travelers (by id) that are left out: unwanted by the person, or full."""

    user_id: int
    person: Person
    known: Catalogue
    live: LiveWeights
    unwanted: frozenset[int]
    full: frozenset[int]

    @property
    def world(self) -> str:
        """The same as long as nothing has changed that is the same for all: Travelers, their room, and weights."""
        return _world(self.known, self.live, self.full)

    @property
    def key(self) -> str:
        """The same as long as the list would come out the same."""
        return _digest(self.world, self.person.features.hash, repr(sorted(self.unwanted)))

    def row_of(self, traveler: UUID) -> int | None:
        """The row of a Traveler that people meet; None for any other."""
        return self.known.rows.get(traveler)


def comparison_of(user_id: int) -> Comparison:
    """Everything as it stands now; eighteen queries at most while Travelers and taxonomy are warm."""
    return comparisons_of([user_id])[user_id]


def comparisons_of(user_ids: Collection[int]) -> dict[int, Comparison]:
    """The same for several people, in as many queries."""
    people, known, live = people_of(user_ids), catalogue.get(), live_weights()
    unwanted, full = unwanted_travelers(user_ids), full_travelers()
    return {user: Comparison(user, people[user], known, live, unwanted[user], full) for user in user_ids}


def world_now() -> str:
    """The part of all comparisons that is the same for all, as it stands now; three queries."""
    return _world(catalogue.get(), live_weights(), full_travelers())


def unwanted_travelers(user_ids: Collection[int]) -> dict[int, frozenset[int]]:
    """The Travelers that each person has blocked or declined, in one query."""
    blocked = Block.objects.filter(user_id__in=user_ids).values_list("user_id", "traveler_id")
    declined = Match.objects.filter(user_id__in=user_ids, state=Match.State.DECLINED)
    found: dict[int, set[int]] = {user: set() for user in user_ids}
    for user, traveler in blocked.union(declined.values_list("user_id", "traveler_id")):
        found[user].add(traveler)
    return {user: frozenset(travelers) for user, travelers in found.items()}


def full_travelers() -> frozenset[int]:
    """The Travelers that hold as many sessions as they can, in one query."""
    full = Occupancy.objects.filter(people__gte=F("traveler__capacity"))
    return frozenset(full.values_list("traveler_id", flat=True))


def _world(known: Catalogue, live: LiveWeights, full: frozenset[int]) -> str:
    return _digest(repr(known.version), live.weights.hash, repr(sorted(full)))


def _digest(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
