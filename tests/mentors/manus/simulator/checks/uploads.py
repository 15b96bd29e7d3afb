"""Scripts that spoil files."""

from __future__ import annotations

from typing import Any

import pytest
import requests

from tests.mentors.manus.inbox import Inbox
from tests.mentors.manus.simulator.checks.registry import shows
from tests.mentors.manus.simulator.wire import Wire


def announced(wire: Wire, filename: str = "cv.pdf") -> dict[str, Any]:
    answer: dict[str, Any] = wire.post("file.upload", {"filename": filename}).json()
    return answer


def put(upload: dict[str, Any], body: bytes = b"%PDF-1.7") -> requests.Response:
    return requests.put(upload["upload_url"], data=body, timeout=20)


def status(wire: Wire, upload: dict[str, Any]) -> str:
    found: str = wire.get("file.detail", file_id=upload["file"]["id"]).json()["file"]["status"]
    return found


@shows("attachment")
def brings_a_file_along(wire: Wire, inbox: Inbox) -> None:
    task_id = wire.replied()
    (attached,) = wire.of_type(task_id, "assistant_message")[0]["attachments"]
    body = requests.get(attached["url"], timeout=20)
    assert body.status_code == 200
    assert body.headers["Content-Type"] == attached["content_type"] == "text/markdown"
    told = inbox.of_type("task_stopped")[0].fields["task_detail"]["attachments"]
    assert told == [{"file_name": "next-step.md", "url": attached["url"], "size_bytes": len(body.content)}]
    wire.pass_time(48 * 3600)
    assert requests.get(attached["url"], timeout=20).status_code == 404


@shows("upload-expired")
def gives_an_address_that_is_dead_already(wire: Wire, _: Inbox) -> None:
    upload = announced(wire)
    assert put(upload).status_code == 403
    assert status(wire, upload) == "error"
    assert put(announced(wire)).status_code == 200


@shows("upload-cut")
def takes_the_bytes_and_breaks_off(wire: Wire, _: Inbox) -> None:
    upload = announced(wire)
    with pytest.raises(requests.ConnectionError):
        put(upload)
    assert status(wire, upload) == "uploaded"


@shows("upload-refused")
def is_too_busy_twice(wire: Wire, _: Inbox) -> None:
    upload = announced(wire)
    assert [put(upload).status_code for _try in range(3)] == [503, 503, 200]
    assert status(wire, upload) == "uploaded"


@shows("file-spoilt")
def can_make_nothing_of_the_bytes(wire: Wire, _: Inbox) -> None:
    upload = announced(wire)
    assert put(upload).status_code == 200
    assert status(wire, upload) == "error"
    part = {"type": "file", "file_id": upload["file"]["id"]}
    assert wire.post("task.create", {"message": {"content": [part]}}).status_code == 412
