"""What the simulator remembers: tasks with their events, projects, webhooks, the credit ledger."""

from __future__ import annotations

from typing import Any

import msgspec

from mentors.manus.simulator.ids import digest_id

VERBOSE_TYPES = frozenset({"tool_used", "plan_update", "new_plan_step", "explanation"})

Json = dict[str, Any]


class TaskRecord(msgspec.Struct, kw_only=True):
    """One task; `run` counts turns begun, `spoken` holds what the person said in the turns behind us."""

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
    first_parts: list[str] = []
    spoken: list[str] = []
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
        }
        if self.credit_usage:
            shown["credit_usage"] = self.credit_usage
        return shown


class ProjectRecord(msgspec.Struct, kw_only=True):
    id: str
    name: str
    created_at: int
    instruction: str = ""


class WebhookRecord(msgspec.Struct, kw_only=True):
    id: str
    url: str
    created_at: int
    status: str = "active"


class UsageEntry(msgspec.Struct, kw_only=True):
    task_id: str
    title: str
    credits: int
    created_at: int
    type: str = "cost"


class Account(msgspec.Struct, kw_only=True):
    """Everything one API key sees."""

    name: str
    credits: int
    tasks: dict[str, TaskRecord] = {}
    projects: dict[str, ProjectRecord] = {}
    webhooks: dict[str, WebhookRecord] = {}
    usage: list[UsageEntry] = []
