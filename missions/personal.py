"""Missions, evidence and rewards in the data catalogue."""

from collections.abc import Iterator

from missions.models import Evidence, Mission, MissionProposal, MissionTemplate, Reward
from timetravelers.kit.catalogue import Fate, Link, Table, exempt, register
from timetravelers.kit.retention import WITH_ACCOUNT
from timetravelers.kit.tags import AI_PROVIDER, Category, Purpose, stamped, tag, technical

TEMPLATE = {"template": "template__slug", "template_version": "template__version", "template_title": "template__title"}


def register_tables() -> None:
    """Called when the app is ready."""
    exempt("reviewed content", MissionTemplate, MissionTemplate.skills.through)
    register(*_tables())


def _tables() -> Iterator[Table]:
    yield Table(
        model=Mission,
        title="Your missions",
        links=[Link("user", Fate.DELETE, "what the person took on")],
        retention=[WITH_ACCOUNT],
        columns=[
            *stamped("uid", "state", "offered_at", "accepted_at", "ended_at", "origin"),
            tag("template", Category.PROGRESS, Purpose.PROGRESS, copy=TEMPLATE, leaves=AI_PROVIDER),
            tag("traveler", Category.PROGRESS, Purpose.PROGRESS, copy="traveler__name"),
            tag("reason", Category.DERIVED, Purpose.MATCHING),
            *technical("id", "user", "created_at", "updated_at"),
        ],
    )
    yield Table(
        model=MissionProposal,
        title="What you said you would do",
        links=[Link("user", Fate.DELETE, "the person's own plans")],
        retention=[WITH_ACCOUNT],
        columns=[
            *stamped("uid", "state", "origin", "session", "created_at", "updated_at", "ended_at"),
            tag("text", Category.PROGRESS, Purpose.PROGRESS),
            tag("traveler", Category.PROGRESS, Purpose.PROGRESS, copy="traveler__name"),
            *technical("id", "user"),
        ],
    )
    yield Table(
        model=Evidence,
        title="What you showed for your missions",
        links=[Link("mission__user", Fate.DELETE, "the person's own words")],
        retention=[WITH_ACCOUNT],
        columns=[
            *stamped("uid", "created_at", mission="mission__uid"),
            tag("kind", Category.PROGRESS, Purpose.PROGRESS),
            tag("content", Category.PROGRESS, Purpose.PROGRESS),
            *technical("id"),
        ],
    )
    yield Table(
        model=Reward,
        title="What you earned",
        links=[Link("user", Fate.DELETE, "the ledger is the person's, and nobody else's sums depend on it")],
        retention=[WITH_ACCOUNT],
        columns=[
            *stamped("uid", mission="mission__uid"),
            tag("points", Category.PROGRESS, Purpose.PROGRESS),
            tag("earned_at", Category.PROGRESS, Purpose.PROGRESS),
            *technical("id", "user"),
        ],
    )
