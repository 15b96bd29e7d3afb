"""What there is to learn from: people's verdicts as pairs."""

from collections import defaultdict
from dataclasses import dataclass

from matching.learning import Pairs
from matching.models import MatchFeedback
from matching.verdicts import PASSED_OVER, SOMEBODY_ELSE, Verdict, has_pairs, pairs_from

# The newest verdicts; older ones have had their say.
MOST_VERDICTS = 50_000


@dataclass(frozen=True, slots=True)
class Evidence:
    """Pairs to learn from, how many verdicts were looked at, and how many people said something that counts."""

    pairs: Pairs
    verdicts: int
    people: int


def evidence() -> Evidence:
    """The newest verdicts, in one query; the same rows give the same pairs in the same order."""
    rows = MatchFeedback.objects.order_by("-id").values_list("user_id", "traveler_id", "value", "fits", "beside")
    newest = list(rows[:MOST_VERDICTS])
    said: dict[int, list[Verdict]] = defaultdict(list)
    for user, traveler, value, fits, beside in newest:
        said[user].append(Verdict(traveler, value, fits))
        said[user].extend(Verdict(SOMEBODY_ELSE, PASSED_OVER, passed) for passed in beside)
    people = [said[user] for user in sorted(said)]
    return Evidence(pairs_from(people), len(newest), sum(has_pairs(verdicts) for verdicts in people))
