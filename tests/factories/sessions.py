"""Sessions for tests, opened without the ceremony."""

from datetime import datetime
from typing import Any

from accounts.models import User
from consciousness.models import Session
from mentors.models import Traveler
from mentors.services.versions import newest_version
from tests.factories.mentors import make_traveler
from timetravelers.kit.clock import now


def make_session(user: User, traveler: Traveler | None = None, **facts: Any) -> Session:
    """An open session of somebody's, with a Traveler of its own unless one is given."""
    mentor = traveler or make_traveler()
    version = newest_version(mentor)
    pinned = {"version": version, "instructions_hash": version.instructions_hash, "consent_version": 1}
    opened = {} if facts.get("state") in (Session.State.SCHEDULED, Session.State.CANCELLED) else {"opened_at": now()}
    return Session.objects.create(user=user, traveler=mentor, **{**pinned, **opened, **facts})


def make_scheduled(user: User, starts_at: datetime, traveler: Traveler | None = None, **facts: Any) -> Session:
    """A session that is to begin, without reminders."""
    return make_session(user, traveler, state=Session.State.SCHEDULED, starts_at=starts_at, **facts)
