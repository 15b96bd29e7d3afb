"""Writing lists of matches, those of several people in as many statements as those of one."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from matching.models import Match, PersonSnapshot
from matching.selectors.comparisons import Comparison
from matching.selectors.ranked import compared_rows
from matching.selectors.scored import Scored
from matching.services.snapshots import person_snapshots, traveler_snapshots
from timetravelers.kit.clock import now

State, Origin = Match.State, Match.Origin
_FIGURES = (
    "algorithm", "rank", "score", "low", "high", "contributions", "weights_hash", "input_hash", "person",
    "traveler_as", "computed_at", "updated_at",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entry:
    """What is to be stored of one Traveler for one person."""

    comparison: Comparison
    scored: Scored
    rank: int | None


def store_lists(lists: Sequence[tuple[Comparison, Sequence[Scored]]]) -> None:
    """Bring the rows of these people to their newest lists, under the hold of their matches.

    What was decided or made by hand keeps its place among a person's. The comparisons were made together, by weights
    that are stored.
    """
    if not lists:
        return
    stays = _rows_that_stay([comparison for comparison, _ in lists])
    entries: list[Entry] = []
    for comparison, best in lists:
        entries += [Entry(comparison, scored, place) for place, scored in enumerate(best, 1)]
        others = stays[comparison.user_id] - {scored.row for scored in best}
        entries += [Entry(comparison, scored, None) for scored in compared_rows(comparison, sorted(others))]
    _drop_others([comparison.user_id for comparison, _ in lists], store_scores(entries))


def store_scores(entries: Sequence[Entry]) -> list[Match]:
    """Write these figures, with what they were computed from; under the hold of the matches of each person.

    Rows that are there keep their state. The comparisons were made together, by weights that are stored.
    """
    if not entries:
        return []
    people = person_snapshots({entry.comparison.user_id: entry.comparison for entry in entries})
    # In one order: two who store the same would each wait for the other.
    rows = sorted({entry.scored.row for entry in entries})
    travelers = traveler_snapshots(entries[0].comparison.known, rows)
    matches = [_match(one, people[one.comparison.user_id], travelers[one.scored.row]) for one in entries]
    return Match.objects.bulk_create(
        matches, update_conflicts=True, unique_fields=["user", "traveler"], update_fields=list(_FIGURES)
    )


def _rows_that_stay(comparisons: Sequence[Comparison]) -> dict[int, set[int]]:
    """By person the rows of Travelers that stay whatever their rank: accepted ones, and those made by hand."""
    known = {comparison.user_id: comparison for comparison in comparisons}
    stays = Match.objects.filter(user_id__in=known).exclude(state=State.DECLINED)
    stays = stays.filter(state=State.ACCEPTED) | stays.filter(origin=Origin.HAND)
    found: dict[int, set[int]] = defaultdict(set)
    for user, uid in stays.values_list("user_id", "traveler__uid"):
        row = known[user].row_of(uid)
        if row is not None:
            found[user].add(row)
    return found


def _drop_others(people: Sequence[int], stored: Sequence[Match]) -> None:
    """Of all but what was stored now, offers go, and the rest is in no list."""
    others = Match.objects.filter(user_id__in=people).exclude(pk__in=[row.pk for row in stored])
    others.filter(state=State.OFFERED, origin=Origin.TELL).delete()
    others.filter(rank__isnull=False).update(rank=None)
    PersonSnapshot.objects.filter(user_id__in=people, matches__isnull=True).delete()


def _match(entry: Entry, person: int, traveler: int) -> Match:
    comparison, scored, moment = entry.comparison, entry.scored, now()
    return Match(
        user_id=comparison.user_id,
        traveler_id=comparison.known.travelers[scored.row].pk,
        algorithm_id=comparison.live.stored,
        rank=entry.rank,
        score=scored.score,
        low=scored.low,
        high=scored.high,
        contributions=scored.contributions,
        weights_hash=comparison.live.weights.hash,
        input_hash=comparison.person.features.hash,
        person_id=person,
        traveler_as_id=traveler,
        computed_at=moment,
        updated_at=moment,
    )
