"""What turns and memories say, as recall reads it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from consciousness.models import Message
from consciousness.recall import Passage


@dataclass(frozen=True, slots=True)
class Spoken:
    """What stands of a turn, and in which messages."""

    turn: UUID
    session: UUID
    at: datetime
    said: str
    answered: str
    messages: tuple[UUID, ...]

    @property
    def passage(self) -> Passage:
        return Passage(self.turn, self.at, self.said, self.answered)


_COLUMNS = ("turn_id", "turn__uid", "turn__session__uid", "turn__created_at", "uid", "author", "text")


def spoken_in(turns: Collection[int]) -> dict[int, Spoken]:
    """What stands of each of these turns, by key; those without a word, or withheld, are missing. One query.

    A card that the house put in place of a reply is none of the conversation.
    """
    standing = Message.objects.filter(
        turn__in=turns, turn__withheld=False, superseded_at__isnull=True, kind=""
    ).order_by("pk")
    lines: dict[int, list[tuple[UUID, UUID, datetime, UUID, str, str]]] = {}
    for turn, *line in standing.values_list(*_COLUMNS):
        lines.setdefault(turn, []).append(tuple(line))
    return {turn: _spoken(said) for turn, said in lines.items()}


def _spoken(lines: list[tuple[UUID, UUID, datetime, UUID, str, str]]) -> Spoken:
    turn, session, at, *_ = lines[0]
    texts: dict[str, list[str]] = {Message.Author.USER: [], Message.Author.TRAVELER: []}
    for *_, author, text in lines:
        texts[author].append(text)
    return Spoken(
        turn=turn,
        session=session,
        at=at,
        said="\n".join(texts[Message.Author.USER]),
        answered="\n".join(texts[Message.Author.TRAVELER]),
        messages=tuple(uid for *_, uid, _, _ in lines),
    )
