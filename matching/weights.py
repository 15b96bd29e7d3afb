"""What counts how much in TELL: points by letter, shares of a letter's parts, and the figures of their curves."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from hashlib import sha256
from typing import Any, Final

import orjson

from matching.errors import WeightsInvalid
from timetravelers.kit.errors import FieldError

VERSION: Final = "tell-2"

# Each part belongs to one letter; this is the order of every column of parts.
LETTER_OF: Final = {
    "horizon": "time",
    "era": "time",
    "pace": "time",
    "occupation": "expertise",
    "field": "expertise",
    "specialization": "expertise",
    "skills": "expertise",
    "style": "learning_style",
    "stage": "longitude",
    "years": "longitude",
    "distance": "longitude",
}
PARTS: Final = tuple(LETTER_OF)
LETTERS: Final = tuple(dict.fromkeys(LETTER_OF.values()))

TOTAL: Final = 100
MOST_WEIGHT: Final = 1000.0
GRAIN: Final = 10**9  # normalised weights are multiples of 1 / GRAIN, which JSON keeps exactly
POINT_GRAIN: Final = 2.0**-20  # points are multiples of this, so that they add up exactly, in any order

# Learning style is small and capped: matching teaching to preferences is liked, and controlled studies do not find
# that it helps people learn (Pashler, McDaniel, Rohrer and Bjork, 2008, doi:10.1111/j.1539-6053.2009.01038.x).
MOST_POINTS: Final = {"time": 40.0, "expertise": 80.0, "learning_style": 10.0, "longitude": 40.0}
LEAST_POINTS: Final = {"time": 5.0, "expertise": 30.0, "learning_style": 0.0, "longitude": 5.0}


@dataclass(frozen=True, slots=True)
class Parameters:
    """Figures of the curves; `BOUNDS` says how far each may go.

    `octave`: by how many doublings out of a range a fit falls by a factor e. `era_scale`, `years_scale`,
    `distance_scale`: the same in years; `stage_scale` in stages. `nearest`, `reach`: years that a Traveler is
    ahead at least and how many more it still remembers well, for somebody without experience; `nearest_growth`,
    `reach_growth`: what each year of experience adds to them. `implied`: the share of what its occupation asks that
    a Traveler is taken to have of a skill it does not name. `least_gap`: how much a skill matters that one has
    already. `credit_claimed`, `credit_demonstrated`: the share of a stated level that counts; of an attested one all
    does. `doubt_claimed`, `doubt_demonstrated`: the share of a stated level that may be missing. `step_back`: points
    by which a Traveler steps back in a list for each one of its occupation before it.
    """

    octave: float = 1.0
    era_scale: float = 4.0
    years_scale: float = 5.0
    distance_scale: float = 8.0
    stage_scale: float = 1.0
    nearest: float = 3.0
    nearest_growth: float = 0.25
    reach: float = 12.0
    reach_growth: float = 0.25
    implied: float = 0.5
    least_gap: float = 0.1
    credit_claimed: float = 0.8
    credit_demonstrated: float = 0.9
    doubt_claimed: float = 0.5
    doubt_demonstrated: float = 0.25
    step_back: float = 2.0


BOUNDS: Final = {
    "octave": (0.25, 4.0),
    "era_scale": (1.0, 20.0),
    "years_scale": (1.0, 20.0),
    "distance_scale": (1.0, 20.0),
    "stage_scale": (0.25, 4.0),
    "nearest": (1.0, 10.0),
    "nearest_growth": (0.0, 1.0),
    "reach": (2.0, 30.0),
    "reach_growth": (0.0, 1.0),
    "implied": (0.0, 1.0),
    "least_gap": (0.01, 0.5),
    "credit_claimed": (0.5, 1.0),
    "credit_demonstrated": (0.5, 1.0),
    "doubt_claimed": (0.0, 0.9),
    "doubt_demonstrated": (0.0, 0.9),
    "step_back": (0.0, 10.0),
}


@dataclass(frozen=True)
class Weights:
    """Points by letter, which sum to 100, shares by part, which sum to 1 in each letter, and parameters."""

    letters: Mapping[str, float]
    parts: Mapping[str, Mapping[str, float]]
    parameters: Parameters = Parameters()

    @cached_property
    def points(self) -> tuple[float, ...]:
        """The most points each part can give, in the order of PARTS: multiples of POINT_GRAIN that sum to TOTAL."""
        shares = {part: self.letters[letter] * self.parts[letter][part] for part, letter in LETTER_OF.items()}
        grains = _in_grains(shares, round(TOTAL / POINT_GRAIN))
        return tuple(grains[part] * POINT_GRAIN for part in PARTS)

    def as_json(self) -> dict[str, Any]:
        """What `parse_weights` makes the same weights of."""
        parts = {letter: dict(shares) for letter, shares in self.parts.items()}
        return {"letters": dict(self.letters), "parts": parts, "parameters": asdict(self.parameters)}

    @cached_property
    def canonical(self) -> bytes:
        """The same bytes for the same weights, with the version of the algorithm."""
        return orjson.dumps({"version": VERSION, **self.as_json()}, option=orjson.OPT_SORT_KEYS)

    @cached_property
    def hash(self) -> str:
        """SHA-256 of the canonical bytes, in hexadecimal."""
        return sha256(self.canonical).hexdigest()

    def __hash__(self) -> int:
        return hash(self.canonical)


def parse_weights(raw: Any) -> Weights:
    """Weights from JSON: an object with `letters`, and maybe `parts` and `parameters`; what is left out is as usual.

    Letters and the parts of a letter are brought to their sums, so their scale does not matter. Raises
    WeightsInvalid with a pointer to every mistake.
    """
    mistakes = list(_mistakes(raw))
    if mistakes:
        raise WeightsInvalid(errors=tuple(mistakes))
    usual = _USUAL_SHARES | raw.get("parts", {})
    letters = _to_sum(raw["letters"], TOTAL)
    mistakes = list(_beyond(letters))
    if mistakes:
        raise WeightsInvalid(errors=tuple(mistakes))
    parts = {letter: _to_sum(usual[letter], 1) for letter in LETTERS}
    parameters = {name: float(value) for name, value in raw.get("parameters", {}).items()}
    return Weights(letters, parts, Parameters(**parameters))


def _to_sum(raw: Mapping[str, float], wanted: int) -> dict[str, float]:
    """The numbers in proportion, exactly: a multiple of all of them gives the very same, and so does the result."""
    return {name: grains / GRAIN for name, grains in _in_grains(raw, wanted * GRAIN).items()}


def _in_grains(raw: Mapping[str, float], total: int) -> dict[str, int]:
    """Whole numbers in the proportion of the given ones, which sum to the total; the largest takes what is left."""
    exact = {name: Fraction(Decimal(str(value))) for name, value in raw.items()}
    grains = {name: round(total * value / sum(exact.values())) for name, value in exact.items()}
    largest = max(grains, key=lambda name: grains[name])
    grains[largest] += total - sum(grains.values())
    return grains


def _mistakes(raw: Any) -> Iterator[FieldError]:
    if not isinstance(raw, dict):
        yield FieldError("", "wrong_type", "Weights are an object.")
        return
    yield from _strangers("", raw, ("letters", "parts", "parameters"))
    yield from _shares("/letters", raw.get("letters"), LETTERS)
    parts = raw.get("parts", {})
    if isinstance(parts, dict):
        yield from _strangers("/parts", parts, LETTERS)
        for letter in LETTERS:
            if letter in parts:
                yield from _shares(f"/parts/{letter}", parts[letter], tuple(_USUAL_SHARES[letter]))
    else:
        yield FieldError("/parts", "wrong_type", "Shares of parts are an object.")
    yield from _parameter_mistakes(raw.get("parameters", {}))


def _shares(pointer: str, raw: Any, names: tuple[str, ...]) -> Iterator[FieldError]:
    """Every name has to be there, with a number from 0 to MOST_WEIGHT, and not all may be 0."""
    if not isinstance(raw, dict):
        yield FieldError(pointer, "wrong_type", "This is an object of numbers.")
        return
    yield from _strangers(pointer, raw, names)
    yield from (FieldError(f"{pointer}/{name}", "required", "This is missing.") for name in names if name not in raw)
    known = [name for name in names if name in raw]
    yield from _numbers(pointer, raw, dict.fromkeys(known, (0.0, MOST_WEIGHT)))
    if known and all(raw[name] == 0 for name in known):
        yield FieldError(pointer, "all_zero", "One of these has to count.")


def _parameter_mistakes(raw: Any) -> Iterator[FieldError]:
    if not isinstance(raw, dict):
        yield FieldError("/parameters", "wrong_type", "Parameters are an object.")
        return
    yield from _strangers("/parameters", raw, tuple(BOUNDS))
    yield from _numbers("/parameters", raw, {name: bounds for name, bounds in BOUNDS.items() if name in raw})
    both = {**asdict(Parameters()), **raw}
    for weaker, stronger in (("credit_claimed", "credit_demonstrated"), ("doubt_demonstrated", "doubt_claimed")):
        if _is_number(both[weaker]) and _is_number(both[stronger]) and both[weaker] > both[stronger]:
            yield FieldError(f"/parameters/{weaker}", "out_of_order", f"This is at most {stronger}.")
    for credit, doubt in (("credit_claimed", "doubt_claimed"), ("credit_demonstrated", "doubt_demonstrated")):
        if _is_number(both[credit]) and _is_number(both[doubt]) and both[credit] + both[doubt] < 1:
            yield FieldError(f"/parameters/{doubt}", "out_of_order", f"With {credit} this is at least 1.")


def _numbers(pointer: str, raw: Mapping[str, Any], bounds: Mapping[str, tuple[float, float]]) -> Iterator[FieldError]:
    for name, (low, high) in bounds.items():
        if not _is_number(raw[name]):
            yield FieldError(f"{pointer}/{name}", "wrong_type", "This is a number.")
        elif not low <= raw[name] <= high:
            yield FieldError(f"{pointer}/{name}", "out_of_range", f"This lies from {low:g} to {high:g}.")


def _beyond(letters: Mapping[str, float]) -> Iterator[FieldError]:
    for letter, points in letters.items():
        if not LEAST_POINTS[letter] <= points <= MOST_POINTS[letter]:
            bounds = f"{LEAST_POINTS[letter]:g} to {MOST_POINTS[letter]:g}"
            yield FieldError(f"/letters/{letter}", "out_of_range", f"This has to come to {bounds} of 100 points.")


def _strangers(pointer: str, raw: Mapping[str, Any], names: tuple[str, ...]) -> Iterator[FieldError]:
    for name in raw:
        if name not in names:
            yield FieldError(f"{pointer}/{name}", "unknown", "There is no such weight.")


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


_USUAL_SHARES: Final[dict[str, dict[str, float]]] = {
    "time": {"horizon": 0.4, "era": 0.2, "pace": 0.4},
    "expertise": {"occupation": 0.5, "field": 0.1, "specialization": 0.1, "skills": 0.3},
    "learning_style": {"style": 1.0},
    "longitude": {"stage": 0.4, "years": 0.3, "distance": 0.3},
}

DEFAULT: Final = parse_weights({"letters": {"time": 20, "expertise": 45, "learning_style": 10, "longitude": 25}})
