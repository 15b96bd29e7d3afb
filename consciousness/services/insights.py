"""The person's word on what came out of a session: confirmed, rejected, or put in other words."""

from uuid import UUID

from django.db import transaction

from accounts.models import User
from consciousness.errors import InsightKnown, InsightNotFound
from consciousness.models import Confidence, Insight
from consciousness.services.log import lock_session
from consciousness.services.remembering import fingerprint_of
from missions.services.proposals import propose_mission, withdraw_proposals
from timetravelers.kit.clock import now
from timetravelers.kit.errors import PreconditionFailed

State = Insight.State


@transaction.atomic
def confirm_insight(*, insight: UUID, actor: User, expected_revision: int | None = None) -> Insight:
    """It is so. An action item becomes a proposal on the board of missions. Locks the insight.

    Raises InsightNotFound and PreconditionFailed.
    """
    found = _lock(insight, actor, expected_revision)
    if found.state != State.CONFIRMED:
        _decide(found, State.CONFIRMED)
    _propose(found)
    return found


@transaction.atomic
def reject_insight(*, insight: UUID, actor: User, expected_revision: int | None = None) -> Insight:
    """It is not so: it is used for nothing, and is not proposed again. Locks the insight."""
    found = _lock(insight, actor, expected_revision)
    if found.state != State.REJECTED:
        _decide(found, State.REJECTED)
    withdraw_proposals([found.uid])
    return found


@transaction.atomic
def edit_insight(*, insight: UUID, actor: User, text: str, expected_revision: int | None = None) -> Insight:
    """Put it as the person wants, which also confirms it: these are their own words. Locks the insight.

    Raises InsightNotFound, PreconditionFailed, and InsightKnown if the session has another one that says so.
    """
    found = _lock(insight, actor, expected_revision)
    if text != found.text:
        found.text, found.fingerprint, found.edited, found.skill = text, fingerprint_of(text), True, None
        _require_new(found)
    _decide(found, State.CONFIRMED)
    _propose(found)
    return found


@transaction.atomic
def state_confidence(*, session: UUID, actor: User, moment: str, value: int) -> Confidence:
    """How sure the person says they feel before or after a session, in whatever state it is; said again, it is so.

    Locks the session. Raises SessionNotFound.
    """
    locked = lock_session(session, actor)
    stated, _ = Confidence.objects.update_or_create(session=locked, moment=moment, defaults={"value": value})
    return stated


def _lock(uid: UUID, actor: User, expected_revision: int | None) -> Insight:
    found = Insight.objects.select_for_update(of=("self",)).select_related("session").filter(user=actor.pk, uid=uid)
    insight = found.first()
    if insight is None:
        raise InsightNotFound
    if expected_revision is not None and expected_revision != insight.revision:
        raise PreconditionFailed("Read it again and apply your change to the newest version.")
    return insight


def _decide(insight: Insight, state: Insight.State) -> None:
    insight.state, insight.decided_at = state, now()
    insight.revision += 1
    insight.save()


def _propose(insight: Insight) -> None:
    if insight.kind == Insight.Kind.ACTION_ITEM:
        propose_mission(
            user_id=insight.user_id,
            traveler_id=insight.session.traveler_id,
            origin=insight.uid,
            session=insight.session.uid,
            text=insight.text,
        )


def _require_new(insight: Insight) -> None:
    same = Insight.objects.filter(
        session=insight.session_id, kind=insight.kind, fingerprint=insight.fingerprint
    ).exclude(pk=insight.pk)
    if same.exists():
        raise InsightKnown
