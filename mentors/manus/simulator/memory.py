"""The accounts of the simulator, and how they come back from the journal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from threading import RLock
from typing import Any

import msgspec

from mentors.manus.simulator.journal import Journal
from mentors.manus.simulator.records import (
    Account,
    FileRecord,
    Json,
    ProjectRecord,
    TaskRecord,
    UsageEntry,
    WebhookRecord,
)


class Memory:
    """All accounts; whoever reads or changes them holds `lock`, and notes changes, for the journal."""

    def __init__(self, names: Iterable[str], credits_each: int, journal: Journal | None) -> None:
        self.lock = RLock()
        self._journal = journal
        self.accounts = {name: Account(name=name, credits=credits_each) for name in names}
        if journal is not None:
            for entry in journal.read():
                self._restore(entry)
            journal.replace(self._everything())

    def close(self) -> None:
        if self._journal is not None:
            self._journal.close()

    def note_task(self, account: Account, task: TaskRecord, *events: Json) -> None:
        """Note what is new: the task as it stands and the given events, in one piece."""
        told = ({"op": "event", "account": account.name, "task_id": task.id, "event": one} for one in events)
        self._note(_task_entry(account, task), *told)

    def note_project(self, account: Account, project: ProjectRecord) -> None:
        self._note({"op": "project", "account": account.name, "project": msgspec.to_builtins(project)})

    def note_file(self, account: Account, file: FileRecord) -> None:
        self._note({"op": "file", "account": account.name, "file": msgspec.to_builtins(file)})

    def note_webhook(self, account: Account, webhook: WebhookRecord) -> None:
        self._note({"op": "webhook", "account": account.name, "webhook": msgspec.to_builtins(webhook)})

    def note_usage(self, account: Account, entry: UsageEntry) -> None:
        self._note(
            {"op": "usage", "account": account.name, "usage": msgspec.to_builtins(entry)},
            {"op": "credits", "account": account.name, "credits": account.credits},
        )

    def note_credits(self, account: Account) -> None:
        self._note({"op": "credits", "account": account.name, "credits": account.credits})

    def note_forgotten(self, account: Account, kind: str, identity: str) -> None:
        self._note({"op": "forget", "account": account.name, "kind": kind, "id": identity})

    def _note(self, *entries: Json) -> None:
        if self._journal is not None:
            self._journal.append(entries)

    def _restore(self, entry: Json) -> None:
        """Take one entry in; entries of other accounts, and those that make no sense, are passed over."""
        account = self.accounts.get(entry.get("account", ""))
        if account is None:
            return
        try:
            _restore_into(account, entry)
        except (KeyError, msgspec.ValidationError):
            return

    def _everything(self) -> Iterator[Json]:
        for account in self.accounts.values():
            yield {"op": "credits", "account": account.name, "credits": account.credits}
            for task in account.tasks.values():
                yield _task_entry(account, task)
                for event in task.events:
                    yield {"op": "event", "account": account.name, "task_id": task.id, "event": event}
            for project in account.projects.values():
                yield {"op": "project", "account": account.name, "project": msgspec.to_builtins(project)}
            for file in account.files.values():
                yield {"op": "file", "account": account.name, "file": msgspec.to_builtins(file)}
            for webhook in account.webhooks.values():
                yield {"op": "webhook", "account": account.name, "webhook": msgspec.to_builtins(webhook)}
            for usage in account.usage:
                yield {"op": "usage", "account": account.name, "usage": msgspec.to_builtins(usage)}


def _task_entry(account: Account, task: TaskRecord) -> Json:
    fields = msgspec.to_builtins(task)
    del fields["events"]
    return {"op": "task", "account": account.name, "task": fields}


def _restore_into(account: Account, entry: Json) -> None:
    operation = entry["op"]
    if operation == "task":
        task = msgspec.convert(entry["task"], type=TaskRecord)
        known = account.tasks.get(task.id)
        task.events = known.events if known else task.events
        account.tasks[task.id] = task
    elif operation == "event":
        account.tasks[entry["task_id"]].events.append(msgspec.convert(entry["event"], type=Json))
    elif operation == "project":
        project = msgspec.convert(entry["project"], type=ProjectRecord)
        account.projects[project.id] = project
    elif operation == "file":
        file = msgspec.convert(entry["file"], type=FileRecord)
        account.files[file.id] = file
    elif operation == "webhook":
        webhook = msgspec.convert(entry["webhook"], type=WebhookRecord)
        account.webhooks[webhook.id] = webhook
    elif operation == "usage":
        account.book(msgspec.convert(entry["usage"], type=UsageEntry))
    elif operation == "credits":
        account.credits = msgspec.convert(entry["credits"], type=int)
    elif operation == "forget":
        kept: dict[str, dict[str, Any]] = {
            "task": account.tasks,
            "webhook": account.webhooks,
            "project": account.projects,
        }
        kept[entry["kind"]].pop(entry["id"], None)
