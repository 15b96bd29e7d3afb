"""Having turns and memories found again: their words are read here, at once; what they mean is worked out later."""

from collections.abc import Collection
from typing import Any

from django.db import transaction

from accounts.models import Profile
from consciousness.models import Memory, Passage, Turn
from consciousness.recall import terms_of
from consciousness.searching import stemmer_of
from consciousness.selectors.passages import spoken_in

BATCH = 200
MOST_BATCHES = 50


def read_ended_turns() -> int:
    """Read the words of turns that are over and that recall has not seen as they are now; how many turns it were.

    Several workers do not get in each other's way. Locks the turns for as long as it takes to read them.
    """
    seen = 0
    for _ in range(MOST_BATCHES):
        found = _read_some()
        seen += found
        if found < BATCH:
            break
    return seen


@transaction.atomic
def _read_some() -> int:
    due = Turn.objects.filter(is_passage_due=True, ended_at__isnull=False).order_by("pk")
    locked = due.select_for_update(skip_locked=True, no_key=True, of=("self",))[:BATCH]
    owners = dict(locked.values_list("pk", "session__user_id"))
    spoken = spoken_in(owners)
    stemmers = _stemmers_of(set(owners.values()))
    rows = [
        Passage(user_id=owners[turn], turn_id=turn, terms=terms_of(said.passage.text, stemmers[owners[turn]]).tobytes())
        for turn, said in spoken.items()
    ]
    _write(rows, "turn")
    Passage.objects.filter(turn__in=owners.keys() - spoken.keys()).delete()
    Turn.objects.filter(pk__in=owners).update(is_passage_due=False)
    return len(owners)


def read_memory(memory: Memory) -> None:
    """Have recall see a memory as it is now: found if it is kept, else not. In the transaction of what changed it."""
    if memory.state != Memory.State.KEPT:
        Passage.objects.filter(memory=memory).delete()
        return
    stemmer = _stemmers_of([memory.user_id])[memory.user_id]
    terms = terms_of(memory.text, stemmer)
    _write([Passage(user_id=memory.user_id, memory=memory, terms=terms.tobytes())], "memory")


def forget_turns(turns: Collection[int]) -> None:
    """Something that was said in these turns is to be forgotten: recall forgets them, and reads anew what is left.

    In the transaction of the deletion. Waits while a worker is just working out what one of them means.
    """
    Passage.objects.filter(turn__in=turns).delete()
    Turn.objects.filter(pk__in=turns).update(is_passage_due=True)


def _write(rows: list[Passage], of: str) -> None:
    changed = ["terms", "code", "model", "written_at"]
    Passage.objects.bulk_create(rows, update_conflicts=True, unique_fields=[of], update_fields=changed)


def _stemmers_of(people: Collection[int]) -> dict[int, str]:
    """By the dearest language of each."""
    languages: dict[Any, list[str]] = dict(Profile.objects.filter(user__in=people).values_list("user_id", "languages"))
    return {person: stemmer_of(languages.get(person, [])) for person in people}
