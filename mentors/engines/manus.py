"""Manus as an engine: conversations are its tasks, answers are found by looking, calls go through accounts."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import IO, Any, BinaryIO
from urllib.parse import urlsplit

from django.conf import settings

from mentors.engines.counting import Budget
from mentors.engines.port import (
    Answer,
    AnswerState,
    Ask,
    Attached,
    Begun,
    Conversation,
    EngineError,
    Hear,
    Offered,
    Trouble,
)
from mentors.manus import accounts, errors
from mentors.manus.client import ManusClient
from mentors.manus.conversation import ENDED, Outcome, TurnState, judge
from mentors.manus.downloads import Bounds, fetch
from mentors.manus.outgoing import FilePart, Part, TextPart
from mentors.manus.tokens import MESSAGE_TOKEN_LIMIT, estimated_tokens
from mentors.manus.transport import is_loopback

MANUS = "manus"
LOOK_BACK_PAGES = 3
PAGE = 100
SPARE_TOKENS = 100
# The provider says how long it keeps a file; where it does not, this is what it documents.
KEPT = timedelta(hours=48)

_TROUBLES: dict[type[errors.ManusError], Trouble] = {
    errors.Throttled: Trouble.BUSY,
    errors.CircuitOpen: Trouble.BUSY,  # nothing was sent
    errors.RateLimited: Trouble.BUSY,
    errors.NotVisibleYet: Trouble.DOWN,
    errors.NotFound: Trouble.LOST,
    errors.InvalidRequest: Trouble.BAD_WORDS,
    errors.UploadRejected: Trouble.BAD_WORDS,
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
    takes_files = True
    longest_silence = 0.0

    @property
    def budget(self) -> Budget:
        """Of one message, by the provider's own estimate, which is off by some."""
        return Budget(MESSAGE_TOKEN_LIMIT - SPARE_TOKENS, estimated_tokens)

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
                client.send_message(conversation.task, _parts(ask), structured_output_schema=ask.schema)
                return Begun(conversation)
            # Hidden tasks might be hidden from task.list too, which is how a lost create is found again.
            created = client.create_task(
                _parts(ask),
                title=ask.reference,
                project_id=ask.project,
                hide_in_task_list=False,
                structured_output_schema=ask.schema,
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
        text = outcome.question or outcome.text
        return Answer(_state_of(outcome), text, found.simulated, _offers(outcome), _value_of(outcome))

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

    def attach(self, account: int, name: str, body: BinaryIO, size: int) -> Attached:
        with _calling(Conversation(account)) as client:
            file = client.upload_file(name, body, size=size).file
        until = datetime.now(UTC) + KEPT if file.expires_at is None else datetime.fromtimestamp(file.expires_at, UTC)
        return Attached(file.id, until)

    def detach(self, account: int, reference: str) -> None:
        with _calling(Conversation(account)) as client:
            client.delete_file(reference)

    def fetch(self, address: str, into: IO[bytes], most: int) -> None:
        is_local = is_loopback(urlsplit(settings.MANUS_BASE_URL).hostname or "")
        try:
            fetch(address, into, Bounds(settings.MANUS_FILE_HOSTS, is_local, most))
        except errors.ManusError as problem:
            raise translated(problem) from problem


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


def _parts(ask: Ask) -> list[Part]:
    texts = [TextPart(text) for text in (ask.told, ask.words) if text]
    return [*texts, *(FilePart(file_id=reference) for reference in ask.files)]


def _value_of(outcome: Outcome) -> Any:
    """What a schema was filled with; what comes with a failure is zeros, and nothing."""
    result = outcome.structured
    return result.value if result is not None and result.success else None


def _offers(outcome: Outcome) -> tuple[Offered, ...]:
    """The files of an answer that has ended, each once."""
    if outcome.state not in ENDED:
        return ()
    found = {one.url: one.filename or "" for one in outcome.attachments if one.url}
    return tuple(Offered(name, url) for url, name in found.items())


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
        case TurnState.STOPPED if outcome.structured is not None and not outcome.structured.success:
            return AnswerState.FAILED
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
