"""Sessions for tests, opened without the ceremony."""

from typing import Any

from accounts.models import User
from consciousness.models import Session
from mentors.models import Traveler
from mentors.services.versions import newest_version
from tests.factories.mentors import make_traveler


def make_session(user: User, traveler: Traveler | None = None, **facts: Any) -> Session:
    """An open session of somebody's, with a Traveler of its own unless one is given."""
    mentor = traveler or make_traveler()
    pinned = {"version": newest_version(mentor), "consent_version": 1}
    return Session.objects.create(user=user, traveler=mentor, **{**pinned, **facts})
