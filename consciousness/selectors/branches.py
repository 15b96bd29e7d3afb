"""The tree of a session's turns, for the phone: each with its place beside what was said or answered instead."""

from typing import Any

from django.db.models import Case, OuterRef, Prefetch, QuerySet, Subquery, When

from accounts.models import User
from consciousness.models import File, Message, Rating, Session, Turn
from consciousness.selectors.counting import number_of

REPLIES = Message.objects.filter(author=Message.Author.TRAVELER)


def tree_of(session: Session) -> QuerySet[Turn]:
    """Every turn of the session as it was begun, with `place` among `siblings`, and the number of its `replies`."""
    turns = session.turns.select_related("parent")
    return turns.annotate(**_places(""), replies=number_of(REPLIES.filter(turn=OuterRef("pk"))))


def messages_in(session: Session, actor: User, *, whole: bool = False) -> QuerySet[Message]:
    """What stands on the branch in view, in the order in which it was said; the `whole` tree if asked for.

    Each with `place` of its turn among `siblings`, a reply with `reply_place` among `replies` and the actor's `stars`.
    """
    ready = File.objects.filter(state=File.State.READY).order_by("pk")
    said = session.messages.select_related("turn__parent").prefetch_related(Prefetch("files", ready))
    if not whole:
        said = said.filter(turn__on_branch=True, superseded_at__isnull=True)
    beside = REPLIES.filter(turn=OuterRef("turn"))
    ratings = Rating.objects.filter(message=OuterRef("pk"), user=actor)
    return said.annotate(
        **_places("turn__"),
        replies=number_of(beside),
        reply_place=number_of(beside.filter(pk__lte=OuterRef("pk"))),
        stars=Subquery(ratings.values("stars")),
    )


def _places(turn: str) -> dict[str, Any]:
    """The turn's place among those that follow the same turn, and their number."""
    until = {"pk__lte": OuterRef(f"{turn}pk")}
    return {"place": _beside(turn, until), "siblings": _beside(turn, {})}


def _beside(turn: str, which: dict[str, Any]) -> Case:
    # What follows nothing is found by another index than what follows a turn.
    first = Turn.objects.filter(session=OuterRef("session"), parent__isnull=True, **which)
    later = Turn.objects.filter(parent=OuterRef(f"{turn}parent"), **which)
    return Case(When(**{f"{turn}parent__isnull": True}, then=number_of(first)), default=number_of(later))
