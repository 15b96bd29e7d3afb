"""Opening and ending sessions."""

from uuid import UUID

from django.db import transaction

from accounts.models import Consent, User
from accounts.services import require_consent
from consciousness.models import Session
from consciousness.services.log import append, lock_session, require_open
from consciousness.services.turns import cancel_unfinished
from mentors.errors import TravelerNotFound
from mentors.models import Traveler
from timetravelers.kit.clock import now


@transaction.atomic
def open_session(*, actor: User, traveler: UUID, goal: str = "") -> Session:
    """A new session with a published Traveler, pinning the Traveler's and the consent's version.

    Raises ConsentRequired before anything else: a session is of no use without the AI provider.
    """
    consent = require_consent(actor, Consent.Purpose.AI_PROVIDER)
    mentor = Traveler.objects.filter(uid=traveler, is_published=True).first()
    if mentor is None:
        raise TravelerNotFound
    return Session.objects.create(
        user=actor,
        traveler=mentor,
        traveler_version=mentor.version,
        consent_version=consent.version,
        goal=goal,
    )


@transaction.atomic
def end_session(*, session: UUID, actor: User) -> Session:
    """End it: what is queued or under way is cancelled, what was said stays. Locks the session."""
    locked = lock_session(session, actor)
    require_open(locked)
    cancel_unfinished(locked)
    locked.state = Session.State.ENDED
    locked.ended_at = now()
    locked.save(update_fields=["state", "ended_at", "updated_at"])
    append(locked, "session.ended", {"ended_at": locked.ended_at.isoformat()})
    return locked
