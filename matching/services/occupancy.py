"""How many people Travelers hold, as the room above counts them."""

from collections.abc import Mapping

from django.db import transaction

from matching.models import Occupancy
from timetravelers.kit.upserts import Tally, lock_table, upsert


@transaction.atomic
def note_occupancy(*, people: Mapping[int, int]) -> Tally:
    """Keep how many open sessions each Traveler (by id) holds; one that is not named holds none.

    One writer at a time. Who is full is offered to nobody new from then on.
    """
    lock_table(Occupancy)
    rows = [Occupancy(traveler_id=traveler, people=number) for traveler, number in sorted(people.items())]
    return upsert(Occupancy.objects.all(), rows, key=["traveler_id"], values=["people"], prune=True)
