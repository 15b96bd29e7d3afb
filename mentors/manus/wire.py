"""Frames of the Manus API v2 as typed structs; unknown fields are kept and ignored, int64 may come as a string."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Any, TypeVar

import msgspec

FrameT = TypeVar("FrameT", bound="Frame")

_NOTHING: Mapping[str, Any] = MappingProxyType({})
_OURS = "simulated"


class Frame(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """Base of everything read from the wire."""

    @property
    def unknown(self) -> Mapping[str, Any]:
        """The fields that came and that this version has no name for."""
        found: Mapping[str, Any] = self.__dict__.get("unknown", _NOTHING)
        return found


class ProviderError(Frame, frozen=True):
    code: str | None = None
    message: str | None = None


class Envelope(Frame, frozen=True):
    """What every answer carries; the client sets `simulated` from a header, whatever the body says."""

    ok: bool = False
    request_id: str | None = None
    error: ProviderError | None = None
    simulated: bool = False


class Attachment(Frame, frozen=True):
    type: str | None = None
    filename: str | None = None
    url: str | None = None
    content_type: str | None = None


class UserMessage(Frame, frozen=True):
    content: str | None = None
    message_type: str | None = None
    attachments: list[Attachment] | None = None


class QuestionExpectation(Frame, frozen=True):
    response_method: str | None = None
    options: list[str] | None = None
    selection_mode: str | None = None


class AssistantMessage(Frame, frozen=True):
    content: str | None = None
    attachments: list[Attachment] | None = None
    delivery_kind: str | None = None
    question_expectation: QuestionExpectation | None = None


class ErrorMessage(Frame, frozen=True):
    error_type: str | None = None
    content: str | None = None


class WaitingDetail(Frame, frozen=True):
    waiting_for_event_id: str | None = None
    waiting_for_event_type: str | None = None
    waiting_description: str | None = None
    confirm_input_schema: dict[str, Any] | None = None


class StatusUpdate(Frame, frozen=True):
    agent_status: str | None = None
    status_detail: WaitingDetail | None = None
    brief: str | None = None
    description: str | None = None


class StructuredOutput(Frame, frozen=True):
    success: bool = False
    value: dict[str, Any] | None = None
    error: str | None = None


class Explanation(Frame, frozen=True):
    content: str | None = None


class TaskEvent(Frame, frozen=True):
    """One event of a task; `timestamp` is Unix milliseconds; types unknown to us carry no payload here."""

    id: str
    type: str
    timestamp: int
    user_message: UserMessage | None = None
    assistant_message: AssistantMessage | None = None
    error_message: ErrorMessage | None = None
    status_update: StatusUpdate | None = None
    structured_output_result: StructuredOutput | None = None
    explanation: Explanation | None = None


class Task(Frame, frozen=True):
    id: str
    status: str | None = None
    created_at: int | None = None
    updated_at: int | None = None
    task_type: str | None = None
    share_visibility: str | None = None
    title: str | None = None
    credit_usage: int | None = None
    task_url: str | None = None
    agent_profile: str | None = None
    has_running_background_jobs: bool | None = None


class Project(Frame, frozen=True):
    id: str
    name: str | None = None
    created_at: int | None = None
    instruction: str | None = None


class StoredFile(Frame, frozen=True):
    """A file at Manus, as file.upload (without its size) and file.detail tell of it."""

    id: str
    filename: str | None = None
    status: str | None = None
    created_at: int | None = None
    bytes: int | None = None
    content_type: str | None = None
    expires_at: int | None = None
    error_message: str | None = None


class Webhook(Frame, frozen=True):
    id: str
    url: str | None = None
    status: str | None = None
    created_at: int | None = None


class UsageRecord(Frame, frozen=True):
    task_id: str | None = None
    title: str | None = None
    credits: int = 0
    created_at: int | None = None
    type: str | None = None


class Credits(Frame, frozen=True):
    total_credits: int
    free_credits: int | None = None
    periodic_credits: int | None = None
    addon_credits: int | None = None
    refresh_credits: int | None = None
    next_refresh_time: int | None = None


class TaskCreated(Envelope, frozen=True, kw_only=True):
    task_id: str
    task_title: str | None = None
    task_url: str | None = None


class MessageSent(Envelope, frozen=True):
    task_id: str | None = None


class MessagesPage(Envelope, frozen=True, kw_only=True):
    messages: list[TaskEvent]
    task_id: str | None = None
    has_more: bool = False
    next_cursor: str | None = None


class TaskAnswer(Envelope, frozen=True, kw_only=True):
    task: Task


class TaskPage(Envelope, frozen=True, kw_only=True):
    data: list[Task]
    has_more: bool = False
    next_cursor: str | None = None


class TaskUpdated(Envelope, frozen=True):
    task_id: str | None = None
    task_title: str | None = None
    task_url: str | None = None
    share_visibility: str | None = None


class Deleted(Envelope, frozen=True):
    id: str | None = None
    deleted: bool = False


class Confirmed(Envelope, frozen=True):
    task_id: str | None = None
    confirmed: bool = False


class ProjectAnswer(Envelope, frozen=True, kw_only=True):
    project: Project


class ProjectList(Envelope, frozen=True, kw_only=True):
    data: list[Project]


class UploadOpened(Envelope, frozen=True, kw_only=True):
    """A record for a file, and where to put its bytes until when (Unix seconds)."""

    file: StoredFile
    upload_url: str
    upload_expires_at: int | None = None


class FileAnswer(Envelope, frozen=True, kw_only=True):
    file: StoredFile


class WebhookAnswer(Envelope, frozen=True, kw_only=True):
    webhook: Webhook


class WebhookList(Envelope, frozen=True, kw_only=True):
    data: list[Webhook]


class PublicKey(Envelope, frozen=True, kw_only=True):
    public_key: str
    algorithm: str | None = None


class UsagePage(Envelope, frozen=True, kw_only=True):
    data: list[UsageRecord]
    has_more: bool = False
    next_cursor: str | None = None


class CreditsAnswer(Envelope, frozen=True, kw_only=True):
    data: Credits


class WebhookAttachment(Frame, frozen=True):
    file_name: str
    url: str
    size_bytes: int = 0


class WebhookTaskDetail(Frame, frozen=True):
    task_id: str
    task_title: str | None = None
    task_url: str | None = None
    message: str | None = None
    attachments: list[WebhookAttachment] | None = None
    stop_reason: str | None = None
    structured_output: StructuredOutput | None = None


class WebhookDelivery(Frame, frozen=True):
    """Body of a webhook request. A test request, whose payload is not documented, has no `task_detail`."""

    event_id: str | None = None
    event_type: str | None = None
    task_detail: WebhookTaskDetail | None = None


def decode(body: bytes, shape: type[FrameT]) -> FrameT:
    """Read one frame; raises msgspec.MsgspecError on anything that is not the shape.

    Numbers and booleans may come as strings. What has no name here is kept in `unknown`, at every level.
    """
    try:
        plain = msgspec.json.decode(body)
    except (UnicodeDecodeError, RecursionError) as exc:
        raise msgspec.DecodeError("not readable JSON") from exc
    frame = msgspec.convert(plain, shape, strict=False)
    _keep_unknown(frame, plain)
    return frame


def decode_strictly(body: bytes, shape: type[FrameT]) -> FrameT:
    """Read one frame whose values have exactly the documented types, keeping nothing else."""
    try:
        return msgspec.json.decode(body, type=shape)
    except (UnicodeDecodeError, RecursionError) as exc:
        raise msgspec.DecodeError("not readable JSON") from exc


def encode(frame: Frame) -> bytes:
    """The frame as it may have come, fields unknown to us included; what is not there is left out."""
    return msgspec.json.encode(_plain(frame))


def _keep_unknown(value: object, plain: object) -> None:
    if isinstance(value, list) and isinstance(plain, list):
        for one, origin in zip(value, plain, strict=True):
            _keep_unknown(one, origin)
    elif isinstance(value, Frame) and isinstance(plain, dict):
        names = _names(type(value))
        if unknown := {key: kept for key, kept in plain.items() if key not in names}:
            value.__dict__["unknown"] = unknown
        for name in names & plain.keys():
            _keep_unknown(getattr(value, name), plain[name])


def _plain(value: object) -> object:
    if isinstance(value, list):
        return [_plain(one) for one in value]
    if not isinstance(value, Frame):
        return value
    named = {name: _plain(getattr(value, name)) for name in _names(type(value)) - {_OURS}}
    return {**value.unknown, **{name: one for name, one in named.items() if one is not None}}


@cache
def _names(shape: type[Frame]) -> frozenset[str]:
    return frozenset(shape.__struct_fields__)
