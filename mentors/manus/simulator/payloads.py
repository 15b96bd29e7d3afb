"""What events and webhooks say, as documented."""

from __future__ import annotations

from collections.abc import Sequence

from mentors.manus.simulator.files import Files
from mentors.manus.simulator.records import FileRecord, Json, TaskRecord


def status_update(status: str, detail: Json | None = None) -> Json:
    payload: Json = {"agent_status": status, "brief": status, "description": ""}
    return payload if detail is None else {**payload, "status_detail": detail}


def plan(title: str, *, done: bool) -> Json:
    """The plan as it is told to whoever reads with verbose=true."""
    steps = ["Read the briefing and what was said", title]
    states = ["done", "done"] if done else ["done", "doing"]
    shown = [{"title": step, "status": state} for step, state in zip(steps, states, strict=True)]
    return {"steps": shown}


def attachment(files: Files, file: FileRecord) -> Json:
    """A file as an event shows it."""
    kind = "image" if file.content_type.startswith("image/") else "file"
    return {
        "type": kind,
        "filename": file.filename,
        "url": files.address_of(file),
        "content_type": file.content_type,
    }


def task_created(task: TaskRecord) -> Json:
    return {
        "event_id": f"task_created_{task.id}",
        "event_type": "task_created",
        "task_detail": {"task_id": task.id, "task_title": task.title, "task_url": task.url},
    }


def task_stopped(
    task: TaskRecord,
    text: str,
    reason: str,
    attached: Sequence[tuple[FileRecord, str]] = (),
    structured: Json | None = None,
) -> Json:
    """A turn's end; `attached` are files with their addresses."""
    detail: Json = {
        "task_id": task.id,
        "task_title": task.title,
        "task_url": task.url,
        "message": text,
        "attachments": [
            {"file_name": file.filename, "url": url, "size_bytes": file.bytes or 0} for file, url in attached
        ],
        "stop_reason": reason,
    }
    if structured is not None:
        detail["structured_output"] = structured
    return {
        "event_id": f"task_stopped_{task.id}_{task.updated_at}",
        "event_type": "task_stopped",
        "task_detail": detail,
    }
