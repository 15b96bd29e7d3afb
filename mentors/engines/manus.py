"""Manus as an engine: conversations are its tasks, answers are found by looking, calls go through accounts."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace

from mentors.engines.port import (
    Answer,
    AnswerState,
    Ask,
    Begun,
    Conversation,
    EngineError,
    Hear,
    Trouble,
)
from mentors.manus import accounts, errors
from mentors.manus.client import ManusClient
from mentors.manus.conversation import Outcome, TurnState, judge

MANUS = "manus"
LOOK_BACK_PAGES = 3
PAGE = 100

_TROUBLES: dict[type[errors.ManusError], Trouble] = {
    errors.Throttled: Trouble.BUSY,
    errors.CircuitOpen: Trouble.BUSY,  # nothing was sent
    errors.RateLimited: Trouble.BUSY,
    errors.NotVisibleYet: Trouble.DOWN,
    errors.NotFound: Trouble.LOST,
    errors.InvalidRequest: Trouble.BAD_WORDS,
    errors.Authentication: Trouble.SHUT,
    errors.PermissionDenied: Trouble.SHUT,
    errors.QuotaExceeded: Trouble.SPENT,
}


class ManusEngine:
    """Talks to whichever account a conversation belongs to."""

    name = MANUS
    recipient = "Manus"
    is_stand_in = False
    answers_at_once = False
    longest_silence = 0.0

    def is_usable(self, account: int | None = None) -> bool:
        usable = accounts.usable()
        return bool(usable) if account is None else any(one.pk == account for one in usable)

    def boundary(self, conversation: Conversation) -> Conversation:
        if not conversation.task:
            return replace(conversation, cursor="")
        with _calling(conversation) as client:
            page = client.list_messages(conversation.task, limit=1)
        return replace(conversation, cursor=page.messages[0].id if page.messages else "")

    def begin(self, ask: Ask, conversation: Conversation, hear: Hear) -> Begun:
        with _calling(conversation) as client:
            if conversation.task:
                client.send_message(conversation.task, _parts(ask.missed, ask.words))
                return Begun(conversation)
            # Hidden tasks might be hidden from task.list too, which is how a lost create is found again.
            created = client.create_task(
                _parts(ask.opening, ask.words),
                title=ask.reference,
                project_id=ask.project,
                hide_in_task_list=False,
            )
        return Begun(replace(conversation, task=created.task_id))

    def find(self, references: Collection[str], conversation: Conversation) -> list[Conversation]:
        with _calling(conversation) as client:
            if conversation.task:
                return [conversation] if _heard(client, conversation) else []
            return [replace(conversation, task=task) for task in reversed(list(_titled(client, references)))]

    def look(self, conversation: Conversation) -> Answer:
        with _calling(conversation) as client:
            found = client.events_after(conversation.task, conversation.cursor or None)
        outcome = judge(found.events, conversation.cursor or None)
        return Answer(_state_of(outcome), outcome.question or outcome.text, found.simulated)

    def credits(self, conversation: Conversation) -> int | None:
        with _calling(conversation) as client:
            return client.task_detail(conversation.task).task.credit_usage

    def stop(self, conversation: Conversation) -> None:
        with _calling(conversation) as client:
            client.stop_task(conversation.task)

    def delete(self, conversation: Conversation) -> None:
        with _calling(conversation) as client:
            with suppress(errors.Precondition, errors.InvalidRequest):  # there is nothing to stop
                client.stop_task(conversation.task)
            client.delete_task(conversation.task)


@contextmanager
def _calling(conversation: Conversation) -> Iterator[ManusClient]:
    """The client of the conversation's account; Manus' errors come out as the port's."""
    if conversation.account is None:
        raise EngineError(Trouble.SHUT)
    try:
        yield accounts.client_of(conversation.account)
    except errors.CircuitOpen as problem:
        # What we took for usable was read before it opened.
        accounts.forget_rows()
        raise translated(problem) from problem
    except errors.ManusError as problem:
        raise translated(problem) from problem


def translated(problem: errors.ManusError) -> EngineError:
    """What an error of the client's means for a turn."""
    trouble = next((_TROUBLES[kind] for kind in type(problem).__mro__ if kind in _TROUBLES), Trouble.DOWN)
    return EngineError(trouble, ambiguous=problem.ambiguous, retry_after=getattr(problem, "retry_after", None))


def _parts(*texts: str) -> list[dict[str, str]]:
    return [{"type": "text", "text": text} for text in texts if text]


def _heard(client: ManusClient, conversation: Conversation) -> bool:
    """Whether a message of ours arrived after the cursor."""
    events = client.events_after(conversation.task, conversation.cursor or None).events
    return any(event.type == "user_message" for event in events)


def _titled(client: ManusClient, titles: Collection[str]) -> Iterator[str]:
    """The newest tasks with one of these titles, newest first."""
    cursor = None
    for _ in range(LOOK_BACK_PAGES):
        page = client.list_tasks(cursor=cursor, limit=PAGE)
        yield from (task.id for task in page.data if task.title in titles)
        cursor = page.next_cursor
        if not page.has_more or not cursor:
            return


def _state_of(outcome: Outcome) -> AnswerState:
    match outcome.state:
        case TurnState.STOPPED:
            return AnswerState.REPLIED if outcome.text else AnswerState.MUTE
        case TurnState.WAITING if outcome.waiting is not None and not outcome.waiting.by_message:
            return AnswerState.WANTS_TO_ACT
        case TurnState.WAITING:
            return AnswerState.ASKED if outcome.question else AnswerState.MUTE
        case TurnState.ERROR:
            return AnswerState.FAILED
        case _:
            return AnswerState.WORKING
