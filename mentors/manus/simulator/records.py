"""What the simulator remembers: tasks with their events, projects, files, webhooks, the credit ledger."""

from __future__ import annotations

from typing import Any

import msgspec

from mentors.manus.simulator.ids import digest_id

VERBOSE_TYPES = frozenset({"tool_used", "plan_update", "new_plan_step", "explanation"})

Json = dict[str, Any]


class TaskRecord(msgspec.Struct, kw_only=True):
    """One task; `run` counts turns begun, `heard` holds what the person said in the turns behind us.

    `visible_at` is the moment (Unix seconds) from which reads find the task; `armed_schema` waits for the next finish;
    `waiting_schema` is what the answer to a pending action must fit.
    """

    id: str
    title: str
    status: str
    created_at: int
    updated_at: int
    share_visibility: str = "private"
    project_id: str | None = None
    run: int = 0
    credit_usage: int = 0
    waiting_for: str | None = None
    waiting_type: str | None = None
    waiting_schema: Json | None = None
    armed_schema: Json | None = None
    visible_at: float = 0.0
    listed: bool = True
    background: bool = False
    locale: str | None = None
    first_parts: list[str] = []
    heard: list[tuple[str, str]] = []
    unanswered: list[list[str]] = []
    events: list[Json] = []

    @property
    def url(self) -> str:
        return f"https://manus.im/app/{self.id}"

    def add_event(self, now_ms: int, kind: str, payload: Json) -> Json:
        """Append an event; timestamps within a task strictly increase."""
        last: int = self.events[-1]["timestamp"] if self.events else 0
        timestamp = max(now_ms, last + 1)
        event: Json = {
            "id": digest_id(f"{self.id}:{len(self.events)}"),
            "type": kind,
            "timestamp": timestamp,
            kind: payload,
        }
        self.events.append(event)
        self.updated_at = timestamp // 1000
        return event

    def described(self) -> Json:
        """The task as task.detail and task.list show it."""
        shown: Json = {
            "id": self.id,
            "status": self.status,
            "created_at": self.created_at,
            "updated_at": self.updated_at,
            "task_type": "project" if self.project_id else "standard",
            "share_visibility": self.share_visibility,
            "title": self.title,
            "task_url": self.url,
            "agent_profile": "manus-1.6",
            "has_running_background_jobs": self.background,
        }
        if self.credit_usage:
            shown["credit_usage"] = self.credit_usage
        return shown


class ProjectRecord(msgspec.Struct, kw_only=True):
    id: str
    name: str
    created_at: int
    instruction: str = ""


class FileRecord(msgspec.Struct, kw_only=True):
    """One file; `token` is what its address carries."""

    id: str
    filename: str
    token: str
    created_at: int
    upload_expires_at: int
    status: str = "pending"
    bytes: int | None = None
    content_type: str = "application/octet-stream"
    expires_at: int | None = None
    error_message: str | None = None


class WebhookRecord(msgspec.Struct, kw_only=True):
    id: str
    url: str
    created_at: int
    status: str = "active"


class UsageEntry(msgspec.Struct, kw_only=True):
    """One line of the ledger: costs of a task share a line that grows; a refund or a grant has its own."""

    task_id: str
    title: str
    credits: int
    created_at: int
    type: str = "cost"


class Account(msgspec.Struct, kw_only=True):
    """Everything the keys of one account see."""

    name: str
    credits: int
    tasks: dict[str, TaskRecord] = {}
    projects: dict[str, ProjectRecord] = {}
    files: dict[str, FileRecord] = {}
    webhooks: dict[str, WebhookRecord] = {}
    usage: list[UsageEntry] = []

    def book(self, entry: UsageEntry) -> None:
        """Put a line last; the costs of a task take the place of what they were."""
        if entry.type == "cost":
            self.usage = [one for one in self.usage if (one.task_id, one.type) != (entry.task_id, "cost")]
        self.usage.append(entry)

    @property
    def stored_bytes(self) -> int:
        return sum(file.bytes or 0 for file in self.files.values() if file.status == "uploaded")
