"""The endpoints: each takes an account and checked arguments, and gives the fields of a successful answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import msgspec

from mentors.manus.simulator.clock import Clock
from mentors.manus.simulator.files import Files
from mentors.manus.simulator.ids import IdSource
from mentors.manus.simulator.ledger import Ledger
from mentors.manus.simulator.memory import Memory
from mentors.manus.simulator.paging import page_of
from mentors.manus.simulator.records import (
    VERBOSE_TYPES,
    Account,
    Json,
    ProjectRecord,
    TaskRecord,
    WebhookRecord,
)
from mentors.manus.simulator.refusals import Refusal
from mentors.manus.simulator.signing import SigningKey
from mentors.manus.simulator.tasks import Tasks
from mentors.manus.simulator.webhooks import Courier, acceptable_url

LONGEST_NAME = 2_000


@dataclass(frozen=True, slots=True)
class World:
    """What the endpoints work on."""

    memory: Memory
    tasks: Tasks
    files: Files
    ledger: Ledger
    courier: Courier
    signing_key: SigningKey
    ids: IdSource
    clock: Clock


Route = Callable[[World, Account, Json], Json]


def create_task(world: World, account: Account, body: Json) -> Json:
    task = world.tasks.create(account, body)
    answer: Json = {
        "task_id": task.id,
        "task_title": task.title,
        "task_url": task.url,
        "share_visibility": task.share_visibility,
    }
    if task.share_visibility != "private":
        answer["share_url"] = _share_url(task)
    return answer


def send_message(world: World, account: Account, body: Json) -> Json:
    world.tasks.send(account, body)
    return {"task_id": body["task_id"]}


def list_messages(world: World, account: Account, query: Json) -> Json:
    with world.memory.lock:
        task = world.tasks.find_visible(account, query["task_id"])
        shown = [event for event in task.events if query["verbose"] or event["type"] not in VERBOSE_TYPES]
    if query["order"] == "desc":
        shown.reverse()
    if "start_event_id" in query:
        start = next((index for index, event in enumerate(shown) if event["id"] == query["start_event_id"]), 0)
        shown = shown[start:]
    page, following = page_of(
        shown, key=lambda event: str(event["id"]), limit=query["limit"], cursor=query.get("cursor")
    )
    return {"task_id": query["task_id"], "messages": page, **following}


def task_detail(world: World, account: Account, query: Json) -> Json:
    with world.memory.lock:
        return {"task": world.tasks.find_visible(account, query["task_id"]).described()}


def list_tasks(world: World, account: Account, query: Json) -> Json:
    with world.memory.lock:
        chosen = [task for task in account.tasks.values() if _in_scope(task, query)]
        if query["order"] == "desc":
            chosen.reverse()
        page, following = page_of(chosen, key=lambda task: task.id, limit=query["limit"], cursor=query.get("cursor"))
        return {"data": [task.described() for task in page], **following}


def update_task(world: World, account: Account, body: Json) -> Json:
    task = world.tasks.update(account, body)
    answer: Json = {
        "task_id": task.id,
        "task_title": task.title,
        "task_url": task.url,
        "share_visibility": task.share_visibility,
    }
    return answer if task.share_visibility == "private" else {**answer, "share_url": _share_url(task)}


def stop_task(world: World, account: Account, body: Json) -> Json:
    world.tasks.stop(account, body["task_id"])
    return {}


def delete_task(world: World, account: Account, body: Json) -> Json:
    world.tasks.delete(account, body["task_id"])
    return {"id": body["task_id"], "deleted": True}


def confirm_action(world: World, account: Account, body: Json) -> Json:
    world.tasks.confirm(account, body)
    return {"task_id": body["task_id"], "confirmed": True}


def create_project(world: World, account: Account, body: Json) -> Json:
    if not body["name"].strip() or len(body["name"]) > LONGEST_NAME:
        raise Refusal("invalid_argument", "a project needs a name of sensible length")
    with world.memory.lock:
        project = ProjectRecord(
            id=world.ids.fresh(account.projects),
            name=body["name"],
            created_at=int(world.clock.now()),
            instruction=body.get("instruction", ""),
        )
        account.projects[project.id] = project
        world.memory.note_project(account, project)
    return {"project": msgspec.to_builtins(project)}


def list_projects(world: World, account: Account, _query: Json) -> Json:
    with world.memory.lock:
        return {"data": [msgspec.to_builtins(project) for project in account.projects.values()]}


def announce_file(world: World, account: Account, body: Json) -> Json:
    """Make the record; the bytes go to `upload_url`, within three minutes and without the key."""
    file = world.files.announce(account, body["filename"])
    return {
        "file": {"id": file.id, "filename": file.filename, "status": file.status, "created_at": file.created_at},
        "upload_url": world.files.address_of(file),
        "upload_expires_at": file.upload_expires_at,
    }


def file_detail(world: World, account: Account, query: Json) -> Json:
    with world.memory.lock:
        return {"file": world.files.described(world.files.find(account, query["file_id"]))}


def delete_file(world: World, account: Account, body: Json) -> Json:
    world.files.delete(account, body["file_id"])
    return {}


def create_webhook(world: World, account: Account, body: Json) -> Json:
    """Tries the URL first, outside the lock: the receiver may well call back meanwhile."""
    url = body["url"]
    if not acceptable_url(url):
        raise Refusal("invalid_argument", "the URL must be https, or http on this machine")
    identity = world.ids.fresh(account.webhooks)
    test = {"event_id": f"webhook_test_{identity}", "event_type": "webhook_test"}
    if not world.courier.answers(url, test):
        raise Refusal("invalid_argument", "the test request was not answered with 200 within 10 seconds")
    with world.memory.lock:
        webhook = WebhookRecord(id=identity, url=url, created_at=int(world.clock.now()))
        account.webhooks[identity] = webhook
        world.memory.note_webhook(account, webhook)
    return {"webhook": msgspec.to_builtins(webhook)}


def list_webhooks(world: World, account: Account, _query: Json) -> Json:
    with world.memory.lock:
        return {"data": [msgspec.to_builtins(webhook) for webhook in account.webhooks.values()]}


def delete_webhook(world: World, account: Account, body: Json) -> Json:
    with world.memory.lock:
        if account.webhooks.pop(body["webhook_id"], None) is None:
            raise Refusal("not_found", "no such webhook")
        world.memory.note_forgotten(account, "webhook", body["webhook_id"])
    return {}


def webhook_public_key(world: World, _account: Account, _query: Json) -> Json:
    return {"public_key": world.signing_key.public_pem(), "algorithm": "RSA-SHA256"}


def list_usage(world: World, account: Account, query: Json) -> Json:
    with world.memory.lock:
        numbered = list(enumerate(account.usage))[::-1]
    page, following = page_of(
        numbered, key=lambda entry: str(entry[0]), limit=query["limit"], cursor=query.get("cursor")
    )
    return {"data": [msgspec.to_builtins(entry) for _, entry in page], **following}


def available_credits(world: World, account: Account, _query: Json) -> Json:
    with world.memory.lock:
        left = max(0, account.credits)
    return {
        "data": {
            "total_credits": left,
            "free_credits": left,
            "periodic_credits": 0,
            "addon_credits": 0,
            "pro_monthly_credits": 0,
            "event_credits": 0,
            "refresh_credits": 0,
            "max_refresh_credits": 0,
            "next_refresh_time": 0,
            "refresh_interval": "",
        }
    }


ROUTES: dict[str, Route] = {
    "task.create": create_task,
    "task.sendMessage": send_message,
    "task.listMessages": list_messages,
    "task.detail": task_detail,
    "task.list": list_tasks,
    "task.update": update_task,
    "task.stop": stop_task,
    "task.delete": delete_task,
    "task.confirmAction": confirm_action,
    "project.create": create_project,
    "project.list": list_projects,
    "file.upload": announce_file,
    "file.detail": file_detail,
    "file.delete": delete_file,
    "webhook.create": create_webhook,
    "webhook.list": list_webhooks,
    "webhook.delete": delete_webhook,
    "webhook.publicKey": webhook_public_key,
    "usage.list": list_usage,
    "usage.availableCredits": available_credits,
}


def _in_scope(task: TaskRecord, query: Json) -> bool:
    scope = query["scope"]
    if scope == "project":
        if "project_id" not in query:
            raise Refusal("invalid_argument", "scope=project needs project_id")
        return bool(task.project_id == query["project_id"])
    if scope == "agent_subtask":
        raise Refusal("invalid_argument", "there are no agents in the simulator")
    return scope == "all" or task.project_id is None


def _share_url(task: TaskRecord) -> str:
    return f"https://manus.im/share/{task.id}"
