"""What a Traveler's profile has to be, whoever writes it, and how two of them differ."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from accounts.career_stage import STAGES
from timetravelers.kit.content import canonical_hash
from timetravelers.kit.text import has_control_characters, normalise

Profile = dict[str, Any]

RANGES = ("pace_hours_per_week", "horizon_months", "suits_years_experience")


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong with a profile: a JSON pointer to it, and a sentence."""

    place: str
    text: str


@dataclass(frozen=True, slots=True)
class Difference:
    """A value that two profiles do not share; None where one of them has none."""

    place: str
    before: Any
    after: Any


def problems_of(profile: Profile, *, occupations: Collection[str], skills: Collection[str]) -> list[Problem]:
    """What a profile that has passed its schema gets wrong all the same: references, ranges and characters."""
    return [
        *_unknown_occupation(profile, occupations),
        *_skill_problems(profile, skills),
        *_range_problems(profile),
        *(Problem(place, "it holds control characters") for place in _unclean(profile)),
    ]


def _unknown_occupation(profile: Profile, occupations: Collection[str]) -> Iterator[Problem]:
    if profile["occupation"] not in occupations:
        yield Problem("/occupation", f"{profile['occupation']} is not known")


def _skill_problems(profile: Profile, skills: Collection[str]) -> Iterator[Problem]:
    seen: set[str] = set()
    for index, link in enumerate(profile["skills"]):
        key = link["skill"]
        if key not in skills or key in seen:
            yield Problem(f"/skills/{index}/skill", f"{key} is not known, or there twice")
        seen.add(key)


def _range_problems(profile: Profile) -> Iterator[Problem]:
    for name in RANGES:
        if profile[name]["min"] > profile[name]["max"]:
            yield Problem(f"/{name}", "min is above max")
    stages = profile["career_stages"]
    if STAGES.index(stages["min"]) > STAGES.index(stages["max"]):
        yield Problem("/career_stages", "min is a later stage than max")


def _unclean(profile: Profile) -> Iterator[str]:
    for place, value in leaves(profile):
        if isinstance(value, str) and has_control_characters(value):
            yield place


def leaves(value: Any, place: str = "") -> Iterator[tuple[str, Any]]:
    """Every text, number and truth value in a document with a JSON pointer to it."""
    if isinstance(value, Mapping):
        for key in value:
            yield from leaves(value[key], f"{place}/{key}")
    elif isinstance(value, list):
        for index, one in enumerate(value):
            yield from leaves(one, f"{place}/{index}")
    else:
        yield place, value


def differences(before: Profile, after: Profile) -> list[Difference]:
    """What changed from one profile to another, by place; the order of keys is no difference.

    Skills are compared by key, other lists by position.
    """
    old, new = dict(leaves(_by_key(before))), dict(leaves(_by_key(after)))
    places = [*old, *(place for place in new if place not in old)]
    return [Difference(place, old.get(place), new.get(place)) for place in places if old.get(place) != new.get(place)]


def _by_key(profile: Profile) -> Profile:
    return {**profile, "skills": {link["skill"]: link["level"] for link in profile.get("skills", [])}}


def is_same(one: Profile, other: Profile) -> bool:
    """Whether two profiles say the same, in whatever order of keys."""
    return canonical_hash(one) == canonical_hash(other)


def tidy(value: Any) -> Any:
    """The same document with its texts normalised: NFC, on one line, without blanks at the edges or in a row."""
    if isinstance(value, str):
        return " ".join(normalise(value).split())
    if isinstance(value, Mapping):
        return {key: tidy(one) for key, one in value.items()}
    return [tidy(one) for one in value] if isinstance(value, list) else value
