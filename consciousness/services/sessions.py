"""Opening and ending sessions."""

from uuid import UUID

from django.db import transaction

from accounts.models import Consent, User
from accounts.services import require_consent
from consciousness.models import Session
from consciousness.services.log import append, lock_session, require_open
from consciousness.services.turns import cancel_unfinished
from mentors.engines import configured_chain
from mentors.selectors import newest_published_version
from timetravelers.kit.clock import now


@transaction.atomic
def open_session(*, actor: User, traveler: UUID, goal: str = "") -> Session:
    """A new session with a published Traveler, pinning the Traveler's newest version, the consent's, and the engines.

    What the Traveler is edited to later changes nothing here.

    Raises ConsentRequired before anything else: a session is of no use without the AI provider.
    """
    consent = require_consent(actor, Consent.Purpose.AI_PROVIDER)
    version = newest_published_version(traveler)
    return Session.objects.create(
        user=actor,
        traveler=version.traveler,
        version=version,
        consent_version=consent.version,
        engine_chain=configured_chain(),
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
