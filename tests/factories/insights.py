"""What came out of sessions, for tests."""

from typing import Any

from consciousness.models import Confidence, Insight, InsightSource, Message, Reflection, Session
from consciousness.services.remembering import fingerprint_of
from missions.models import MissionProposal
from timetravelers.kit.clock import now


def make_insight(message: Message, text: str = "Learn SQL.", **facts: Any) -> Insight:
    """Something that was drawn from a message: an action item that nobody has said anything about, unless told."""
    session = message.session
    given = {"kind": "action_item", "engine": "manus", **facts}
    if given.get("state", "proposed") != "proposed":
        given.setdefault("decided_at", now())
    insight = Insight.objects.create(
        user_id=session.user_id, session=session, text=text, fingerprint=fingerprint_of(text), **given
    )
    InsightSource.objects.create(insight=insight, message=message)
    return insight


def make_proposal(insight: Insight, **facts: Any) -> MissionProposal:
    """What became of an action item."""
    session = insight.session
    given = {"text": insight.text, "traveler_id": session.traveler_id, "session": session.uid, **facts}
    return MissionProposal.objects.create(user_id=insight.user_id, origin=insight.uid, **given)


def make_hindsight(session: Session) -> Reflection:
    """A session that was looked back on, and how sure the person felt before it."""
    Confidence.objects.create(session=session, moment="before", value=4)
    return Reflection.objects.create(session=session, state="done", due_at=now(), ended_at=now())
