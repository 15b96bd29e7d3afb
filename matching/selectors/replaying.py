"""Computing a stored match again from what was kept of it."""

from dataclasses import dataclass

from matching.features import hash_of, person_from_json, traveler_from_json
from matching.matrix import matrix_of
from matching.models import Match
from matching.selectors.scored import Scored, scores_of
from matching.selectors.weights import parsed_weights
from matching.weights import VERSION


@dataclass(frozen=True, slots=True)
class Replay:
    """The figures as they come out now, and in what they differ from the stored ones."""

    again: Scored
    differences: tuple[str, ...]

    @property
    def is_same(self) -> bool:
        """Whether everything is as it was, to the bit."""
        return not self.differences


def replay_of(match: Match) -> Replay:
    """A match computed from its snapshots and its version of the weights, in three queries at most.

    What was kept is looked at as well: its hashes have to be those that the match names.
    """
    person, traveler = person_from_json(match.person.features), traveler_from_json(match.traveler_as.features)
    weights = parsed_weights(match.algorithm.weights)
    (again,) = scores_of(person, matrix_of([traveler]), weights, [0])
    compared = {
        "scoring": (match.algorithm.code, VERSION),
        "weights": (match.weights_hash, weights.hash),
        "person": (match.input_hash, person.hash),
        "Traveler": (match.traveler_as.hash, hash_of(traveler)),
        "score": (match.score, again.score),
        "low": (match.low, again.low),
        "high": (match.high, again.high),
        "contributions": (match.contributions, again.contributions),
    }
    return Replay(again, tuple(name for name, (stored, now) in compared.items() if stored != now))
