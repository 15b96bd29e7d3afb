"""What TELL looks at: a person as numbers, and Travelers as the rows of columns.

Only career facts have a place here; names, addresses, pictures and other protected data have none.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import cached_property
from hashlib import sha256
from typing import Any, Final, NamedTuple

import numpy as np
import orjson
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

AXES: Final = 4


class Want(NamedTuple):
    """What the target occupation asks of a skill, and what the person says they have of it.

    `importance` is on O*NET's scale 1-5 and `asked` on its scale 0-7; `own` is the person's level, 1-5, None if they
    did not list the skill, and `grade` says what stands behind it.
    """

    skill: int
    importance: float
    asked: float
    own: int | None = None
    grade: str = ""


@dataclass(frozen=True)
class PersonFeatures:
    """A person; None and empty mean that they did not say.

    `stage` is a place in the order of career stages. `style` holds the learning-preference axes, each -1 to 1, and
    `confidence` how sure each is, 0 to 1. `soc` is the target's code as a number, 15205100 for 15-2051.00, `near`
    how closely occupations (by id) are related to it, above 0 to 1, and `words` what its titles are made of.
    """

    goal_horizon_months: float | None = None
    weekly_hours: float | None = None
    years_experience: float | None = None
    stage: int | None = None
    style: tuple[float | None, ...] = (None,) * AXES
    confidence: tuple[float, ...] = (1.0,) * AXES
    occupation: int | None = None
    soc: int | None = None
    near: Mapping[int, float] = field(default_factory=dict)
    words: frozenset[str] = frozenset()
    wants: tuple[Want, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Plain values in a fixed order; `person_from_json` makes the same person of them."""
        near = {str(occupation): self.near[occupation] for occupation in sorted(self.near)}
        wants = [list(want) for want in sorted(self.wants)]
        return {**asdict(self), "near": near, "words": sorted(self.words), "wants": wants}

    @property
    def told(self) -> float:
        """How much of the learning-preference axes is known, 0 to 1."""
        known = zip(self.style, self.confidence, strict=True)
        return sum(sure for axis, sure in known if axis is not None) / AXES

    @cached_property
    def nearness(self) -> tuple[Integers, Floats]:
        """Ids of related occupations with the target itself, ascending, and how near they are, (K,)."""
        near = {**self.near} if self.occupation is None else {**self.near, self.occupation: 1.0}
        ids = sorted(near)
        return np.array(ids, dtype=np.int64), np.array([near[each] for each in ids], dtype=np.float64)

    @cached_property
    def canonical(self) -> bytes:
        """The same bytes for the same features."""
        return orjson.dumps(self.as_json(), option=orjson.OPT_SORT_KEYS)

    @cached_property
    def hash(self) -> str:
        """SHA-256 of the canonical bytes, in hexadecimal."""
        return sha256(self.canonical).hexdigest()


def person_from_json(raw: Mapping[str, Any]) -> PersonFeatures:
    """The person whose `as_json` this is, bit for bit."""
    return PersonFeatures(
        **{
            **raw,
            "style": tuple(raw["style"]),
            "confidence": tuple(raw["confidence"]),
            "near": {int(occupation): value for occupation, value in raw["near"].items()},
            "words": frozenset(raw["words"]),
            "wants": tuple(Want(*want) for want in raw["wants"]),
        }
    )


@dataclass(frozen=True, slots=True)
class TravelerFacts:
    """One Traveler. Ranges are pairs (low, high) with low <= high.

    `era`: years ahead. `horizon`: months, `pace`: hours a week, `years`: of experience, `stages`: places in the
    order of career stages. `style`: axes, each -1 to 1. `soc`: the occupation's code as a number. `asked`: what the
    occupation asks of skills, by id, 0-7, and `skills`: levels of those that the Traveler names, 1-5. `topics`: the
    words of each specialization. `languages`: language tags without region.
    """

    era: float
    horizon: tuple[float, float]
    pace: tuple[float, float]
    years: tuple[float, float]
    stages: tuple[int, int]
    style: tuple[float, ...]
    occupation: int
    soc: int
    asked: Mapping[int, float]
    skills: Mapping[int, int]
    topics: tuple[tuple[str, ...], ...]
    languages: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """Plain values; `traveler_from_json` makes the same Traveler of them."""
        mappings = {
            name: {str(key): value[key] for key in sorted(value)}
            for name, value in (("asked", self.asked), ("skills", self.skills))
        }
        return {**asdict(self), **mappings}


def traveler_from_json(raw: Mapping[str, Any]) -> TravelerFacts:
    """The Traveler whose `as_json` this is, bit for bit."""
    ranges: dict[str, Any] = {name: tuple(raw[name]) for name in ("horizon", "pace", "years", "stages", "style")}
    return TravelerFacts(
        **{
            **raw,
            **ranges,
            "asked": {int(skill): level for skill, level in raw["asked"].items()},
            "skills": {int(skill): level for skill, level in raw["skills"].items()},
            "topics": tuple(tuple(topic) for topic in raw["topics"]),
            "languages": tuple(raw["languages"]),
        }
    )


def places_in(known: Integers, wanted: Integers) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Where in ascending ids some others are, and which of them: the ids that both have."""
    if not len(known):
        return np.zeros(0, dtype=np.intp), np.zeros(0, dtype=np.intp)
    places = np.searchsorted(known, wanted)
    found = np.flatnonzero(known.take(places, mode="clip") == wanted)
    return places[found], found


def hash_of(facts: TravelerFacts) -> str:
    """SHA-256 of a Traveler's canonical bytes, in hexadecimal."""
    return sha256(orjson.dumps(facts.as_json(), option=orjson.OPT_SORT_KEYS)).hexdigest()
