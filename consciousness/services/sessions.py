"""Opening sessions, at once or at a later time."""

from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction

from accounts.models import Consent, User
from accounts.services import require_consent
from consciousness.announcements import SessionScheduled
from consciousness.appointments import require_schedulable
from consciousness.errors import NoMatch, TooManyScheduled
from consciousness.models import Session
from consciousness.services.log import append
from consciousness.services.reminders import plan_reminders
from matching.selectors import match_with
from mentors.engines import configured_chain
from mentors.selectors import newest_published_version
from timetravelers.kit.clock import now

# Each of them sends mails.
MOST_SCHEDULED = 20


@transaction.atomic
def open_session(*, actor: User, traveler: UUID, goal: str = "", title: str = "", from_match: bool = False) -> Session:
    """A new session with a published Traveler, pinning the Traveler's newest version, the consent's, and the engines.

    What the Traveler is edited to later changes nothing here. With `from_match` it is kept why TELL proposes the
    Traveler, as of now.

    Raises ConsentRequired before anything else: a session is of no use without the AI provider. Raises
    TravelerNotFound, and NoMatch where TELL does not know the Traveler (yet).
    """
    pins = _pins(actor, traveler)
    moment = now()
    return Session.objects.create(
        user=actor,
        goal=goal,
        title=title,
        title_source=_source_of(title),
        opened_at=moment,
        idle_check_at=moment + settings.SESSION_IDLE,
        **pins,
        **_origin(actor, traveler, from_match=from_match),
    )


@transaction.atomic
def schedule_session(
    *,
    actor: User,
    traveler: UUID,
    starts_at: datetime,
    goal: str = "",
    title: str = "",
    from_match: bool = False,
) -> Session:
    """The same for later: it opens itself at `starts_at`, and the person is reminded of it.

    Locks the person's row, so that not too many are scheduled. Raises as `open_session` does, Invalid for a time
    that is over or too far, and TooManyScheduled.
    """
    pins = _pins(actor, traveler)
    require_schedulable(starts_at, now())
    User.objects.select_for_update(no_key=True).only("id").get(pk=actor.pk)
    if Session.objects.filter(user=actor, state=Session.State.SCHEDULED).count() >= MOST_SCHEDULED:
        raise TooManyScheduled
    session = Session.objects.create(
        user=actor,
        goal=goal,
        title=title,
        title_source=_source_of(title),
        state=Session.State.SCHEDULED,
        starts_at=starts_at,
        **pins,
        **_origin(actor, traveler, from_match=from_match),
    )
    plan_reminders(session)
    append(session, SessionScheduled(starts_at=starts_at))
    return session


def _pins(actor: User, traveler: UUID) -> dict[str, Any]:
    consent = require_consent(actor, Consent.Purpose.AI_PROVIDER)
    version = newest_published_version(traveler)
    return {
        "traveler": version.traveler,
        "version": version,
        "instructions_hash": version.instructions_hash,
        "consent_version": consent.version,
        "engine_chain": configured_chain(),
    }


def _source_of(title: str) -> str:
    return Session.TitleSource.PERSON if title else ""


def _origin(actor: User, traveler: UUID, *, from_match: bool) -> dict[str, Any]:
    if not from_match:
        return {"origin": Session.Origin.CHOICE, "match": None}
    match = match_with(actor.pk, traveler)
    if match is None:
        raise NoMatch
    kept = {
        "algorithm": match.algorithm,
        "score": match.score,
        "contributions": match.contributions,
        "interval": list(match.interval),
        "reasons": {letter: asdict(reason) for letter, reason in match.reasons.items()},
    }
    return {"origin": Session.Origin.MATCH, "match": kept}
