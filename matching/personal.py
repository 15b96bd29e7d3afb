"""Matches, verdicts and what they rest on, in the data catalogue."""

from collections.abc import Iterator

from matching.models import (
    Algorithm,
    Block,
    Freshness,
    Match,
    MatchFeedback,
    Occupancy,
    PersonSnapshot,
    TravelerSnapshot,
)
from timetravelers.kit.catalogue import Fate, Link, Table, exempt, register
from timetravelers.kit.retention import WITH_ACCOUNT, Lasting
from timetravelers.kit.tags import Category, Purpose, held, stamped, tag, technical

DERIVED, MATCHING = Category.DERIVED, Purpose.MATCHING


def register_tables() -> None:
    """Called when the app is ready."""
    exempt("invented characters, and how many sessions they hold", TravelerSnapshot, Occupancy)
    register(_algorithms(), *_matches(), *_verdicts())


def _algorithms() -> Table:
    return Table(
        model=Algorithm,
        title="Weights of matching that you wrote or reviewed",
        links=[
            Link(name, Fate.ANONYMISE, "weights outlive the member of staff", blank={name: None}, copied=False)
            for name in ("author", "reviewed_by")
        ],
        retention=[Lasting(words="for as long as matches refer to it; without your name once your account is gone")],
        columns=[
            held("author", Category.IDENTITY, Purpose.ACCOUNTABILITY),
            held("reviewed_by", Category.IDENTITY, Purpose.ACCOUNTABILITY),
            held("note", Category.TECHNICAL, Purpose.ACCOUNTABILITY),
            *technical("id", "uid", "created_at", "updated_at", "number", "code", "source", "state"),
            *technical("weights", "weights_hash", "figures", "preview", "published_at", "retired_at"),
        ],
    )


def _matches() -> Iterator[Table]:
    yield Table(
        model=Match,
        title="Travelers we proposed to you",
        links=[
            Link("user", Fate.DELETE, "what was proposed to the person"),
            Link(
                "proposed_by",
                Fate.ANONYMISE,
                "a proposal is the person's, not that of who made it",
                blank={"proposed_by": None},
                copied=False,
            ),
        ],
        retention=[WITH_ACCOUNT],
        columns=[
            *stamped("uid", "state", "origin", "created_at", "computed_at", "decided_at"),
            tag("traveler", DERIVED, MATCHING, copy="traveler__name"),
            tag("algorithm", DERIVED, MATCHING, copy={"weights": "algorithm__number"}),
            tag("rank", DERIVED, MATCHING),
            tag("score", DERIVED, MATCHING),
            tag("low", DERIVED, MATCHING),
            tag("high", DERIVED, MATCHING),
            tag("contributions", DERIVED, MATCHING),
            tag("reason", Category.CHOICES, MATCHING),
            held("proposed_by", Category.IDENTITY, Purpose.ACCOUNTABILITY),
            *technical("id", "user", "updated_at", "weights_hash", "input_hash", "person", "traveler_as"),
        ],
    )
    yield Table(
        model=PersonSnapshot,
        title="What your matches were worked out from",
        links=[Link("user", Fate.DELETE, "the person as numbers")],
        retention=[WITH_ACCOUNT],
        columns=[
            tag("features", Category.CAREER, MATCHING),
            *stamped("taken_at"),
            *technical("id", "user", "hash"),
        ],
    )
    yield Table(
        model=Freshness,
        title="How up to date your matches are",
        links=[Link("user", Fate.DELETE, "when the person's matches were worked out")],
        retention=[WITH_ACCOUNT],
        columns=[
            *stamped("refreshed_at", "stale_since"),
            *technical("user", "inputs_hash", "world", "algorithm", "claimed_until", "computed"),
        ],
    )


def _verdicts() -> Iterator[Table]:
    yield Table(
        model=MatchFeedback,
        title="How Travelers suited you",
        links=[Link("user", Fate.DELETE, "the person's verdicts")],
        retention=[WITH_ACCOUNT],
        columns=[
            *stamped("uid", "created_at", "updated_at", "origin"),
            tag("traveler", Category.CHOICES, MATCHING, copy="traveler__name"),
            tag("kind", Category.CHOICES, MATCHING),
            tag("value", DERIVED, MATCHING),
            tag("reason", Category.CHOICES, MATCHING),
            tag("comment", Category.CHOICES, MATCHING),
            tag("fits", DERIVED, MATCHING),
            held("beside", DERIVED, MATCHING),
            *technical("id", "user", "algorithm"),
        ],
    )
    yield Table(
        model=Block,
        title="Travelers you do not want to be matched with",
        links=[Link("user", Fate.DELETE, "the person's choice")],
        retention=[WITH_ACCOUNT],
        columns=[
            tag("traveler", Category.CHOICES, MATCHING, copy="traveler__name"),
            *stamped("created_at"),
            *technical("id", "user"),
        ],
    )
