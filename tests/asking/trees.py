"""A session whose turns are a tree: each followed by the next, with another beside it, and replies to choose from."""

from __future__ import annotations

from uuid import UUID

from consciousness.models import Message, Rating, Reading, Session, Turn
from timetravelers.kit.clock import now


def grow_tree(session: Session) -> dict[str, UUID]:
    """Make a tree of a session's turns, of which nothing is under way; what in it may be asked for."""
    turns = list(session.turns.order_by("pk"))
    beside = []
    for depth, (parent, turn) in enumerate(zip([None, *turns], turns, strict=False)):
        Turn.objects.filter(pk=turn.pk).update(parent=parent, depth=depth)
        ended = {"state": "cancelled", "due_at": now(), "ended_at": now(), "on_branch": False}
        beside.append(Turn.objects.create(session=session, parent=parent, depth=depth, **ended))
        Message.objects.create(session=session, turn=beside[-1], author="user", text="Or?", client_id=f"or {depth}")
    Session.objects.filter(pk=session.pk).update(head=turns[-1])
    former = Message.objects.create(
        session=session, turn=turns[-1], author="traveler", text="Well.", engine="manus", superseded_at=now()
    )
    replies = list(session.messages.filter(author="traveler", superseded_at__isnull=True))
    for reply in replies:
        Rating.objects.create(session=session, message=reply, user=session.user, stars=4, feedback="Good.")
    Rating.objects.create(session=session, user=session.user, stars=4, feedback="Good.")
    Reading.objects.create(session=session, user=session.user, seq=1, updated_at=now())
    return {
        "tree": session.uid,
        "last": turns[-1].uid,
        "beside": beside[-1].uid,
        "former": former.uid,
        "rated": replies[0].uid,
    }
