"""What an engine gets to see of a turn: the briefing, what was said before, and what the person says now."""

from dataclasses import dataclass

from django.db.models import QuerySet

from consciousness.disclosure import WORDS, telling_about
from consciousness.models import Message, Session, Turn
from consciousness.selectors.briefings import briefing_of, words_of
from mentors.engines import Ask, Conversation, Exchange
from mentors.manus.tokens import MESSAGE_TOKEN_LIMIT, estimated_tokens
from mentors.recap import compose_recap
from mentors.selectors import project_for
from timetravelers.kit.disclosure import Telling
from timetravelers.kit.tags import Category

MOST_EXCHANGES = 40
# Headings, quotation marks and what the estimate may be off by.
SPARE_TOKENS = 100


@dataclass(frozen=True, slots=True)
class Parcel:
    """What goes to an engine, and what a receipt says of it: kinds of data, and bytes."""

    ask: Ask
    categories: frozenset[Category]
    size: int


def mark_of(turn: Turn) -> str:
    """What every reference of a turn begins with."""
    return f"TimeTravelers {turn.uid.hex}"


def references_of(turn: Turn, after: int = 0) -> list[str]:
    """The titles under which creates of the turn can be found again at the provider, one an attempt.

    Those of the first so many sends are left out: `turn.sends_before` for the reply that is wanted now.
    """
    return [f"{mark_of(turn)} {number}" for number in range(after + 1, turn.sends + 1)]


def conversation_of(session: Session, account: int | None = None) -> Conversation:
    """Where the session's conversation is held; without one, on that account it is to begin."""
    known = session.provider_account_id if session.provider_task else account
    return Conversation(known, session.provider_task, session.provider_cursor)


def parcel_for_task(turn: Turn, conversation: Conversation) -> Parcel:
    """For an engine that keeps conversations: all that a new one begins with, or what an old one has not heard.

    A project that holds the Traveler's instructions takes their place, unless a send by it has failed.
    Raises Withheld without a live consent.
    """
    telling = telling_about(turn.session.user_id)
    words = words_of(turn, telling)
    mark, reference = mark_of(turn), references_of(turn)[-1]
    if conversation.task:
        missed = compose_recap(_unheard(turn, conversation.task, telling), _room(words))
        return _parcel(Ask(mark, reference, words, "", missed=missed), telling, missed, words)
    project = _project_of(turn, conversation)
    briefing = briefing_of(turn.session, telling, in_project=project is not None)
    opening = briefing + compose_recap(exchanges_before(turn, telling), _room(briefing, words))
    ask = Ask(mark, reference, words, briefing, opening=opening, project=project)
    return _parcel(ask, telling, opening, words)


def parcel_for_reply(turn: Turn) -> Parcel:
    """For an engine that answers at once and remembers nothing: everything. Raises Withheld."""
    telling = telling_about(turn.session.user_id)
    words = words_of(turn, telling)
    said = exchanges_before(turn, telling)
    mark = " ".join([mark_of(turn), *("again" for _ in turn.asked_by)])
    ask = Ask(mark, mark, words, briefing_of(turn.session, telling), said)
    return _parcel(ask, telling, ask.briefing, words, *(text for one in said for text in (one.said, one.answered)))


def exchanges_before(turn: Turn, telling: Telling) -> list[Exchange]:
    """What was said and answered before this turn on its branch, oldest first; the newest of a long one.

    What was edited away, and replies that were superseded, are on no branch that anybody tells of.
    """
    return _exchanges(_answered_before(turn), telling)


def _project_of(turn: Turn, conversation: Conversation) -> str | None:
    if conversation.account is None or turn.attempts > 1:
        return None
    return project_for(turn.session.version, conversation.account)


def _unheard(turn: Turn, task: str, telling: Telling) -> list[Exchange]:
    """What was said and answered elsewhere since the provider's task heard something last."""
    answered = _answered_before(turn)
    last = answered.filter(heard_in=task).order_by("-pk").values_list("pk", flat=True).first()
    return _exchanges(answered.filter(pk__gt=last) if last else answered, telling)


def _answered_before(turn: Turn) -> QuerySet[Turn]:
    ended = (Turn.State.COMPLETED, Turn.State.WAITING)
    return Turn.objects.filter(session=turn.session, on_branch=True, pk__lt=turn.pk, state__in=ended)


def _exchanges(turns: QuerySet[Turn], telling: Telling) -> list[Exchange]:
    newest = list(turns.order_by("-pk").values_list("pk", flat=True)[:MOST_EXCHANGES])
    return telling.take(lambda: _read_exchanges(newest), WORDS) or []


def _read_exchanges(turns: list[int]) -> list[Exchange]:
    said: dict[int, dict[str, list[str]]] = {turn: {"user": [], "traveler": []} for turn in reversed(turns)}
    messages = Message.objects.filter(turn__in=turns, superseded_at__isnull=True).order_by("pk")
    for turn, author, text in messages.values_list("turn", "author", "text"):
        said[turn][author].append(text)
    return [Exchange("\n\n".join(one["user"]), "\n\n".join(one["traveler"])) for one in said.values()]


def _parcel(ask: Ask, telling: Telling, *texts: str) -> Parcel:
    size = sum(len(text.encode(errors="replace")) for text in texts)
    return Parcel(ask, frozenset(telling.categories), size)


def _room(*texts: str) -> int:
    return MESSAGE_TOKEN_LIMIT - SPARE_TOKENS - sum(map(estimated_tokens, texts))
