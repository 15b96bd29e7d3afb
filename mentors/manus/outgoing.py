"""What is asked of the Manus API v2, as typed structs: one a call, what is not said is not sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec


class TextPart(msgspec.Struct, frozen=True, tag_field="type", tag="text"):
    text: str


class FilePart(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="type", tag="file"):
    """A file by exactly one of its id at Manus, a public address, and a data URL (which needs a `filename`)."""

    file_id: str | None = None
    file_url: str | None = None
    file_data: str | None = None
    filename: str | None = None
    mime_type: str | None = None

    def __post_init__(self) -> None:
        if sum(source is not None for source in (self.file_id, self.file_url, self.file_data)) != 1:
            raise ValueError("a file is given by exactly one of file_id, file_url, file_data")
        if self.file_data is not None and self.filename is None:
            raise ValueError("file_data needs a filename")


class VoicePart(FilePart, frozen=True, kw_only=True, tag_field="type", tag="voice"):
    """Speech, to be written down by Manus."""


Part = TextPart | FilePart | VoicePart
Content = str | Sequence[Part | Mapping[str, str]]


class Ask(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Base of all requests; each default here is the provider's, or means "not said"."""


class Message(Ask, frozen=True):
    content: Content


class CreateTask(Ask, frozen=True):
    message: Message
    title: str | None = None
    project_id: str | None = None
    locale: str | None = None
    interactive_mode: bool = False
    hide_in_task_list: bool = False
    agent_profile: str | None = None
    structured_output_schema: Mapping[str, Any] | None = None


class SendMessage(Ask, frozen=True):
    task_id: str
    message: Message
    agent_profile: str | None = None
    structured_output_schema: Mapping[str, Any] | None = None


class ListMessages(Ask, frozen=True):
    task_id: str
    cursor: str | None = None
    limit: int = 50
    order: str = "desc"
    verbose: bool = False


class TaskId(Ask, frozen=True):
    """For task.detail, task.stop and task.delete."""

    task_id: str


class ListTasks(Ask, frozen=True):
    cursor: str | None = None
    limit: int = 20
    order: str = "desc"
    scope: str = "all"
    project_id: str | None = None


class UpdateTask(Ask, frozen=True):
    task_id: str
    title: str | None = None
    share_visibility: str | None = None
    enable_visible_in_task_list: bool | None = None


class ConfirmAction(Ask, frozen=True):
    task_id: str
    event_id: str
    input: Mapping[str, Any] | None = None


class CreateProject(Ask, frozen=True):
    name: str
    instruction: str | None = None


class OpenUpload(Ask, frozen=True):
    filename: str


class FileId(Ask, frozen=True):
    """For file.detail and file.delete."""

    file_id: str


class CreateWebhook(Ask, frozen=True):
    url: str


class WebhookId(Ask, frozen=True):
    webhook_id: str


class Page(Ask, frozen=True):
    """For usage.list."""

    cursor: str | None = None
    limit: int = 20


class Nothing(Ask, frozen=True):
    """For what needs no telling: project.list, webhook.list, webhook.publicKey, usage.availableCredits."""
