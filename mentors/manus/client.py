"""The Manus API v2 client: one method per call the product makes."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import msgspec
import requests

from mentors.manus import wire
from mentors.manus.calls import Caller
from mentors.manus.conversation import in_order
from mentors.manus.transport import Limits, RawAnswer, Transport

Content = str | Sequence[Mapping[str, str]]

# webhook.create answers only after Manus has tried the URL, which may take ten seconds.
WEBHOOK_CREATE_SECONDS = 15.0


@dataclass(frozen=True, slots=True)
class NewEvents:
    """Events of a task newer than a boundary, oldest first; not `complete` if the page bound cut it short."""

    events: tuple[wire.TaskEvent, ...]
    simulated: bool
    complete: bool


class ManusClient:
    """Calls Manus (or its simulator) with one API key; safe to share between threads.

    Guarantees of every method: success means HTTP 2xx and `ok: true`; anything else raises a ManusError;
    reads are tried at most three times, writes are sent exactly once; TLS is verified, redirects are
    refused; one log line per attempt without key or content. `simulated` of a result says that our simulator
    gave it.
    """

    def __init__(
        self,
        base_url: str,
        api_key: str,
        *,
        connect_timeout: float,
        read_timeout: float,
        total_timeout: float | None = None,
        session: requests.Session | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """Raises ValueError for a base URL that is neither https nor loopback, and for an unusable key."""
        limits = Limits(
            connect=connect_timeout,
            read=read_timeout,
            total=connect_timeout + 2 * read_timeout if total_timeout is None else total_timeout,
        )
        self._calls = Caller(Transport(base_url, api_key, session), limits, sleep)

    # Tasks

    def create_task(
        self,
        content: Content,
        *,
        title: str | None = None,
        project_id: str | None = None,
        locale: str | None = None,
        interactive_mode: bool = False,
        hide_in_task_list: bool = True,
        agent_profile: str | None = None,
        structured_output_schema: Mapping[str, Any] | None = None,
    ) -> wire.TaskCreated:
        """Start a conversation. After an `ambiguous` error the task may exist: look for it by title first."""
        body = {
            "message": {"content": content},
            "title": title,
            "project_id": project_id,
            "locale": locale,
            "interactive_mode": interactive_mode,
            "hide_in_task_list": hide_in_task_list,
            "agent_profile": agent_profile,
            "structured_output_schema": structured_output_schema,
        }
        return self._calls.write("task.create", body, wire.TaskCreated)

    def send_message(
        self,
        task_id: str,
        content: Content,
        *,
        structured_output_schema: Mapping[str, Any] | None = None,
    ) -> wire.MessageSent:
        """Send the next user turn; an `ambiguous` error is reconciled by reading the task's events."""
        body = {
            "task_id": task_id,
            "message": {"content": content},
            "structured_output_schema": structured_output_schema,
        }
        return self._calls.write("task.sendMessage", body, wire.MessageSent)

    def list_messages(
        self,
        task_id: str,
        *,
        cursor: str | None = None,
        limit: int = 50,
        order: str = "desc",
        verbose: bool = False,
    ) -> wire.MessagesPage:
        """One page of a task's events."""
        query = {"task_id": task_id, "cursor": cursor, "limit": limit, "order": order, "verbose": verbose}
        return self._calls.read("task.listMessages", query, wire.MessagesPage)

    def events_after(
        self, task_id: str, boundary: str | None = None, *, page_size: int = 100, max_pages: int = 20
    ) -> NewEvents:
        """All events newer than the event `boundary` (None: all), read newest first until it is met."""
        found: list[wire.TaskEvent] = []
        cursor: str | None = None
        simulated = True
        for _ in range(max_pages):
            page = self.list_messages(task_id, cursor=cursor, limit=page_size)
            simulated = simulated and page.simulated
            newer, met = _newer_than(page.messages, boundary)
            found += newer
            cursor = page.next_cursor
            if met or not page.has_more or not cursor:
                return NewEvents(tuple(in_order(found)), simulated, complete=True)
        return NewEvents(tuple(in_order(found)), simulated, complete=False)

    def task_detail(self, task_id: str) -> wire.TaskAnswer:
        """Status and metadata of a task."""
        return self._calls.read("task.detail", {"task_id": task_id}, wire.TaskAnswer)

    def list_tasks(self, *, cursor: str | None = None, limit: int = 20, project_id: str | None = None) -> wire.TaskPage:
        """One page of tasks, newest first; of one project if given."""
        query = {
            "cursor": cursor,
            "limit": limit,
            "project_id": project_id,
            "scope": "project" if project_id else None,
        }
        return self._calls.read("task.list", query, wire.TaskPage)

    def stop_task(self, task_id: str) -> wire.Envelope:
        """Stop a running task."""
        return self._calls.write("task.stop", {"task_id": task_id}, wire.Envelope)

    def delete_task(self, task_id: str) -> wire.Deleted:
        """Delete a task for good; stop it first."""
        return self._calls.write("task.delete", {"task_id": task_id}, wire.Deleted)

    def confirm_action(self, task_id: str, event_id: str, answer: Mapping[str, Any] | None = None) -> wire.Confirmed:
        """Answer what a waiting task asks for, unless it asks by message."""
        body = {"task_id": task_id, "event_id": event_id, "input": answer}
        return self._calls.write("task.confirmAction", body, wire.Confirmed)

    # Projects, webhooks, credits

    def create_project(self, name: str, instruction: str | None = None) -> wire.ProjectAnswer:
        """Create a project whose instruction leads each of its tasks."""
        return self._calls.write("project.create", {"name": name, "instruction": instruction}, wire.ProjectAnswer)

    def list_projects(self) -> wire.ProjectList:
        """All projects of the account."""
        return self._calls.read("project.list", {}, wire.ProjectList)

    def create_webhook(self, url: str) -> wire.WebhookAnswer:
        """Register a callback; Manus tries it before it answers."""
        usual = self._calls.limits
        limits = replace(
            usual,
            read=max(usual.read, WEBHOOK_CREATE_SECONDS),
            total=max(usual.total, WEBHOOK_CREATE_SECONDS),
        )
        return self._calls.write("webhook.create", {"url": url}, wire.WebhookAnswer, limits)

    def list_webhooks(self) -> wire.WebhookList:
        """All callbacks of the account."""
        return self._calls.read("webhook.list", {}, wire.WebhookList)

    def delete_webhook(self, webhook_id: str) -> wire.Envelope:
        """Remove a callback."""
        return self._calls.write("webhook.delete", {"webhook_id": webhook_id}, wire.Envelope)

    def webhook_public_key(self) -> wire.PublicKey:
        """The key that webhook signatures are checked with."""
        return self._calls.read("webhook.publicKey", {}, wire.PublicKey)

    def available_credits(self) -> wire.CreditsAnswer:
        """What the account can spend; read from `data`, or from the top level (reported of the live API)."""
        answer = self._calls.read_raw("usage.availableCredits", {})
        return self._calls.decoded("usage.availableCredits", _credits_under_data(answer), wire.CreditsAnswer)

    def list_usage(self, *, cursor: str | None = None, limit: int = 20) -> wire.UsagePage:
        """One page of the credit ledger, newest first."""
        return self._calls.read("usage.list", {"cursor": cursor, "limit": limit}, wire.UsagePage)


def _newer_than(page: Sequence[wire.TaskEvent], boundary: str | None) -> tuple[list[wire.TaskEvent], bool]:
    """Events of a newest-first page that are newer than the boundary, and whether the page held it."""
    place = next((index for index, event in enumerate(page) if event.id == boundary), None)
    if place is None:
        return list(page), False
    # The order of a page is not guaranteed: what lies behind the boundary counts if it is later all the same.
    late = [event for event in page[place + 1 :] if event.timestamp > page[place].timestamp]
    return [*page[:place], *late], True


def _credits_under_data(answer: RawAnswer) -> RawAnswer:
    fields = msgspec.json.decode(answer.body, type=dict[str, msgspec.Raw])
    if "data" in fields:
        return answer
    wrapped = {"ok": True, "request_id": fields.get("request_id"), "data": fields}
    return replace(answer, body=msgspec.json.encode(wrapped))
