"""What was said in a session, numbered for looking back on it."""

from dataclasses import dataclass

from django.db.models import QuerySet

from consciousness.models import ContextMark, Message, Session
from mentors.minutes import Minute

MOST_MESSAGES = 600


@dataclass(frozen=True, slots=True)
class Numbers:
    """The keys of messages by their numbers, and which of them are the person's own."""

    keys: dict[int, int]
    own: frozenset[int]


def minutes_of(session: Session) -> list[Minute]:
    """The newest of what stands on the branch in view, oldest first, by the number of the event that reported it.

    Words of somebody in danger, and the card they were shown, are not among it, nor what is excluded from calls.
    """
    rows = _standing(session).order_by("-seq").values_list("seq", "author", "text")[:MOST_MESSAGES]
    return [Minute(seq, author == Message.Author.USER, text) for seq, author, text in reversed(rows) if seq is not None]


def numbers_of(session: Session) -> Numbers:
    """The same without the words: what an answer may point to now; a message that was deleted since is not there."""
    rows = _standing(session).values_list("seq", "pk", "author")
    keys = {seq: key for seq, key, _ in rows if seq is not None}
    return Numbers(keys, frozenset(seq for seq, _, author in rows if seq in keys and author == Message.Author.USER))


def _standing(session: Session) -> QuerySet[Message]:
    messages = Message.objects.filter(session=session, turn__on_branch=True, turn__withheld=False)
    return messages.filter(superseded_at__isnull=True, seq__isnull=False).exclude(
        turn__in=ContextMark.objects.turns_kept_out(session.pk)
    )
