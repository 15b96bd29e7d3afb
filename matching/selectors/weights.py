"""Which weights people are matched by."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import orjson

from matching.models import Algorithm
from matching.weights import DEFAULT, VERSION, Parameters, Weights


@dataclass(frozen=True, slots=True)
class LiveWeights:
    """Weights with the row they come from; without one while nobody has stored any for this scoring."""

    weights: Weights
    algorithm_id: int | None = None
    number: int = 0

    @property
    def stored(self) -> int:
        """The key of the row; services see to it that there is one. Raises LookupError."""
        if self.algorithm_id is None:
            raise LookupError("these weights are not stored yet")
        return self.algorithm_id


def live_weights() -> LiveWeights:
    """What was published last for the scoring we have, or what the code says; in one query."""
    live = Algorithm.objects.filter(state=Algorithm.State.PUBLISHED, code=VERSION)
    row = live.values_list("pk", "number", "weights").first()
    if row is None:
        return LiveWeights(DEFAULT)
    return LiveWeights(parsed_weights(row[2]), row[0], row[1])


def parsed_weights(stored: dict[str, Any]) -> Weights:
    """The weights of a row, to the bit: they were brought to their sums before they were stored."""
    return _parsed(orjson.dumps(stored, option=orjson.OPT_SORT_KEYS))


@lru_cache(maxsize=64)
def _parsed(canonical: bytes) -> Weights:
    stored = orjson.loads(canonical)
    return Weights(stored["letters"], stored["parts"], Parameters(**stored["parameters"]))
