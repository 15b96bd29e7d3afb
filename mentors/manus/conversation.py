"""Judges what has become of one turn, out of a task's events, by the documented poll rule."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from mentors.manus.wire import AssistantMessage, Attachment, StatusUpdate, StructuredOutput, TaskEvent

QUESTION_TYPES = frozenset({"messageAskUser", "cascadeAskUser"})


class TurnState(StrEnum):
    """Where a turn stands."""

    RUNNING = "running"
    STOPPED = "stopped"
    WAITING = "waiting"
    ERROR = "error"
    UNKNOWN = "unknown"


ENDED = frozenset({TurnState.STOPPED, TurnState.WAITING, TurnState.ERROR})


@dataclass(frozen=True, slots=True)
class Waiting:
    """What the agent waits for: sendMessage answers it if `by_message`, else confirmAction on `event_id`."""

    event_id: str | None
    event_type: str | None
    by_message: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """One turn as judged; `newest_event_id`, of all events given, is the boundary of the next turn."""

    state: TurnState
    text: str
    attachments: tuple[Attachment, ...]
    question: str | None
    waiting: Waiting | None
    error_type: str | None
    newest_event_id: str | None
    structured: StructuredOutput | None = None


def judge(events: Iterable[TaskEvent], boundary: str | None = None) -> Outcome:
    """Judge the turn that began after the event `boundary`; None means from the beginning of the task.

    Guarantees: the order and repetition of events do not matter; nothing up to the boundary counts; with a
    boundary, nothing before the turn's own user message counts either, so that a late `stopped` of the turn
    before never ends this one; and what follows the end of this turn (the next user message on) is left out.
    """
    ordered = in_order(events)
    turn = _turn_of(_after(ordered, boundary), needs_user_message=boundary is not None)
    update = _last_update(turn)
    state = _state_of(update)
    messages = _messages(turn)
    error = _last_error_type(turn) if state is TurnState.ERROR else None
    return Outcome(
        state=state,
        text=_text(messages),
        attachments=tuple(one for message in messages for one in message.attachments or ()),
        question=_question(update, messages) if state is TurnState.WAITING else None,
        waiting=_waiting(update) if state is TurnState.WAITING else None,
        error_type=error,
        newest_event_id=ordered[-1].id if ordered else None,
        structured=_last_structured(turn),
    )


def in_order(events: Iterable[TaskEvent]) -> list[TaskEvent]:
    """Events oldest first, each once: neither is guaranteed by the provider."""
    unique = {event.id: event for event in events}
    return sorted(unique.values(), key=lambda event: (event.timestamp, event.id))


def _after(ordered: list[TaskEvent], boundary: str | None) -> list[TaskEvent]:
    for index, event in enumerate(ordered):
        if event.id == boundary:
            return ordered[index + 1 :]
    return ordered


def _turn_of(events: Sequence[TaskEvent], *, needs_user_message: bool) -> list[TaskEvent]:
    turn: list[TaskEvent] = []
    state = TurnState.UNKNOWN
    for event in events:
        if event.type == "user_message":
            if state in ENDED:
                break
        elif needs_user_message and not turn:
            continue
        turn.append(event)
        if event.status_update is not None:
            state = _state_of(event.status_update)
    return turn


def _last_update(turn: Sequence[TaskEvent]) -> StatusUpdate | None:
    return next((event.status_update for event in reversed(turn) if event.status_update is not None), None)


def _state_of(update: StatusUpdate | None) -> TurnState:
    try:
        return TurnState(update.agent_status or "") if update is not None else TurnState.UNKNOWN
    except ValueError:
        return TurnState.UNKNOWN


def _messages(turn: Sequence[TaskEvent]) -> list[AssistantMessage]:
    """The messages that make the reply: results if any are marked so, else all but progress, else all."""
    messages = [event.assistant_message for event in turn if event.assistant_message is not None]
    results = [message for message in messages if message.delivery_kind == "result"]
    settled = [message for message in messages if message.delivery_kind != "progress"]
    return results or settled or messages


def _text(messages: Iterable[AssistantMessage]) -> str:
    return "\n\n".join(text for message in messages if (text := (message.content or "").strip()))


def _last_structured(turn: Sequence[TaskEvent]) -> StructuredOutput | None:
    results = [event.structured_output_result for event in turn if event.structured_output_result is not None]
    return results[-1] if results else None


def _last_error_type(turn: Sequence[TaskEvent]) -> str | None:
    errors = [event.error_message for event in turn if event.error_message is not None]
    return errors[-1].error_type if errors else None


def _question(update: StatusUpdate | None, messages: Sequence[AssistantMessage]) -> str | None:
    detail = update.status_detail if update else None
    described = detail.waiting_description if detail else None
    return described or _text(messages[-1:]) or None


def _waiting(update: StatusUpdate | None) -> Waiting | None:
    detail = update.status_detail if update else None
    if detail is None:
        return Waiting(event_id=None, event_type=None, by_message=True)
    return Waiting(
        event_id=detail.waiting_for_event_id,
        event_type=detail.waiting_for_event_type,
        by_message=detail.waiting_for_event_type is None or detail.waiting_for_event_type in QUESTION_TYPES,
    )
