"""Matches, verdicts and weights of one's own, stored without asking TELL."""

from itertools import count
from typing import Any

from accounts.models import User
from matching.features import PersonFeatures
from matching.models import (
    Algorithm,
    Block,
    DeclineReason,
    Freshness,
    Match,
    MatchFeedback,
    Occupancy,
    PersonSnapshot,
    TravelerSnapshot,
)
from matching.weights import DEFAULT, LETTERS, PARTS, VERSION
from mentors.models import Traveler
from tests.factories.mentors import make_traveler
from timetravelers.kit.clock import now
from timetravelers.kit.ids import uuid7

_numbers = count(1)
HASH = "0" * 64
FITS = dict.fromkeys((*LETTERS, *PARTS), 0.5)
CONTRIBUTIONS = {part: {"fit": 0.5, "points": points / 2} for part, points in zip(PARTS, DEFAULT.points, strict=True)}


def make_algorithm(state: str = "draft", **facts: Any) -> Algorithm:
    """A version of the usual weights; a published one takes the place of the one before."""
    moment = now()
    if state == Algorithm.State.PUBLISHED:
        Algorithm.objects.filter(state=state).update(state="retired", retired_at=moment)
    times = {"published_at": None if state == "draft" else moment, "retired_at": moment if state == "retired" else None}
    newest = Algorithm.objects.order_by("-number").values_list("number", flat=True).first() or 0
    weights = {"weights": DEFAULT.as_json(), "weights_hash": DEFAULT.hash}
    defaults = {"number": newest + 1, "code": VERSION, "source": "staff", **times, **weights}
    return Algorithm.objects.create(state=state, **{**defaults, **facts})


def live_algorithm() -> Algorithm:
    """The version that is live; made if there is none."""
    return Algorithm.objects.filter(state="published").first() or make_algorithm("published")


def make_person_snapshot(user: User, **facts: Any) -> PersonSnapshot:
    """Somebody who told nothing, as TELL saw them."""
    nobody = PersonFeatures()
    defaults = {"features": nobody.as_json(), "taken_at": now()}
    return PersonSnapshot.objects.get_or_create(user=user, hash=nobody.hash, defaults={**defaults, **facts})[0]


def make_traveler_snapshot(traveler: Traveler | None = None) -> TravelerSnapshot:
    """A Traveler as TELL saw it."""
    traveler = traveler or make_traveler()
    defaults = {"version": traveler.version, "features": {}}
    return TravelerSnapshot.objects.get_or_create(traveler=traveler, hash=HASH, defaults=defaults)[0]


def make_match(user: User, traveler: Traveler | None = None, *, state: str = "offered", **facts: Any) -> Match:
    """A match at a score of 50, at the end of the person's list unless it was declined."""
    traveler = traveler or make_traveler()
    is_declined = state == Match.State.DECLINED
    moment = now()
    last = Match.objects.filter(user=user, rank__isnull=False).order_by("-rank").values_list("rank", flat=True).first()
    defaults = {
        "algorithm": live_algorithm(),
        "reason": DeclineReason.OTHER if is_declined else "",
        "decided_at": None if state == Match.State.OFFERED else moment,
        "rank": None if is_declined else (last or 0) + 1,
        "score": 50.0,
        "low": 0.0,
        "high": 100.0,
        "contributions": CONTRIBUTIONS,
        "weights_hash": HASH,
        "input_hash": HASH,
        "person": make_person_snapshot(user),
        "traveler_as": make_traveler_snapshot(traveler),
        "computed_at": moment,
    }
    return Match.objects.create(user=user, traveler=traveler, state=state, **{**defaults, **facts})


def make_feedback(user: User, traveler: Traveler | None = None, **facts: Any) -> MatchFeedback:
    """A verdict, that a session was fine unless told otherwise."""
    defaults = {"kind": "session-rated", "value": 0.5, "fits": FITS, "origin": uuid7(), "algorithm": live_algorithm()}
    return MatchFeedback.objects.create(user=user, traveler=traveler or make_traveler(), **{**defaults, **facts})


def make_block(user: User, traveler: Traveler | None = None) -> Block:
    """A Traveler that somebody does not want."""
    return Block.objects.create(user=user, traveler=traveler or make_traveler(), created_at=now())


def make_freshness(user: User, **facts: Any) -> Freshness:
    """Matches that were made just now."""
    made = {"inputs_hash": HASH, "world": HASH, "algorithm": live_algorithm(), "refreshed_at": now(), "computed": 1}
    return Freshness.objects.create(user=user, **{**made, **facts})


def make_occupancy(traveler: Traveler | None = None, people: int = 1) -> Occupancy:
    """How many sessions a Traveler holds."""
    return Occupancy.objects.create(traveler=traveler or make_traveler(), people=people)
