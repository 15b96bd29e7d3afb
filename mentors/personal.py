"""The mentors room knows nobody: Travelers are invented, and deliveries name tasks."""

from datetime import timedelta

from mentors.models import (
    EgressRecord,
    LaneShare,
    ManusAccount,
    ManusUse,
    Traveler,
    TravelerProject,
    TravelerSkill,
    TravelerVersion,
    WebhookDelivery,
)
from mentors.personal_queue import queue_tables
from timetravelers.kit.catalogue import Fate, Link, Table, exempt, register
from timetravelers.kit.retention import Lasting, after
from timetravelers.kit.tags import Category, Purpose, held, stamped, tag, technical

# How long somebody may ask us to show what we sent out for them.
RECEIPTS_KEPT = timedelta(days=3 * 365)


def register_tables() -> None:
    """Called when the app is ready."""
    register(*queue_tables())
    register(_versions(), _receipts())
    exempt("invented characters", Traveler, TravelerSkill, TravelerProject)
    exempt("counts how often a lane was passed over", LaneShare)
    exempt("the house's own accounts at the provider", ManusAccount, ManusUse)
    exempt("names a task and holds no text; whose it was is gone with the session", WebhookDelivery)


def _versions() -> Table:
    return Table(
        model=TravelerVersion,
        title="Travelers that you edited",
        links=[
            Link(
                "author",
                Fate.ANONYMISE,
                "a character outlives the member of staff who wrote it",
                blank={"author": None},
                copied=False,
            )
        ],
        retention=[Lasting(words="for as long as the Traveler; without your name once your account is gone")],
        columns=[
            held("author", Category.IDENTITY, Purpose.ACCOUNTABILITY),
            held("note", Category.TECHNICAL, Purpose.ACCOUNTABILITY),
            *technical("id", "uid", "traveler", "number", "source", "created_at", "occupation_title", "portrait"),
            *technical("profile", "instructions", "instructions_hash"),
        ],
    )


def _receipts() -> Table:
    reason = "shows that what was sent was covered by a consent, without saying whose"
    return Table(
        model=EgressRecord,
        title="What was sent to an AI provider for you",
        links=[Link("user", Fate.ANONYMISE, reason, blank={"user": None, "session_ref": None})],
        retention=[after(RECEIPTS_KEPT, "at", since="it was sent")],
        columns=[
            *stamped("uid", "at", session_ref="session_ref"),
            tag("engine", Category.CHOICES, Purpose.RIGHTS),
            tag("recipient", Category.CHOICES, Purpose.RIGHTS),
            tag("endpoint", Category.CHOICES, Purpose.RIGHTS),
            tag("categories", Category.CHOICES, Purpose.RIGHTS),
            tag("consent_version", Category.CHOICES, Purpose.RIGHTS),
            tag("size", Category.CHOICES, Purpose.RIGHTS),
            *technical("id", "user", "account"),
        ],
    )
