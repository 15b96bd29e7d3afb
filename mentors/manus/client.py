"""The Manus API v2 client: one method per call the product makes."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mentors.manus import errors, outgoing, wire
from mentors.manus.account_calls import AccountCalls
from mentors.manus.caching import Cache, Finished, FinishedTasks, NoCache, note_look
from mentors.manus.calls import Caller, Guard, Meter
from mentors.manus.conversation import in_order
from mentors.manus.outgoing import Content
from mentors.manus.transport import Limits, Transport

# How long after its create a task may be unknown to the other calls.
VISIBLE_SECONDS = 90.0
# Clocks that tell when a task was created differ by less than this.
CLOCK_SECONDS = 300.0


@dataclass(frozen=True, slots=True)
class NewEvents:
    """Events of a task newer than a boundary, oldest first; not `complete` if the page bound cut it short."""

    events: tuple[wire.TaskEvent, ...]
    simulated: bool
    complete: bool


class ManusClient(AccountCalls):
    """Calls Manus (or its simulator) with the key of one account; safe to share between threads.

    Guarantees of every method: success means HTTP 2xx and `ok: true`; anything else raises a ManusError;
    reads are tried at most three times, writes are sent exactly once; TLS is verified, redirects are
    refused; one log line per attempt without key or content. `simulated` of a result says that our simulator
    gave it. Each attempt passes the `breaker` and then the `gate`, which may refuse it (CircuitOpen, Throttled)
    before anything is sent. Answers come from the `cache` only where a method says so.
    """

    def __init__(
        self,
        base_url: str,
        api_key: str,
        *,
        connect_timeout: float,
        read_timeout: float,
        total_timeout: float | None = None,
        account: str = "default",
        gate: Guard | None = None,
        breaker: Guard | None = None,
        cache: Cache | None = None,
        meter: Meter | None = None,
        sleep: Callable[[float], None] = time.sleep,
        wall: Callable[[], float] = time.time,
    ) -> None:
        """Raises ValueError for a base URL that is neither https nor loopback, and for an unusable key."""
        limits = Limits(
            connect=connect_timeout,
            read=read_timeout,
            total=connect_timeout + 2 * read_timeout if total_timeout is None else total_timeout,
        )
        guards = tuple(guard for guard in (breaker, gate) if guard is not None)
        calls = Caller(Transport(base_url, api_key), limits, account, guards, meter, sleep)
        super().__init__(calls, cache or NoCache(), wall)
        self._finished = FinishedTasks()

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
        """Start a conversation. After an `ambiguous` error the task may exist: `find_tasks` before another try."""
        ask = outgoing.CreateTask(
            message=outgoing.Message(content=content),
            title=title,
            project_id=project_id,
            locale=locale,
            interactive_mode=interactive_mode,
            hide_in_task_list=hide_in_task_list,
            agent_profile=agent_profile,
            structured_output_schema=structured_output_schema,
        )
        return self._calls.write("task.create", ask, wire.TaskCreated)

    def find_tasks(
        self, titles: Collection[str], *, since: float | None = None, max_pages: int = 5
    ) -> dict[str, wire.Task]:
        """The newest task of each of these titles, where there is one: how a create is reconciled.

        Looks at the newest tasks first, and no further than those created before `since` (Unix seconds). A task
        that is not found VISIBLE_SECONDS after its create does not exist; before that it may be on its way.
        """
        found: dict[str, wire.Task] = {}
        cursor: str | None = None
        for _ in range(max_pages):
            page = self.list_tasks(cursor=cursor, limit=100)
            for task in page.data:
                if task.title is not None and task.title in titles:
                    found.setdefault(task.title, task)
            cursor = page.next_cursor
            if len(found) == len(set(titles)) or not page.has_more or not cursor or _all_before(page, since):
                break
        return found

    def send_message(
        self,
        task_id: str,
        content: Content,
        *,
        structured_output_schema: Mapping[str, Any] | None = None,
    ) -> wire.MessageSent:
        """Send the next user turn; an `ambiguous` error is reconciled by reading the task's events."""
        ask = outgoing.SendMessage(
            task_id=task_id,
            message=outgoing.Message(content=content),
            structured_output_schema=structured_output_schema,
        )
        self._finished.forget(task_id)
        return self._calls.write("task.sendMessage", ask, wire.MessageSent)

    def list_messages(
        self,
        task_id: str,
        *,
        cursor: str | None = None,
        limit: int = 50,
        order: str = "desc",
        verbose: bool = False,
        created_at: float | None = None,
    ) -> wire.MessagesPage:
        """One page of a task's events.

        With `created_at` (Unix seconds) a task that Manus does not know raises NotVisibleYet instead of NotFound
        for the first VISIBLE_SECONDS: new tasks take that long to show.
        """
        ask = outgoing.ListMessages(task_id=task_id, cursor=cursor, limit=limit, order=order, verbose=verbose)
        try:
            return self._calls.read("task.listMessages", ask, wire.MessagesPage)
        except errors.NotFound as error:
            if created_at is None or self._wall() - created_at > VISIBLE_SECONDS:
                raise
            status, request = error.http_status, error.request_id
        raise errors.NotVisibleYet(endpoint="task.listMessages", http_status=status, request_id=request)

    def events_after(
        self,
        task_id: str,
        boundary: str | None = None,
        *,
        page_size: int = 100,
        max_pages: int = 20,
        created_at: float | None = None,
    ) -> NewEvents:
        """All events newer than the event `boundary` (None: all), read newest first until it is met.

        `created_at` as for `list_messages`.
        """
        found: list[wire.TaskEvent] = []
        cursor: str | None = None
        simulated = True
        for _ in range(max_pages):
            page = self.list_messages(task_id, cursor=cursor, limit=page_size, created_at=created_at)
            simulated = simulated and page.simulated
            newer, met = _newer_than(page.messages, boundary)
            found += newer
            cursor = page.next_cursor
            if met or not page.has_more or not cursor:
                return NewEvents(tuple(in_order(found)), simulated, complete=True)
        return NewEvents(tuple(in_order(found)), simulated, complete=False)

    def history(self, task_id: str) -> NewEvents:
        """All events of a task. Once it has stopped they are kept in this process while nothing new happens.

        One small read tells whether anything did. Threads that ask for the same task at once share the reading.
        """
        page = self.list_messages(task_id, limit=1)
        newest = page.messages[0].id if page.messages else ""
        kept = self._finished.get(task_id, newest)
        note_look("task.listMessages", "hit" if kept else "miss")
        if kept is None:
            patience = self._calls.limits.total
            kept, _ = self._finished.flights.do(
                (task_id, newest), lambda: self._read_history(task_id), patience=patience
            )
        return NewEvents(kept.events, kept.simulated, kept.complete)

    def _read_history(self, task_id: str) -> Finished:
        whole = self.events_after(task_id)
        newest = whole.events[-1].id if whole.events else ""
        history = Finished(newest, whole.events, whole.simulated, whole.complete)
        if _has_stopped(whole):
            self._finished.keep(task_id, history)
        return history

    def task_detail(self, task_id: str) -> wire.TaskAnswer:
        """Status and metadata of a task."""
        return self._calls.read("task.detail", outgoing.TaskId(task_id=task_id), wire.TaskAnswer)

    def list_tasks(self, *, cursor: str | None = None, limit: int = 20, project_id: str | None = None) -> wire.TaskPage:
        """One page of tasks, newest first; of one project if given."""
        scope = "project" if project_id else "all"
        ask = outgoing.ListTasks(cursor=cursor, limit=limit, project_id=project_id, scope=scope)
        return self._calls.read("task.list", ask, wire.TaskPage)

    def update_task(self, task_id: str, *, title: str | None = None, visible: bool | None = None) -> wire.TaskUpdated:
        """Change a task's title, and whether the provider's own app lists it."""
        ask = outgoing.UpdateTask(task_id=task_id, title=title, enable_visible_in_task_list=visible)
        return self._calls.write("task.update", ask, wire.TaskUpdated)

    def stop_task(self, task_id: str) -> wire.Envelope:
        """Stop a running task."""
        return self._calls.write("task.stop", outgoing.TaskId(task_id=task_id), wire.Envelope)

    def delete_task(self, task_id: str) -> wire.Deleted:
        """Delete a task for good; stop it first."""
        self._finished.forget(task_id)
        return self._calls.write("task.delete", outgoing.TaskId(task_id=task_id), wire.Deleted)

    def confirm_action(self, task_id: str, event_id: str, answer: Mapping[str, Any] | None = None) -> wire.Confirmed:
        """Answer what a waiting task asks for, unless it asks by message."""
        ask = outgoing.ConfirmAction(task_id=task_id, event_id=event_id, input=answer)
        return self._calls.write("task.confirmAction", ask, wire.Confirmed)


def _newer_than(page: Sequence[wire.TaskEvent], boundary: str | None) -> tuple[list[wire.TaskEvent], bool]:
    """Events of a newest-first page that are newer than the boundary, and whether the page held it."""
    place = next((index for index, event in enumerate(page) if event.id == boundary), None)
    if place is None:
        return list(page), False
    # The order of a page is not guaranteed: what lies behind the boundary counts if it is later all the same.
    late = [event for event in page[place + 1 :] if event.timestamp > page[place].timestamp]
    return [*page[:place], *late], True


def _has_stopped(whole: NewEvents) -> bool:
    """Whether the newest status is that the task stopped; nothing else ends what may still come."""
    updates = [event.status_update.agent_status for event in whole.events if event.status_update is not None]
    return whole.complete and updates[-1:] == ["stopped"]


def _all_before(page: wire.TaskPage, since: float | None) -> bool:
    """Whether a page holds nothing as new as `since`, so that those behind it hold nothing either."""
    if since is None or not page.data:
        return False
    return all(task.created_at is not None and task.created_at < since - CLOCK_SECONDS for task in page.data)
