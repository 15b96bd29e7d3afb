"""What an engine gets to see of a turn: the context of the call, composed out of our own rows, and what is said now."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from consciousness.context import Candidate, Context, Kind, Origin, compose
from consciousness.crisis import require_calm
from consciousness.disclosure import WORDS, telling_about
from consciousness.models import Message, Session, Turn
from consciousness.selectors.context import Hints, Wanted, candidates_for, hints_for
from mentors.engines import Ask, Budget, Conversation, Engine
from mentors.selectors import project_for
from timetravelers.kit.clock import now
from timetravelers.kit.disclosure import Telling, Withheld
from timetravelers.kit.tags import Category

NO_HINTS = Hints()


@dataclass(frozen=True, slots=True)
class Parcel:
    """What goes to an engine, and what a receipt says of it: kinds of data, bytes, and the memories that were used."""

    ask: Ask
    categories: frozenset[Category]
    size: int
    memories: tuple[str, ...] = ()

    def with_files(self, references: Sequence[str]) -> "Parcel":
        """The same, and files that the engine has taken already, each under a receipt of its own."""
        return replace(self, ask=replace(self.ask, files=tuple(references)))


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


def hints_of(turn: Turn) -> Hints:
    """What of earlier days fits a turn's words. It computes, and may take its time: not for transactions."""
    said = turn.messages.filter(author=Message.Author.USER).order_by("pk").values_list("text", flat=True)
    return hints_for(turn.session, "\n\n".join(said), turn.created_at)


def parcel_for_task(turn: Turn, conversation: Conversation, engine: Engine, hints: Hints = NO_HINTS) -> Parcel:
    """For an engine that keeps conversations: all that a new one begins with, or what an old one has not heard.

    A project that holds the Traveler's instructions takes their place, unless a send by it has failed.
    Raises Withheld without a live consent.
    """
    telling = telling_about(turn.session.user_id)
    project = None if conversation.task else _project_of(turn, conversation)
    context = context_of(turn, telling, engine.budget, hints, task=conversation.task, in_project=project is not None)
    ask = Ask(mark_of(turn), references_of(turn)[-1], context.words, context.told(), project=project)
    return _parcel(ask, telling, context)


def parcel_for_reply(turn: Turn, engine: Engine, hints: Hints = NO_HINTS) -> Parcel:
    """For an engine that answers at once and remembers nothing: everything. Raises Withheld."""
    telling = telling_about(turn.session.user_id)
    context = context_of(turn, telling, engine.budget, hints)
    mark = " ".join([mark_of(turn), *("again" for _ in turn.asked_by)])
    ask = Ask(mark, mark, context.words, context.told_without_turns(), context.exchanges())
    return _parcel(ask, telling, context)


def context_of(
    turn: Turn, telling: Telling, budget: Budget, hints: Hints, *, task: str = "", in_project: bool = False
) -> Context:
    """What is told with a turn's words: everything, or what a task has not heard. Raises Withheld."""
    words = _words_of(turn, telling)
    wanted = Wanted(turn.session, turn.pk, task, in_project, budget.tokens, hints)
    return compose(candidates_for(wanted, telling), words, budget)


def context_after(
    session: Session, text: str, telling: Telling, budget: Budget, *, task: str = "", in_project: bool = False
) -> Context:
    """The same for words that have not been said yet, after all that was said; without any, for what would precede."""
    wanted = Wanted(session, None, task, in_project, budget.tokens, hints_for(session, text, now()))
    words = Candidate(Kind.WORDS, text, (Origin("draft", ""),)) if text else None
    return compose(candidates_for(wanted, telling), words, budget)


def _words_of(turn: Turn, telling: Telling) -> Candidate:
    """All that the person said in a turn, as one message; raises Withheld if it may not leave, and InDanger."""
    said = turn.messages.filter(author=Message.Author.USER).order_by("pk").values_list("uid", "text")
    rows = telling.take(lambda: list(said), WORDS)
    if not rows:
        raise Withheld
    words = "\n\n".join(text for _, text in rows)
    # The step that began heard the same, but more may have been said into the turn since.
    require_calm(words)
    return Candidate(Kind.WORDS, words, tuple(Origin("message", str(uid)) for uid, _ in rows))


def _project_of(turn: Turn, conversation: Conversation) -> str | None:
    if conversation.account is None or turn.attempts > 1:
        return None
    return project_for(turn.session.version, conversation.account)


def _parcel(ask: Ask, telling: Telling, context: Context) -> Parcel:
    texts = [ask.told, ask.words, *(text for one in ask.transcript for text in (one.said, one.answered))]
    size = sum(len(text.encode(errors="replace")) for text in texts)
    return Parcel(ask, frozenset(telling.categories), size, tuple(context.uids_of("memory")))
